import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Connection } from '../../src/domain/connection.ts'
import type { CustomerDocument, SalesDocument } from '../../src/domain/document.ts'
import { Environment, LedgerKind } from '../../src/domain/kinds.ts'
import { LinkKind } from '../../src/domain/link.ts'
import { type MirrorDraft, MirrorEntity } from '../../src/domain/mirror.ts'
import type { LedgerRecord } from '../../src/ledgers/ledger.ts'
import { openQuickBooksDesktop } from '../../src/ledgers/quickbooks-desktop/ledger.ts'
import { openMirror } from '../../src/ledgers/quickbooks-online/mirror.ts'
import { answers } from '../../src/ledgers/quickbooks-online/questions.ts'
import { ensureOnlineConnection } from '../../src/storage/connections.ts'
import { saveLinks } from '../../src/storage/links.ts'
import { mirrorRecords } from '../../src/storage/mirror.ts'
import { ensureDesktopConnection } from '../../src/storage/web-connector.ts'
import type { Question } from '../../src/sync/ask.ts'
import { namesBy } from '../../src/sync/reference-names.ts'
import type { Road } from '../../src/sync/road.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { saleOf } from '../domain/rules.ts'

const now = new Date('2026-03-02T10:00:00Z')
const sourceId = '22222222-2222-4222-8222-222222222222'
const wanted: CustomerDocument = {
  ...{ kind: 'CUSTOMER', sourceId, name: 'Hollis & Fern', companyName: 'Hollis & Fern Ltd' },
  email: 'bills_1@hollis.example',
}

interface Theirs {
  id: string
  name: string
  company: string
  email: string
  active?: boolean
}

/** Each kind of QuickBooks: whether it can be asked by an e-mail address, and how it writes a customer down. */
const KINDS = [
  {
    kind: LedgerKind.QUICKBOOKS_ONLINE,
    ledger: { answers, mirror: openMirror({ realmId: '1' }) },
    connect: (fresh: FreshDatabase) =>
      ensureOnlineConnection(fresh.database, {
        ...{ kind: LedgerKind.QUICKBOOKS_ONLINE, name: 'Online', environment: Environment.SANDBOX, realmId: '1', now },
      }),
    rawOf: ({ id, name, company, email }: Theirs) => ({
      ...{ Id: id, DisplayName: name, CompanyName: company, PrimaryEmailAddr: { Address: email } },
    }),
  },
  {
    kind: LedgerKind.QUICKBOOKS_DESKTOP,
    ledger: openQuickBooksDesktop({ expected: () => Promise.reject(new Error('nobody asks')), now: () => now }),
    connect: (fresh: FreshDatabase) =>
      ensureDesktopConnection(fresh.database, { environment: Environment.SANDBOX, companyFile: '', now }),
    rawOf: ({ id, name, company, email }: Theirs) => ({
      ...{ '@kind': 'CustomerRet', ListID: id, Name: name, FullName: name, CompanyName: company, Email: email },
    }),
  },
]

let fresh: FreshDatabase
beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh?.close())

describe.each(KINDS)('a customer that is not linked is, in $kind,', ({ ledger, connect, rawOf }) => {
  let connection: Connection
  beforeAll(async () => {
    connection = await connect(fresh)
  })
  beforeEach(() => fresh.database.run(sql`delete from mirror_record`))

  /** The id that the customer is found under, where QuickBooks has these; null where it is found under none. */
  async function idOf(theirs: Theirs[], { isLinked = false } = {}): Promise<string | null> {
    const records = theirs.map((one): MirrorDraft => {
      const nothing = { syncToken: null, changedAt: null, number: null, partyId: null, date: null }
      const raw = JSON.stringify(rawOf(one))
      const own = { quickBooksId: one.id, name: one.name, active: one.active ?? true, raw }
      return { entity: MirrorEntity.CUSTOMER, deleted: false, total: null, balance: null, ...nothing, ...own }
    })
    await mirrorRecords(fresh.database, { connectionId: connection.id, records, askedAt: now, now })
    // QuickBooks answers what it can be asked: by name, inactive ones too; by e-mail address only Online does.
    const look = async (questions: Question[]): Promise<LedgerRecord[]> =>
      questions
        .filter(({ entity }) => entity === LinkKind.CUSTOMER)
        .flatMap(({ by, values }) => theirs.filter((one) => values.includes(by === 'EMAIL' ? one.email : one.name)))
        .map(({ id: quickBooksId, name, active = true, email, company }) => ({
          ...{ entity: LinkKind.CUSTOMER, quickBooksId, name, active, revision: '0' },
          customer: { email, companyName: company, phone: null, billing: null },
        }))
    const document: SalesDocument = saleOf({ customer: wanted })
    const road = { database: fresh.database, ledgerOf: () => ledger } as unknown as Road
    const plans = [{ lines: [], needs: [], named: [] }]
    const { names, links } = await namesBy(road, { connection, look, documents: [document], plans })
    const id = names.customers.get(sourceId) ?? null
    expect(links.filter(({ kind }) => kind === LinkKind.CUSTOMER).map(({ quickBooksId }) => quickBooksId)).toEqual(
      id === null || isLinked ? [] : [id],
    )
    return id
  }

  const own = { id: '7', name: 'Fern Interiors', company: 'Hollis & Fern Ltd', email: 'Bills_1@hollis.example' }

  test('the one of its company and e-mail address, though it is listed under another name', async () => {
    expect(await idOf([{ ...own, email: wanted.email ?? '' }])).toBe('7')
  })

  test('not the one of its e-mail address alone: a person may buy for several companies', async () => {
    expect(await idOf([{ ...own, email: wanted.email ?? '', company: 'Another company' }])).toBeNull()
    expect(await idOf([{ ...own, email: wanted.email ?? '', company: '' }])).toBeNull()
  })

  test('not the one of its company alone', async () => {
    expect(await idOf([{ ...own, email: 'billsx1@hollis.example' }])).toBeNull()
  })

  test('the one of its name, where two have its e-mail address', async () => {
    const two = [
      { ...own, email: wanted.email ?? '' },
      { ...own, id: '8', name: 'Hollis & Fern', email: wanted.email ?? '' },
    ]
    expect(await idOf(two)).toBe('8')
  })

  test('the one that it is linked to, whoever has its name, its company and its e-mail address', async () => {
    const link = { kind: LinkKind.CUSTOMER, sourceId, quickBooksId: '9', name: 'Renamed since' }
    await saveLinks(fresh.database, { connectionId: connection.id, links: [link], now })
    const email = wanted.email ?? ''
    const linked = await idOf(
      [
        { ...own, email },
        { ...own, id: '8', name: wanted.name, email },
      ],
      { isLinked: true },
    )
    await fresh.database.run(sql`delete from link`)
    expect(linked).toBe('9')
  })

  test('none of two of its company and e-mail address: a person says which', async () => {
    const email = wanted.email ?? ''
    expect(
      await idOf([
        { ...own, email },
        { ...own, id: '8', name: 'Hollis Interiors', email },
      ]),
    ).toBeNull()
  })

  test('not one that is inactive', async () => {
    expect(await idOf([{ ...own, email: wanted.email ?? '', active: false }])).toBeNull()
  })
})
