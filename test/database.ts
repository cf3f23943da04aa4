import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Database, openDatabase } from '../src/storage/database.ts'
import { startEmbeddedPostgres } from '../src/storage/embedded-postgres.ts'

const TEMPLATE = 'countersign_template'
const START_TIMEOUT_SECONDS = 90

export interface FreshDatabase {
  database: Database
  url: string
  close(): Promise<void>
}

/** A database of its own, with every migration applied and no rows: a copy, so that it costs little. Closed, it is gone. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const url = await migratedDatabase()
  const opened = await openDatabase({ url })
  const close = async () => {
    await opened.close()
    const name = new URL(url).pathname.slice(1)
    await statement({ url: await postgresUrl(), text: `drop database if exists ${name} with (force)` })
  }
  return { database: opened.database, url, close }
}

/** The same, which nobody has opened yet. */
export async function migratedDatabase(): Promise<string> {
  const server = await postgresUrl()
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await statement({ url: server, text: `create database ${name} template ${TEMPLATE} strategy file_copy` })
  return databaseUrl({ server, name })
}

/** A database of its own without any table. */
export async function emptyDatabase(): Promise<string> {
  const server = await postgresUrl()
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await statement({ url: server, text: `create database ${name}` })
  return databaseUrl({ server, name })
}

/** Figures are measured on a PostgreSQL that vacuums of itself; it does not for tests. */
export async function vacuumAsInService(): Promise<void> {
  const url = await postgresUrl()
  await statement({ url, text: 'alter system set autovacuum = on' })
  await statement({ url, text: 'select pg_reload_conf()' })
}

let known: Promise<string> | undefined

function postgresUrl(): Promise<string> {
  known ??= startedOnce()
  return known
}

/** The first worker that comes starts PostgreSQL and makes the template; the others wait for the address that it leaves. */
async function startedOnce(): Promise<string> {
  const directory = process.env.TEST_POSTGRES_DIRECTORY ?? ''
  const address = join(directory, 'address')
  const turn = join(directory, 'turn')
  const deadline = Date.now() + START_TIMEOUT_SECONDS * 1000
  while (Date.now() < deadline) {
    const url = await readFile(address, 'utf8').catch(() => null)
    if (url !== null) return url
    const mine = await mkdir(turn).then(
      () => true,
      () => false,
    )
    if (mine) {
      try {
        const started = await start(directory)
        await writeFile(`${address}.new`, started)
        await rename(`${address}.new`, address)
      } finally {
        await rmdir(turn)
      }
    } else await sleep(50)
  }
  throw new Error(`PostgreSQL did not start for the tests within ${START_TIMEOUT_SECONDS} s`)
}

async function start(directory: string): Promise<string> {
  const { url } = await startEmbeddedPostgres({ directory })
  // The data of tests need not survive a power cut, and is gone before it would be worth a vacuum.
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes', 'autovacuum']) {
    await statement({ url, text: `alter system set ${setting} = off` })
  }
  // The kernel copies the files of the template, where it can: a tenth of what it costs to write them anew.
  if (process.platform === 'linux') await statement({ url, text: 'alter system set file_copy_method = clone' })
  await statement({ url, text: 'select pg_reload_conf()' })
  await statement({ url, text: `drop database if exists ${TEMPLATE}` })
  await statement({ url, text: `create database ${TEMPLATE}` })
  const template = await openDatabase({ url: databaseUrl({ server: url, name: TEMPLATE }) })
  await template.migrate()
  await template.close()
  return url
}

async function statement({ url, text }: { url: string; text: string }): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

function databaseUrl({ server, name }: { server: string; name: string }): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}
