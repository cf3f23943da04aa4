import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Connection } from '../../src/domain/connection.ts'
import { type Correction, CorrectionCause } from '../../src/domain/correction.ts'
import type { InvoiceDocument } from '../../src/domain/document.ts'
import { CorrectionApproval, CorrectionMethod } from '../../src/domain/kinds.ts'
import type { Posting } from '../../src/domain/posting.ts'
import { findConnection } from '../../src/storage/connections.ts'
import { correctionPage, withdrawProposals } from '../../src/storage/corrections.ts'
import { findPostingsById } from '../../src/storage/postings.ts'
import {
  applyCorrection,
  correctionPlan,
  dismissCorrection,
  proposeCorrections,
  setCorrectionPolicy,
} from '../../src/sync/corrections.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows, postingRow, processed } from '../storage/rows.ts'
import { limits, mappedInvoice, now } from './samples.ts'

const before = mappedInvoice.document as InvoiceDocument
const after: InvoiceDocument = { ...before, shipping: '9.00', total: '1.00' }
const row = connectionRow()

let fresh: FreshDatabase
let posting: Posting
let connection: Connection
let woken = 0

beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [row])
})
afterAll(() => fresh?.close())

const road = () => ({
  database: fresh.database,
  now: () => now,
  wake: () => {
    woken += 1
  },
  ledgerOf: () => ({ limits, unapplies: true }),
})

beforeEach(async () => {
  for (const table of ['correction', 'log_row', 'posting', 'mirror_record'])
    await fresh.database.run(sql`delete from ${sql.table(table)}`)
  await insertRows(fresh.database, 'posting', [
    postingRow({
      connection_id: row.id,
      source_id: before.sourceId,
      order_number: before.orderNumber,
      document_number: before.number,
      document: before,
      generation: 1,
      ...processed(now.toISOString()),
    }),
  ])
  await policy(CorrectionApproval.ASK)
  const [found] = await fresh.database.rows(sql<{ id: string }>`select id from posting`)
  const [read] = await findPostingsById(fresh.database, [found?.id ?? ''])
  if (!read) throw new Error('there is no posting')
  posting = read
})

async function policy(approval: CorrectionApproval): Promise<void> {
  await setCorrectionPolicy(road(), { connectionId: row.id, method: CorrectionMethod.VOID, approval })
  const found = await findConnection(fresh.database, { id: row.id })
  if (!found) throw new Error('there is no connection')
  connection = found
}

const propose = (now_: InvoiceDocument | null = after, cause = CorrectionCause.EDITED) =>
  proposeCorrections(road(), { connection, drafts: [{ posting, before, cause, after: now_ }], now })

async function corrections(): Promise<Correction[]> {
  return (await correctionPage(fresh.database, { selection: {}, request: { first: 10, after: null } })).nodes
}

async function only(): Promise<Correction> {
  const [correction, second] = await corrections()
  if (!correction || second) throw new Error('there is not one correction')
  return correction
}

async function made(): Promise<string[]> {
  const rows = await fresh.database.rows(
    sql<{ said: string }>`select concat_ws(' ', kind, generation, state, document_number, number_suffix) as said
      from posting where correction_id is not null order by id`,
  )
  return rows.map(({ said }) => said)
}

describe('a correction that is proposed', () => {
  test('says what changed and how it would go, and writes nothing', async () => {
    await propose()
    expect(await only()).toMatchObject({
      state: 'PROPOSED',
      cause: 'EDITED',
      method: 'VOID',
      differences: [`shipping ${before.shipping} became 9.00`, `total ${before.total} became 1.00`],
    })
    expect(await made()).toEqual([])
  })

  test('follows the order while it waits, and is gone when the order says again what was posted', async () => {
    await propose()
    await propose({ ...after, shipping: '10.00' })
    expect((await only()).after).toMatchObject({ shipping: '10.00' })
    await withdrawProposals(fresh.database, { postingIds: [posting.id], now })
    expect(await only()).toMatchObject({ state: 'GONE' })
    await propose()
    expect((await corrections()).map(({ state }) => state)).toEqual(['PROPOSED', 'GONE'])
  })

  test('and dismissed needs a note, and is not proposed again with the same content', async () => {
    await propose()
    const { id } = await only()
    await expect(dismissCorrection(road(), { id, note: '  ', author: 'a person' })).rejects.toThrow('"note" says why')
    await dismissCorrection(road(), { id, note: 'agreed', author: 'a person' })
    await propose()
    expect(await only()).toMatchObject({ state: 'DISMISSED', note: 'agreed', author: 'a person' })
    await propose({ ...after, shipping: '11.00' })
    expect((await corrections()).map(({ state }) => state)).toEqual(['PROPOSED', 'DISMISSED'])
    await expect(dismissCorrection(road(), { id, note: 'again', author: 'a person' })).rejects.toThrow(
      'It is DISMISSED',
    )
  })
})

describe('a correction that is applied', () => {
  test('by void makes the void, and the new invoice that waits for it, under the next generation and a number of its own', async () => {
    await propose()
    woken = 0
    await applyCorrection(road(), { id: (await only()).id, author: 'a person' })
    expect(await made()).toEqual(['VOID 1 PENDING 61000', 'INVOICE 2 PENDING 61000-2 -2'])
    expect(await only()).toMatchObject({ state: 'APPLIED', author: 'a person' })
    const [waiting] = await fresh.database.rows(sql<{ kind: string }>`
      select blocker.kind from posting join posting blocker on blocker.id = posting.blocked_by_id`)
    expect(waiting).toEqual({ kind: 'VOID' })
    expect(woken).toBe(1)
  })

  test('by another method than the connection’s follows the one that was asked for', async () => {
    await propose()
    await applyCorrection(road(), { id: (await only()).id, method: CorrectionMethod.CREDIT_MEMO, author: 'a person' })
    expect(await made()).toEqual(['CREDIT_MEMO 1 PENDING 61000-C', 'INVOICE 2 PENDING 61000-2 -2'])
    expect(await only()).toMatchObject({ method: 'CREDIT_MEMO' })
  })

  test('is applied once, and not while its invoice is under way', async () => {
    await propose()
    const { id } = await only()
    await fresh.database.run(sql`update posting set state = 'POSTED' where id = ${posting.id}`)
    await expect(applyCorrection(road(), { id, author: 'a person' })).rejects.toThrow('under way')
    await fresh.database.run(sql`update posting set state = 'PROCESSED' where id = ${posting.id}`)
    await applyCorrection(road(), { id, author: 'a person' })
    await expect(applyCorrection(road(), { id, author: 'a person' })).rejects.toThrow('It is applied already')
    expect(await made()).toHaveLength(2)
  })

  test('for an order that is gone keeps a place for its return', async () => {
    await propose(null, CorrectionCause.DELETED)
    await applyCorrection(road(), { id: (await only()).id, author: 'a person' })
    expect(await made()).toEqual(['VOID 1 PENDING 61000', 'INVOICE 2 SKIPPED -2'])
  })

  test('whose number has no room is refused, with what helps, and stays proposed', async () => {
    await propose()
    const short = {
      ...road(),
      ledgerOf: () => ({ unapplies: true, limits: { ...limits, documentNumberLengthMax: 5 } }),
    }
    await expect(applyCorrection(short, { id: (await only()).id, author: 'a person' })).rejects.toThrow(
      /more than the 5 characters/,
    )
    expect(await only()).toMatchObject({ state: 'PROPOSED' })
    expect(await made()).toEqual([])
  })
})

describe('a void of an invoice that is paid, in part or whole', () => {
  const copy = (balance: string) => ({
    id: row.id,
    connection_id: row.id,
    ...{
      entity: 'INVOICE',
      quick_books_id: '145',
      active: true,
      collected: true,
      number: before.number,
      total: '110.00',
      balance,
    },
    ...{ raw: {}, seen_at: now, updated_at: now },
  })

  test('is refused before anything is queued, and may go as a credit memo', async () => {
    await insertRows(fresh.database, 'mirror_record', [copy('60.00')])
    await propose()
    const { id } = await only()
    await expect(applyCorrection(road(), { id, author: 'a person' })).rejects.toThrow(
      `50.00 of 110.00 is applied to invoice ${before.number}`,
    )
    expect(await made()).toEqual([])
    const correction = await only()
    expect(correction).toMatchObject({ state: 'PROPOSED' })
    const plan = await correctionPlan(road(), { correction, method: CorrectionMethod.VOID })
    expect(plan?.problems).toEqual([expect.stringContaining('50.00 of 110.00')])
    await applyCorrection(road(), { id, method: CorrectionMethod.CREDIT_MEMO, author: 'a person' })
    expect(await made()).toEqual(['CREDIT_MEMO 1 PENDING 61000-C', 'INVOICE 2 PENDING 61000-2 -2'])
  })

  test('waits for a person where nobody is to be asked', async () => {
    await insertRows(fresh.database, 'mirror_record', [copy('0.00')])
    await policy(CorrectionApproval.AUTOMATIC)
    expect(await propose()).toEqual(new Map())
    expect(await only()).toMatchObject({ state: 'PROPOSED' })
  })

  test('goes its way when nothing is applied', async () => {
    await insertRows(fresh.database, 'mirror_record', [copy('110.00')])
    await propose()
    await applyCorrection(road(), { id: (await only()).id, author: 'a person' })
    expect(await made()).toEqual(['VOID 1 PENDING 61000', 'INVOICE 2 PENDING 61000-2 -2'])
  })
})

describe('where nobody is to be asked', () => {
  test('it is applied as it is found, once, and the order is spoken for by its new invoice', async () => {
    await policy(CorrectionApproval.AUTOMATIC)
    const spokenFor = await propose()
    const [, invoice] = await fresh.database.rows(
      sql<{ id: string }>`select id from posting where correction_id is not null order by id`,
    )
    expect(spokenFor).toEqual(new Map([[before.sourceId, invoice?.id]]))
    expect(await propose()).toEqual(new Map())
    expect(await made()).toHaveLength(2)
    expect(await only()).toMatchObject({ state: 'APPLIED', author: null })
  })
})
