import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { defaultCounts } from '../../src/sandbox/world/incident-counts.ts'
import { WebConnectorDoors } from './web-connector/doors.ts'

const entry = join(import.meta.dirname, '../../dist/sandbox/main.js')
const startSecondsMax = 240

/** Counts of an incident's world in which nothing was ordered; a story adds what it is about. */
export const NO_ORDERS: Readonly<Record<string, number>> = Object.fromEntries(
  Object.keys(defaultCounts).map((group) => [group, 0]),
)

export interface SandboxOptions {
  world?: 'incident' | 'empty'
  seed?: number
  /** Scales the incident's groups; `counts` sets single groups (see src/sandbox/world/incident-counts.ts). */
  orders?: number
  counts?: Record<string, number>
  /** What the world's "recent" is counted from; an instant. */
  now?: string
  /** When the incident's old orders begin, which end in January 2026; an instant. */
  since?: string
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
  /** Ends it in good order. */
  stop(): Promise<void>
  /** Asks the control port and parses the JSON. A body that is not text is sent as JSON. Throws on a 4xx or 5xx. */
  fetchControl<T = unknown>(
    path: string,
    init?: { method?: string; body?: unknown; timeoutSeconds?: number },
  ): Promise<T>
  /** The Web Connector at the office of the played QuickBooks Desktop. */
  webConnector: WebConnectorDoors
}

export interface SpawnedSandbox extends RunningSandbox {
  pid: number
  /** SIGKILL: what was answered must be there when it starts again with the same dataDirectory. */
  kill(): Promise<void>
}

/**
 * Opens a sandbox in the process that plays all sandboxes of this run (test/sandbox/host.ts), and resolves when it listens.
 * Which process that is makes no difference to a test; one that kills it, or measures it, spawns its own.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const host = process.env.TEST_SANDBOX_HOST
  if (!host) return spawnSandbox(options)
  const { settings: _, ...played } = { world: 'empty', seed: 1, ...options }
  const at = await fetchJson<Ready>({ base: host, path: '/', method: 'POST', body: played })
  const stop = async () => {
    await fetchJson({ base: host, path: `/?${new URLSearchParams({ control: at.control })}`, method: 'DELETE' })
  }
  return opened({ at, stop, settings: options.settings })
}

/** Spawns a sandbox's own process and resolves when it listens. It ends with its parent, whatever happens to that. */
export async function spawnSandbox(options: SandboxOptions = {}): Promise<SpawnedSandbox> {
  const child = spawn(process.execPath, [entry, ...argumentsOf(options)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const at = await readinessOf(child)
  const stop = () => end({ child, signal: 'SIGTERM' })
  const sandbox = await opened({ at, stop, settings: options.settings })
  return { ...sandbox, pid: child.pid ?? 0, kill: () => end({ child, signal: 'SIGKILL' }) }
}

async function opened(args: {
  at: Ready
  stop: () => Promise<void>
  settings: SandboxOptions['settings']
}): Promise<RunningSandbox> {
  const { at, stop, settings } = args
  const askControl: RunningSandbox['fetchControl'] = (path, init) => fetchJson({ base: at.control, path, ...init })
  if (settings) await askControl('/settings', { method: 'PATCH', body: settings })
  return { ...at, stop, fetchControl: askControl, webConnector: new WebConnectorDoors(askControl) }
}

function argumentsOf({
  world = 'empty',
  seed = 1,
  orders,
  counts,
  now,
  since,
  dataDirectory,
  ports,
}: SandboxOptions): string[] {
  const given: Record<string, string | number | undefined> = {
    world,
    seed,
    orders,
    counts: counts && JSON.stringify(counts),
    now,
    since,
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

async function fetchJson<T>({
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
