import { fork } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const START_TIMEOUT_SECONDS = 30
/** A sandbox whose process has lost its parent ends within this. */
const ENDING_MS = 200

/** Where the stand-ins of Creatio and QuickBooks are to be reached. */
export interface PlayedSandbox {
  creatio: string
  quickBooksOnline: string
  realmId: string
  /** The path of the QuickBooks Desktop company file, as Windows has it. */
  companyFile: string
  control: string
  stop: () => void
}

/**
 * The sandbox of a data directory: the one that another process of ours plays there already, for two would spoil each
 * other's journal, else one of our own, which ends when this process does.
 */
export async function playSandbox({ directory }: { directory: string }): Promise<PlayedSandbox> {
  return (await playedElsewhere(directory)) ?? startSandbox(directory)
}

async function playedElsewhere(directory: string): Promise<PlayedSandbox | null> {
  try {
    const running = JSON.parse(await readFile(join(directory, 'running.json'), 'utf8')) as Omit<PlayedSandbox, 'stop'>
    await isAlive(running)
    await sleep(ENDING_MS)
    await isAlive(running)
    return { ...running, stop: () => undefined }
  } catch {
    return null
  }
}

async function isAlive({ control }: { control: string }): Promise<void> {
  const { ok } = await fetch(`${control}/health`, { signal: AbortSignal.timeout(1000) })
  if (!ok) throw new Error(`${control} is something else`)
}

function startSandbox(directory: string): Promise<PlayedSandbox> {
  const child = fork(join(import.meta.dirname, '..', 'sandbox', 'main.js'), ['--data', directory], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // In a group of its own: what tells us to end, Ctrl-C for one, must not end it before us.
    detached: true,
  })
  return new Promise((done, failed) => {
    const late = () => failed(new Error('The sandbox did not start in time.'))
    const timer = setTimeout(late, START_TIMEOUT_SECONDS * 1000)
    child.once('exit', (code) => failed(new Error(`The sandbox ended at its start (exit code ${code}).`)))
    child.once('message', (message) => {
      clearTimeout(timer)
      const ready = message as Omit<PlayedSandbox, 'stop'>
      done({ ...ready, stop: () => child.connected && child.disconnect() })
    })
  })
}
