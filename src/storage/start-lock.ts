import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const WAIT_SECONDS = 120

/** One at a time, to start or to stop: the lock is a file with the number of its process, and a process that is gone holds nothing. */
export async function alone<T>(home: string, work: () => Promise<T>): Promise<T> {
  const file = join(home, 'starting')
  const deadline = Date.now() + WAIT_SECONDS * 1000
  while (!(await tookLock(file))) {
    if (Date.now() > deadline) throw new Error(`Another start does not end. If there is none, remove ${file}.`)
    await sleep(25)
  }
  try {
    return await work()
  } finally {
    locksHeld.delete(file)
    await rm(file, { force: true })
  }
}

const locksHeld = new Set<string>()

async function tookLock(file: string): Promise<boolean> {
  if (locksHeld.has(file)) return false
  locksHeld.add(file)
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    locksHeld.delete(file)
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const pid = Number(await readFile(file, 'utf8').catch(() => ''))
  // Our own number was left by an earlier life: what this process itself holds was answered above.
  if (pid === process.pid || (pid > 0 && !isAlive(pid))) await rm(file, { force: true })
  return false
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
