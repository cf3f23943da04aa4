// What QuickBooks has and should not, is voided from here: asked for by a person, proven by the mirror, in both kinds.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Author } from '../../src/domain/access.ts'
import { Discrepancy, DiscrepancyResolution } from '../../src/domain/discrepancy.ts'
import { LedgerKind } from '../../src/domain/kinds.ts'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { syncNow } from '../../src/sync/read-mirror.ts'
import { reconcile } from '../../src/sync/reconcile.ts'
import { resolveDiscrepancy } from '../../src/sync/resolve.ts'
import type { Fields } from './books.ts'
import { openStory, type Story } from './road.ts'

const CANCELLED = '7c1b2a90-4d5e-4f60-8a71-92b3c4d5e605'
const author: Author = { name: 'ada', keyId: null, connectionIds: null }
const { VOID, IGNORE } = DiscrepancyResolution
const note = 'entered twice by the old system'

const PLACES = {
  [LedgerKind.QUICKBOOKS_ONLINE]: {
    ...{
      table: 'qbo.Invoice',
      id: 'Id',
      number: 'DocNumber',
      memo: 'PrivateNote',
      date: 'TxnDate',
      balance: 'Balance',
    },
    closed: 'bookCloseDate',
  },
  [LedgerKind.QUICKBOOKS_DESKTOP]: {
    ...{
      table: 'quickbooksDesktop.invoices',
      id: 'TxnID',
      number: 'RefNumber',
      memo: 'Memo',
      date: 'TxnDate',
      balance: 'BalanceRemaining',
    },
    closed: 'quickBooksDesktopClosingDate',
  },
}

describe.each([LedgerKind.QUICKBOOKS_ONLINE, LedgerKind.QUICKBOOKS_DESKTOP])('in %s', (kind) => {
  const place = PLACES[kind]
  let story: Story
  let invoices: Fields[]

  beforeAll(async () => {
    story = await openStory({ kind, counts: { pending: 6 } })
    await story.books.giveTo(await story.books.orders(), 'known')
    await story.poll()
    await story.work()
    invoices = await story.books.records(place.table)
  })
  afterAll(() => story?.end())

  /** The world of these stories, year by year. */
  async function reconcileAll(): Promise<void> {
    const { road, connection } = story
    const thisYear = road.now().getUTCFullYear()
    for (let year = 2023; year <= thisYear; year += 1) {
      await reconcile(road, { connectionId: connection.id, from: `${year}-01-01`, to: `${year}-12-31`, author })
      await story.work()
      await runBulkOperations(road)
    }
  }

  const open = () =>
    story.database.entities(Discrepancy, sql`select * from discrepancy where state = 'OPEN' order by document_number`)
  const found = async (id: string) => {
    const [one] = await story.database.entities(Discrepancy, sql`select * from discrepancy where id = ${id}`)
    return one
  }
  const decide = (id: string, resolution = VOID) => resolveDiscrepancy(story.road, { id, resolution, note, author })
  const invoice = async (quickBooksId: unknown) =>
    (await story.books.records(place.table)).find((one) => one[place.id] === quickBooksId)
  const isVoid = async (quickBooksId: unknown) => /^void/i.test(String((await invoice(quickBooksId))?.[place.memo]))
  const posting = async (id: string | null | undefined) => (await story.books.postings()).find((one) => one.id === id)

  /** An invoice that a person changes in QuickBooks, so that the mirror hears of it. */
  async function touch(one: Fields, fields: object): Promise<void> {
    await story.pass(5)
    const now = story.road.now().toISOString()
    const [MetaData, SyncToken] = [
      { ...(one.MetaData as object), LastUpdatedTime: now },
      String(Number(one.SyncToken) + 1),
    ]
    const marks =
      kind === LedgerKind.QUICKBOOKS_ONLINE
        ? { MetaData, SyncToken }
        : { TimeModified: now, EditSequence: String(Number(one.EditSequence) + 60) }
    await story.books.change(place.table, one.Id, { ...marks, ...fields })
  }

  /** One more invoice beside the first: under its number, or another one. */
  async function copied(number: string, fields: object = {}): Promise<string> {
    await story.pass(5)
    const [pattern] = invoices
    const now = story.road.now().toISOString()
    const id =
      kind === LedgerKind.QUICKBOOKS_ONLINE
        ? String(90_000 + Math.trunc(Math.random() * 9_000))
        : `9${crypto.randomUUID().slice(0, 5)}-1768878026`
    const times =
      kind === LedgerKind.QUICKBOOKS_ONLINE
        ? { MetaData: { CreateTime: now, LastUpdatedTime: now }, SyncToken: '0', PrivateNote: undefined }
        : { TxnID: id, TimeCreated: now, TimeModified: now, Memo: '' }
    await story.books.put(place.table, { ...pattern, Id: id, ...times, [place.number]: number, ...fields })
    return id
  }

  /** The mirror reads everything anew. */
  async function look(): Promise<void> {
    const { road, connection } = story
    await syncNow(road, { connection, entity: MirrorEntity.INVOICE, mode: SyncMode.FULL, author })
    await story.work()
    await story.work()
  }

  test('an invoice too many is voided once, by name and with a note, and is open until it was seen void', async () => {
    const [first] = invoices
    const second = await copied(String(first?.[place.number]))
    const nobodys = await copied('X-1')
    await reconcileAll()
    const [duplicate, unknown] = (await open()).toSorted((a, b) => a.kind.localeCompare(b.kind))
    expect([duplicate?.kind, duplicate?.quickBooksId]).toEqual(['DUPLICATE', second])
    expect([unknown?.kind, unknown?.quickBooksId]).toEqual(['UNKNOWN_IN_CRM', nobodys])
    const id = duplicate?.id ?? ''
    const begun = await decide(id)
    expect(begun).toMatchObject({ state: 'OPEN', resolution: 'VOID', resolvedBy: 'ada', note })
    expect(await posting(begun.resolutionPostingId)).toMatchObject({ kind: 'VOID', state: 'PENDING' })
    await expect(decide(id)).rejects.toThrow('It is being voided')
    await expect(decide(id, IGNORE)).rejects.toThrow('It is being voided')
    await decide(unknown?.id ?? '')
    await story.work()
    await story.work()
    expect(await posting(begun.resolutionPostingId)).toMatchObject({ state: 'PROCESSED', quickBooksId: second })
    expect([await isVoid(second), await isVoid(nobodys), await isVoid(first?.[place.id])]).toEqual([true, true, false])
    await look()
    expect(await found(id)).toMatchObject({ state: 'RESOLVED', resolution: 'VOID', note })
    await reconcileAll()
    expect(await open()).toEqual([])
  })

  test('an invoice whose order was cancelled is taken back, and one whose order stands is not', async () => {
    const [, cancelled, stands] = invoices
    for (const one of [cancelled, stands]) if (one) await touch(one, { [place.date]: '2026-03-03' })
    await reconcileAll()
    const [of, other] = [await openOf(cancelled), await openOf(stands)]
    await expect(decide(other?.id ?? '')).rejects.toThrow('stands in the CRM')
    await story.books.change('creatio.Order', of?.sourceId ?? '', { StatusId: CANCELLED })
    const begun = await decide(of?.id ?? '')
    expect(begun).toMatchObject({ state: 'OPEN', resolution: 'VOID' })
    await story.work()
    await story.work()
    expect(await isVoid(cancelled?.[place.id])).toBe(true)
    await look()
    expect(await found(begun.id)).toMatchObject({ state: 'RESOLVED' })
    await decide(other?.id ?? '', IGNORE)
    await reconcileAll()
    expect(await open()).toEqual([])
  })

  async function openOf(one: Fields | undefined): Promise<Discrepancy | undefined> {
    return (await open()).find(({ quickBooksId }) => quickBooksId === one?.[place.id])
  }

  test('nothing is voided that is paid, lies in a closed period, or may not be written to', async () => {
    const paid = await copied('X-2', { [place.balance]: '1.00' })
    const free = await copied('X-3', { [place.date]: '2026-05-05' })
    await reconcileAll()
    const [ofPaid, ofFree] = await open()
    expect([ofPaid?.quickBooksId, ofFree?.quickBooksId]).toEqual([paid, free])
    await expect(decide(ofPaid?.id ?? '')).rejects.toThrow('QuickBooks voids nothing that is paid')
    await story.settings({ [place.closed]: '2026-06-30' })
    // Desktop is asked in its next conversation.
    await story.work()
    await look()
    await expect(decide(ofFree?.id ?? '')).rejects.toThrow('closed period')
    await story.settings({ [place.closed]: '' })
    await look()
    for (const [column, value, words] of [
      ['read_only', true, 'read-only'],
      ['mode', 'SHADOW', 'in shadow mode'],
    ] as const) {
      await story.database.run(sql`update connection set ${sql.ref(column)} = ${value}`)
      await expect(decide(ofFree?.id ?? '')).rejects.toThrow(words)
      await story.database.run(sql`update connection set read_only = false, mode = 'WRITING'`)
    }
    expect(
      (await story.books.postings()).filter((one) => one.documentNumber?.startsWith('X-') && one.state !== 'PROCESSED'),
    ).toEqual([])
  })

  test('a void that could not be made leaves the decision open', async () => {
    const ofFree = (await open()).find(({ documentNumber }) => documentNumber === 'X-3')
    const begun = await decide(ofFree?.id ?? '')
    const one = await invoice(ofFree?.quickBooksId)
    // Somebody pays it before it is sent.
    await story.books.change(place.table, one?.Id ?? '', { [place.balance]: '0.50' })
    await story.work()
    expect(await posting(begun.resolutionPostingId)).toMatchObject({ state: 'FAILED', reasonCode: 'INVOICE_PAID' })
    expect(await found(begun.id)).toMatchObject({ state: 'OPEN', resolution: 'VOID' })
    expect(await decide(begun.id, IGNORE)).toMatchObject({
      state: 'RESOLVED',
      resolution: 'IGNORE',
      resolutionPostingId: null,
    })
    expect(await posting(begun.resolutionPostingId)).toMatchObject({
      state: 'CANCELLED',
      reasonCode: 'VOID_CALLED_OFF',
    })
  })
})
