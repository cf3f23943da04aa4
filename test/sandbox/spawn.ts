import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { WebConnectorDoors } from './web-connector/doors.ts'

const entry = join(import.meta.dirname, '../../dist/sandbox/main.js')
const startSecondsMax = 240

export interface SandboxOptions {
  world?: 'incident' | 'empty'
  seed?: number
  /** Scales the incident's groups; `counts` sets single groups (see src/sandbox/world/incident-counts.ts). */
  orders?: number
  counts?: Record<string, number>
  /** What the world's "recent" is counted from; an instant. */
  now?: string
  /** Where the journal lives; without one the sandbox forgets everything when it ends. */
  dataDirectory?: string
  /** Fixed ports, so that a sandbox that was killed can come back where its clients look for it. */
  ports?: { creatio: number; quickBooksOnline: number; control: number }
  /** Switches to change as soon as it runs. */
  settings?: Record<string, string | number | boolean>
}

export interface RunningSandbox {
  creatio: string
  quickBooksOnline: string
  control: string
  /** The realm of the QuickBooks Online company. */
  realmId: string
  /** The path of the QuickBooks Desktop company file, as Windows has it. */
  companyFile: string
  pid: number
  /** Ends it in good order. */
  stop(): Promise<void>
  /** SIGKILL: what was answered must be there when it starts again with the same dataDirectory. */
  kill(): Promise<void>
  /** Asks the control port and parses the JSON. A body that is not text is sent as JSON. Throws on a 4xx or 5xx. */
  fetchControl<T = unknown>(
    path: string,
    init?: { method?: string; body?: unknown; timeoutSeconds?: number },
  ): Promise<T>
  /** The Web Connector at the office of the played QuickBooks Desktop. */
  webConnector: WebConnectorDoors
}

/** Spawns the sandbox's process and resolves when it listens. It ends with its parent, whatever happens to that. */
export async function startSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const child = spawn(process.execPath, [entry, ...argumentsOf(options)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const ready = await readinessOf(child)
  const askControl: RunningSandbox['fetchControl'] = (path, init) =>
    fetchControl({ base: ready.control, path, ...init })
  const sandbox: RunningSandbox = {
    ...ready,
    pid: child.pid ?? 0,
    stop: () => end({ child, signal: 'SIGTERM' }),
    kill: () => end({ child, signal: 'SIGKILL' }),
    fetchControl: askControl,
    webConnector: new WebConnectorDoors(askControl),
  }
  if (options.settings) await sandbox.fetchControl('/settings', { method: 'PATCH', body: options.settings })
  return sandbox
}

function argumentsOf({
  world = 'empty',
  seed = 1,
  orders,
  counts,
  now,
  dataDirectory,
  ports,
}: SandboxOptions): string[] {
  const given: Record<string, string | number | undefined> = {
    world,
    seed,
    orders,
    counts: counts && JSON.stringify(counts),
    now,
    data: dataDirectory,
    'creatio-port': ports?.creatio,
    'quickbooks-port': ports?.quickBooksOnline,
    'control-port': ports?.control,
  }
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]))
}

type Ready = Pick<RunningSandbox, 'creatio' | 'quickBooksOnline' | 'control' | 'realmId' | 'companyFile'>

async function readinessOf(child: ChildProcess): Promise<Ready> {
  let complaint = ''
  child.stderr?.on('data', (text) => {
    complaint += String(text)
  })
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the sandbox ended before it was ready:\n${complaint}`)
  })
  const late = AbortSignal.timeout(startSecondsMax * 1000)
  const [{ creatio, quickBooksOnline, control, realmId, companyFile }] = (await Promise.race([
    once(child, 'message', { signal: late }),
    ended,
  ])) as [Ready]
  ended.catch(() => {})
  return { creatio, quickBooksOnline, control, realmId, companyFile }
}

async function end({ child, signal }: { child: ChildProcess; signal: NodeJS.Signals }): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

async function fetchControl<T>({
  base,
  path,
  method = 'GET',
  body,
  timeoutSeconds = 30,
}: {
  base: string
  path: string
  method?: string
  body?: unknown
  timeoutSeconds?: number
}): Promise<T> {
  const init: RequestInit = { method, signal: AbortSignal.timeout(timeoutSeconds * 1000) }
  if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(`${base}${path}`, init)
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
  return JSON.parse(text) as T
}
