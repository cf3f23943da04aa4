// A stage for the mirror: production code between a real database and a played QuickBooks company in this process, whose
// clock the story moves. Nothing is posted here, so there is no CRM.
import { sql } from 'kysely'
import { pino } from 'pino'
import type { Connection } from '../../src/domain/connection.ts'
import { type MirrorEntity, MirrorRecord } from '../../src/domain/mirror.ts'
import { openQuickBooksOnline } from '../../src/ledgers/quickbooks-online/ledger.ts'
import type { QuickBooksOnlineSeed } from '../../src/sandbox/world/seed.ts'
import { listConnections } from '../../src/storage/connections.ts'
import { ownerName, withLane } from '../../src/sync/lane.ts'
import { mirrorStep } from '../../src/sync/mirror.ts'
import { ROAD_LIMITS, type Road } from '../../src/sync/road.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { aVault } from '../ledgers/quickbooks-online/intuit.ts'
import { invoice, OpenCompany, realmId } from '../sandbox/quickbooks-online/open-company.ts'
import { connectionRow, insertRows } from '../storage/rows.ts'

const UNLIMITED = { requestsPerSecond: 1_000, requestsPerMinute: 100_000, batchesPerMinute: 10_000 }

export interface MirrorStage {
  fresh: FreshDatabase
  company: OpenCompany
  connection: Connection
  road: Road
  now: () => Date
  advance(seconds: number): void
  /** Invoices of one line, for 100.00 each; a batch takes 30 of them. */
  createInvoices(count: number): Promise<void>
  /** Steps of the mirror until there is nothing left to do, or as many as are given; says how many there were. */
  steps(limit?: number): Promise<number>
  mirrored(entity: MirrorEntity): Promise<MirrorRecord[]>
  /** What differs between QuickBooks and the mirror, in words; nothing when they are equal. */
  differences(entities?: string[]): Promise<string[]>
  /** What was asked of QuickBooks for the mirror, in its own words. */
  asked(): Promise<string[]>
  close(): Promise<void>
}

export async function openMirrorStage(how: { seed?: QuickBooksOnlineSeed } = {}): Promise<MirrorStage> {
  const [fresh, company] = await Promise.all([freshDatabase(), OpenCompany.open(how)])
  const { database } = fresh
  company.set({ batchesPerMinuteMax: 100_000 })
  await insertRows(database, 'connection', [connectionRow({ realm_id: realmId, is_default: true, state: 'ACTIVE' })])
  const [connection] = await listConnections(database)
  if (!connection) throw new Error('there is no connection')
  const now = () => company.sandbox.clock.now()
  const road = roadOf({ fresh, company, now })
  const stage: MirrorStage = {
    ...{ fresh, company, connection, road, now },
    advance: (seconds) => company.sandbox.clock.advance({ seconds }),
    createInvoices: (count) => createInvoices(company, count),
    async steps(limit = 10_000) {
      let done = 0
      await withLane(road, { connection }, async (held) => {
        while (done < limit && (await mirrorStep(held.road, { connection, lane: held.lane }))) done += 1
      })
      return done
    },
    mirrored: (entity) =>
      database.entities(
        MirrorRecord,
        sql`select * from mirror_record where entity = ${entity} order by quick_books_id::int`,
      ),
    differences: (entities = Object.keys(TABLES)) => differences({ fresh, company, entities }),
    async asked() {
      const rows = await database.rows(
        sql<{ request: string }>`select request from exchange where purpose = 'PULL' order by id`,
      )
      return rows.map(({ request }) => request)
    },
    async close() {
      company.close()
      await fresh.close()
    },
  }
  return stage
}

async function createInvoices(company: OpenCompany, count: number): Promise<void> {
  const there = company.sandbox.store.table('qbo.Invoice').size
  for (let start = 0; start < count; start += 30) {
    const items = Array.from({ length: Math.min(30, count - start) }, (_, index) => ({
      bId: `b${index}`,
      operation: 'create',
      Invoice: invoice({ DocNumber: `M-${there + start + index}` }),
    }))
    const said = await company.batch(items)
    if (said.status !== 200) throw new Error(said.text)
  }
}

function roadOf({ fresh, company, now }: { fresh: FreshDatabase; company: OpenCompany; now: () => Date }): Road {
  const sleep = async (ms: number) => company.sandbox.clock.advance({ seconds: ms / 1000 })
  const ledger = openQuickBooksOnline({
    realmId,
    apiUrl: company.base,
    oauth: {
      clientId: 'sandbox-qbo-client',
      clientSecret: 'sandbox-qbo-secret',
      tokenUrl: `${company.base}/oauth2/v1/tokens/bearer`,
      authorizeUrl: `${company.base}/connect/oauth2`,
      revokeUrl: `${company.base}/v2/oauth2/tokens/revoke`,
      redirectUri: 'http://127.0.0.1/callback',
    },
    vault: aVault({
      accessToken: 'expired',
      refreshToken: 'sandbox-refresh-token',
      accessTokenExpiresAt: new Date(0),
      refreshTokenExpiresAt: new Date(Date.now() + 86_400_000_000),
      refreshTokenHardExpiresAt: null,
    }),
    now,
    random: () => 0.5,
    sleep,
    limits: UNLIMITED,
    answerTimeoutSeconds: 10,
  })
  return {
    database: fresh.database,
    crm: undefined as never,
    ledgerOf: () => ledger,
    now,
    random: () => 0.5,
    sleep,
    log: pino({ level: 'silent' }),
    watch: { delivery: () => undefined, poll: () => undefined },
    owner: ownerName({ instance: 'one' }),
    limits: { ...ROAD_LIMITS, readsPerMonthMax: 500_000 },
    wake: () => undefined,
    signal: new AbortController().signal,
  }
}

const TABLES: Record<string, string> = {
  CUSTOMER: 'Customer',
  INVOICE: 'Invoice',
  PAYMENT: 'Payment',
  VENDOR: 'Vendor',
  BILL: 'Bill',
  ITEM: 'Item',
  ACCOUNT: 'Account',
  CREDIT_MEMO: 'CreditMemo',
  REFUND_RECEIPT: 'RefundReceipt',
  TAX_CODE: 'TaxCode',
  TAX_RATE: 'TaxRate',
  TERM: 'Term',
  COMPANY_INFO: 'CompanyInfo',
  PREFERENCES: 'Preferences',
}

interface Kept {
  Id: string
  SyncToken: string
  Balance?: string
  TotalAmt?: string
  UnitPrice?: string
}

async function differences(args: {
  fresh: FreshDatabase
  company: OpenCompany
  entities: string[]
}): Promise<string[]> {
  const { fresh, company } = args
  const rows = await fresh.database.rows(sql<{
    entity: string
    quick_books_id: string
    sync_token: number
    balance: string | null
    total: string | null
  }>`select entity, quick_books_id, sync_token, balance::float::text as balance, total::float::text as total
     from mirror_record where deleted_at is null`)
  const ours = rows
    .filter(({ entity }) => args.entities.includes(entity))
    .map((row) => wordsOf({ ...row, id: row.quick_books_id, token: String(row.sync_token) }))
  const theirs = args.entities.flatMap((entity) =>
    [...company.sandbox.store.table<Kept>(`qbo.${TABLES[entity]}`).all()].map((record) =>
      wordsOf({
        entity,
        id: record.Id,
        token: record.SyncToken,
        balance: record.Balance ?? null,
        total: record.TotalAmt ?? record.UnitPrice ?? null,
      }),
    ),
  )
  const known = new Set(theirs)
  const have = new Set(ours)
  return [
    ...ours.filter((line) => !known.has(line)).map((line) => `only ours: ${line}`),
    ...theirs.filter((line) => !have.has(line)).map((line) => `only theirs: ${line}`),
  ]
}

function wordsOf(record: { entity: string; id: string; token: string; balance: string | null; total: string | null }) {
  const number = (value: string | null) => (value === null ? '-' : String(Number(value)))
  const balance = ['PAYMENT', 'ACCOUNT'].includes(record.entity) ? '' : number(record.balance)
  return `${record.entity} ${record.id} v${record.token} ${balance} of ${number(record.total)}`
}
