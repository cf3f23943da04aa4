import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../src/storage/embedded-postgres.ts'

const module = join(import.meta.dirname, '../../dist/storage/embedded-postgres.js')
const directory = join(tmpdir(), `countersign-embedded-${randomUUID()}`)
const children: ChildProcess[] = []

/** Starts PostgreSQL from a process of its own, as the command does; it lives until it is killed. */
async function startElsewhere(): Promise<{ url: string; adopted: boolean; child: ChildProcess }> {
  const script = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(module)})
    const { url, adopted } = await startEmbeddedPostgres({ directory: ${JSON.stringify(directory)} })
    process.send({ url, adopted })
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  children.push(child)
  let complaint = ''
  child.stderr?.on('data', (text) => {
    complaint += String(text)
  })
  const died = once(child, 'exit').then(() => {
    throw new Error(`it ended before PostgreSQL ran:\n${complaint}`)
  })
  died.catch(() => undefined)
  const [started] = (await Promise.race([once(child, 'message'), died])) as [{ url: string; adopted: boolean }]
  return { ...started, child }
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

async function ask(url: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    return (await client.query('select current_setting($1) as listens', ['listen_addresses'])).rows[0].listens
  } finally {
    await client.end()
  }
}

beforeAll(() => {
  mkdirSync(directory, { mode: 0o755 })
  // What a start leaves that was killed while it made the data, and a lock whose process is gone.
  mkdirSync(join(directory, 'data.dead'))
  writeFileSync(join(directory, 'data.dead', 'PG_VERSION'), '18\n')
})
afterAll(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) await kill(child)
  const last = await startEmbeddedPostgres({ directory })
  await last.stop()
  rmSync(directory, { recursive: true, force: true })
})

describe('the embedded PostgreSQL', () => {
  test('started by two processes at once on an empty directory is one server, that listens on loopback only', async () => {
    const [first, second] = await Promise.all([startElsewhere(), startElsewhere()])
    expect(first.url).toBe(second.url)
    expect([first.adopted, second.adopted].sort()).toEqual([false, true])
    expect(await ask(first.url)).toBe('127.0.0.1')
    expect(existsSync(join(directory, 'data.dead'))).toBe(false)
    await Promise.all([kill(first.child), kill(second.child)])
  })

  test('outlives the SIGKILL of its starter, and is adopted by the next one', async () => {
    const next = await startElsewhere()
    expect(next.adopted).toBe(true)
    await ask(next.url)
    await kill(next.child)
    const here = await startEmbeddedPostgres({ directory })
    expect(here).toMatchObject({ adopted: true, url: next.url })
    await here.stop()
  })

  test('is left running by one who stops while another still uses it, and stopped by the last', async () => {
    const [one, other] = [await startEmbeddedPostgres({ directory }), await startEmbeddedPostgres({ directory })]
    const client = new pg.Client({ connectionString: other.url })
    await client.connect()
    await one.stop()
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await client.end()
    await other.stop()
    await expect(ask(one.url)).rejects.toThrow()
    expect(existsSync(join(directory, 'data', 'postmaster.pid'))).toBe(false)
  })

  test('is never stopped under one who starts while another stops', async () => {
    for (let round = 0; round < 5; round += 1) {
      const first = await startEmbeddedPostgres({ directory })
      const [second] = await Promise.all([startEmbeddedPostgres({ directory }), first.stop()])
      expect(await ask(second.url)).toBe('127.0.0.1')
      await second.stop()
    }
  })

  test('starts anew after a stop, with its data, although a killed start left its lock', async () => {
    writeFileSync(join(directory, 'starting'), String(children[0]?.pid))
    const again = await startEmbeddedPostgres({ directory })
    expect(again.adopted).toBe(false)
    await ask(again.url)
    await again.stop()
  })
})
