import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { v4 as uuidv4 } from 'uuid'
import { LogRow, LogStatus } from '../../src/domain/log-row.ts'
import {
  claimLogRowWriteBacks,
  confirmLogRows,
  logRowsOfPostings,
  postponeLogRows,
  type SeenLogRow,
  saveLogRows,
} from '../../src/storage/log-rows.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows, postingRow } from './rows.ts'

const now = new Date('2026-03-02T10:00:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)

let fresh: FreshDatabase
const connection = connectionRow()
const posting = postingRow({ connection_id: connection.id })

beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection])
  await insertRows(fresh.database, 'posting', [posting])
})
beforeEach(() => fresh.database.run(sql`delete from log_row`))
afterAll(() => fresh.close())

async function see(given: Partial<SeenLogRow> = {}): Promise<string> {
  const id = given.id ?? uuidv4()
  const row: SeenLogRow = {
    id,
    postingId: null,
    type: 'CUSTOMER_ORDER',
    action: 'INSERT',
    sourceId: uuidv4(),
    status: LogStatus.PENDING,
    message: '',
    createdOn: '2026-03-01T10:00:00.1234567Z',
    modifiedOn: '2026-03-01T10:00:00.1234567Z',
    reason: null,
    wantedStatus: null,
    ...given,
  }
  await saveLogRows(fresh.database, { rows: [row], now })
  return id
}
const one = async (id: string) =>
  (await fresh.database.entities(LogRow, sql`select * from log_row where id = any(${[id]}::uuid[])`))[0]
const claim = (at = now) => claimLogRowWriteBacks(fresh.database, { limit: 10, leaseSeconds: 120, now: at })

describe('a log row', () => {
  test('keeps what the CRM wrote to the last digit', async () => {
    expect(await one(await see())).toMatchObject({ createdOn: '2026-03-01T10:00:00.1234567Z', writeBackAt: null })
  })

  test('seen again follows what was decided last', async () => {
    const reason = { code: 'ORDER_NOT_FOUND', detail: {} } as const
    const id = await see({ reason, wantedStatus: LogStatus.ERROR })
    await see({ id, postingId: posting.id, status: LogStatus.RE_PROCESS })
    expect(await one(id)).toMatchObject({
      postingId: posting.id,
      status: LogStatus.RE_PROCESS,
      reasonCode: null,
      wantedStatus: null,
      writeBackAt: null,
    })
  })

  test('that has an answer of its own is told once, by one teller', async () => {
    const id = await see({
      reason: { code: 'ECHO', detail: {} },
      wantedStatus: LogStatus.PROCESSED,
      postingId: posting.id,
    })
    const claims = await Promise.all([claim(), claim(), claim()])
    expect(claims.flat().map((row) => row.id)).toEqual([id])
    await confirmLogRows(fresh.database, { rows: [{ id, status: LogStatus.PROCESSED, message: '' }] })
    expect(await one(id)).toMatchObject({ status: LogStatus.PROCESSED, writeBackAt: null })
    expect(await claim(later(10_000))).toEqual([])
  })

  test('whose teller died is told again after the lease', async () => {
    const id = await see({ reason: { code: 'ORDER_NOT_FOUND', detail: {} }, wantedStatus: LogStatus.ERROR })
    await claim()
    expect(await claim(later(119))).toEqual([])
    expect((await claim(later(120))).map((row) => row.id)).toEqual([id])
  })

  test('that could not be told waits for its time', async () => {
    const id = await see({ reason: { code: 'ORDER_NOT_FOUND', detail: {} }, wantedStatus: LogStatus.ERROR })
    await claim()
    await postponeLogRows(fresh.database, { rows: [{ id, until: later(30), refused: true }] })
    expect(await one(id)).toMatchObject({ writeBackAt: later(30), writeBackAttempts: 1 })
  })

  test('speaks for its posting only when it has no answer of its own', async () => {
    const spoken = await see({ postingId: posting.id })
    await see({ postingId: posting.id, reason: { code: 'ECHO', detail: {} }, wantedStatus: LogStatus.PROCESSED })
    expect((await logRowsOfPostings(fresh.database, [posting.id])).map(({ id }) => id)).toEqual([spoken])
  })
})
