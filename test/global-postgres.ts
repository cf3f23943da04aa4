import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const PREFIX = 'countersign-test-'
const STOP_TIMEOUT_SECONDS = 20
/** Linux' files in memory, and how much must be free of it, and of the memory of the tests themselves. */
const MEMORY = '/dev/shm'
const MEMORY_BYTES_MIN = 4 * 1024 ** 3

/** Where the workers of a test run share one PostgreSQL; the first that needs it starts it (test/database.ts). */
export function preparePostgres(): void {
  for (const parent of [tmpdir(), MEMORY].filter((one) => existsSync(one))) {
    for (const name of readdirSync(parent)) {
      const pid = Number(name.startsWith(PREFIX) ? name.slice(PREFIX.length) : Number.NaN)
      // Left by a run that was killed.
      if (Number.isInteger(pid) && !isAlive(pid)) remove(join(parent, name))
    }
  }
  const directory = join(place(), `${PREFIX}${process.pid}`)
  mkdirSync(directory, { mode: 0o755 })
  process.env.TEST_POSTGRES_DIRECTORY = directory
}

/** In memory where there is plenty: a test's database is hundreds of small files, which some disks are slow to make and to forget. */
function place(): string {
  if (freemem() < 2 * MEMORY_BYTES_MIN || !existsSync(MEMORY)) return tmpdir()
  const { bavail, bsize } = statfsSync(MEMORY)
  return bavail * bsize < MEMORY_BYTES_MIN ? tmpdir() : MEMORY
}

/** Stops the PostgreSQL of this test run, if any test needed one, and removes its data. */
export default async function stopPostgres(): Promise<void> {
  const directory = process.env.TEST_POSTGRES_DIRECTORY ?? ''
  remove(directory)
  const deadline = Date.now() + STOP_TIMEOUT_SECONDS * 1000
  while (existsSync(directory) && Date.now() < deadline) {
    await sleep(25)
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Its data is of no use to anyone, so it is not asked to write it down. */
function remove(directory: string): void {
  const pidFile = join(directory, 'data', 'postmaster.pid')
  if (existsSync(pidFile)) {
    const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
    if (isAlive(pid)) process.kill(pid, 'SIGQUIT')
  }
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
