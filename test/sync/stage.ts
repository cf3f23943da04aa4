// A stage for stories of the road: production code between a played CRM and a played QuickBooks, over HTTP and on a real
// database, with a clock that the story moves. Rows are put into the CRM as another system would: by direct SQL.
import { randomUUID } from 'node:crypto'
import { Writable } from 'node:stream'
import { sql } from 'kysely'
import { pino } from 'pino'
import { parseProfile } from '../../src/creatio/profile.ts'
import type { Connection } from '../../src/domain/connection.ts'
import { LogRow } from '../../src/domain/log-row.ts'
import { Posting } from '../../src/domain/posting.ts'
import { type CrmHealth, unknownHealth, watchCrm } from '../../src/sync/crm-outage.ts'
import { poll } from '../../src/sync/poll.ts'
import type { Road } from '../../src/sync/road.ts'
import { tell, work } from '../../src/sync/work.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { type RunningSandbox, startSandbox } from '../sandbox/spawn.ts'
import { MovedClock, openRoad } from '../simulation/road.ts'

const { types, actions, statuses } = parseProfile().orderLog
const LOG = 'creatio.BGQuickBooksIntegrationLogDetail'
const ROUNDS_MAX = 40
/** How often a process looks for work that is due. */
const TICK_SECONDS = 5

export type CrmRecord = { Id: string; CreatedOn: string; ModifiedOn: string } & Record<string, unknown>

export interface Stage {
  fresh: FreshDatabase
  sandbox: RunningSandbox
  clock: MovedClock
  connection: Connection
  road: Road
  health: CrmHealth
  /** What was logged, from warnings up and with the end of an outage. */
  logged: string[]
  /** Another process on the same database and the same systems. */
  another(instance: string): Promise<Road>
  /** Orders of the world, oldest first, as the CRM has them. */
  orders(): Promise<CrmRecord[]>
  order(id: string): Promise<CrmRecord>
  change(order: string, values: Record<string, unknown>): Promise<void>
  remove(table: string, id: string): Promise<void>
  /** A row of the order log. Every value may be replaced, also by nonsense. */
  logRow(values: Record<string, unknown>): Promise<string>
  changeRow(id: string, values: Record<string, unknown>): Promise<void>
  rows(query?: Record<string, string>): Promise<CrmRecord[]>
  fault(rule: object): Promise<void>
  mend(): Promise<void>
  invoices(): Promise<{ Id: string; DocNumber: string; TotalAmt: unknown }[]>
  posting(order: string): Promise<Posting>
  seen(row: string): Promise<LogRow | undefined>
  poll(): Promise<void>
  /** Polls and works, a tick after the other, until nothing is under way. */
  untilRest(): Promise<void>
  close(): Promise<void>
}

export async function openStage(
  counts: Record<string, number>,
  settings: object = {},
  waits: { answerTimeoutSeconds?: number } = {},
): Promise<Stage> {
  const none = { ...NO_ORDERS, ...counts }
  const [fresh, sandbox] = await Promise.all([
    freshDatabase(),
    startSandbox({ world: 'incident', seed: 11, counts: none, settings: { ...settings } }),
  ])
  const clock = new MovedClock(sandbox)
  const { database } = fresh
  const logged: string[] = []
  const health = unknownHealth()
  const opened = async (instance: string) => {
    const { road, connection } = await openRoad({ database, sandbox, clock, instance, ...waits })
    const log = pino({ level: 'info' }, linesInto(logged))
    return { connection, road: { ...road, log, crm: watchCrm(road.crm, { health, now: clock.now, log }) } }
  }
  const { road, connection } = await opened('one')
  const record = (table: string, id: string) => `/records/${table}/${id}`
  const stage: Stage = {
    ...{ fresh, sandbox, clock, connection, road, health, logged },
    another: async (instance) => (await opened(instance)).road,
    async orders() {
      const found = await sandbox.fetchControl<CrmRecord[]>('/records/creatio.Order')
      return found.toSorted((a, b) => (a.CreatedOn < b.CreatedOn ? -1 : 1))
    },
    order: (id) => sandbox.fetchControl(record('creatio.Order', id)),
    async change(id, body) {
      await sandbox.fetchControl(record('creatio.Order', id), { method: 'PATCH', body })
    },
    async remove(table, id) {
      await sandbox.fetchControl(record(table, id), { method: 'DELETE' })
    },
    async logRow(values) {
      const [Id, now] = [randomUUID(), clock.now().toISOString()]
      const body = { ...ROW, CreatedOn: now, ModifiedOn: now, BGDate: now, ...values }
      await sandbox.fetchControl(record(LOG, Id), { method: 'PUT', body })
      return Id
    },
    async changeRow(id, body) {
      await sandbox.fetchControl(record(LOG, id), { method: 'PATCH', body })
    },
    rows: (query = {}) => sandbox.fetchControl(`/records/${LOG}?${new URLSearchParams(query)}`),
    async fault(rule) {
      await sandbox.fetchControl('/faults', { method: 'POST', body: { system: 'creatio', ...rule } })
    },
    async mend() {
      await sandbox.fetchControl('/faults', { method: 'DELETE' })
    },
    invoices: () => sandbox.fetchControl('/records/qbo.Invoice'),
    async posting(order) {
      const found = await database.entities(Posting, sql`select * from posting where source_id = ${order}`)
      if (found.length !== 1) throw new Error(`order ${order} has ${found.length} postings`)
      return found[0] as Posting
    },
    async seen(row) {
      return (await database.entities(LogRow, sql`select * from log_row where id = ${row}`))[0]
    },
    async poll() {
      const { error } = await poll(road)
      if (error) throw new Error(error)
    },
    untilRest: () => untilRest(stage),
    async close() {
      await Promise.all([fresh.close(), sandbox.stop()])
    },
  }
  return stage
}

/** One tick of a process: it reads the log, posts, and tells the CRM; what goes wrong is its own to survive. */
export async function tick({ road, clock }: Pick<Stage, 'road' | 'clock'>, { polls = true } = {}): Promise<void> {
  if (polls) await poll(road)
  await work(road)
  await tell(road)
  await clock.advance({ seconds: TICK_SECONDS })
}

async function untilRest(stage: Stage): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    await tick(stage)
    const [row] = await stage.fresh.database.rows(sql<{ live: number }>`
      select (select count(*) from posting where state in ('PENDING', 'CLAIMED', 'SENT', 'UNKNOWN', 'POSTED') or write_back_at is not null)::int
        + (select count(*) from log_row where write_back_at is not null)::int as live`)
    const waiting = await stage.rows({ BGStatusId: statuses.PENDING, BGTypeId: types.CUSTOMER_ORDER })
    if (row?.live === 0 && waiting.length === 0) return
  }
  throw new Error(`not at rest after ${ROUNDS_MAX} ticks`)
}

const ROW = {
  BGName: 'ORD-TEST',
  BGTypeId: types.CUSTOMER_ORDER,
  BGActionId: actions.UPDATE,
  BGStatusId: statuses.PENDING,
  BGErrorMessage: '',
}

function linesInto(lines: string[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      const { msg, error } = JSON.parse(String(chunk)) as { msg: string; error?: string }
      lines.push(error ? `${msg}: ${error}` : msg)
      done()
    },
  })
}

const NO_ORDERS = {
  falselyProcessed: 0,
  processed: 0,
  stuckAbsent: 0,
  stuckInQuickBooks: 0,
  timedOutAbsent: 0,
  timedOutInQuickBooks: 0,
  pending: 0,
  adoptable: 0,
  mismatched: 0,
  discounted: 0,
  unknownCustomer: 0,
  cancelled: 0,
  empty: 0,
  zeroQuantity: 0,
  severalRows: 0,
  deleteRows: 0,
  factoryRows: 0,
  inventoryRows: 0,
  commissionRows: 0,
  withoutLogRow: 0,
}
