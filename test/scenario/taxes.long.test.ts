import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { LineKind, MappingTargetKind } from '../../src/domain/account-mapping.ts'
import { LedgerKind } from '../../src/domain/kinds.ts'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import type { Posting } from '../../src/domain/posting.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { ourselves } from '../../src/storage/api-keys.ts'
import { createAccountMapping } from '../../src/sync/change-account-mapping.ts'
import { dryRun } from '../../src/sync/dry-run.ts'
import { syncConnection } from '../../src/sync/read-mirror.ts'
import type { Fields } from './books.ts'
import { openStory, type Story } from './road.ts'

/** A site whose orders may name a tax, and say where they are shipped to. */
const profile = { order: { taxName: 'BGTax', shipTo: { state: 'BGShipToState', postalCode: 'BGShipToZip' } } }
const author = ourselves('a bookkeeper')
const region = '7f0c7a31-5a4e-4b57-9a59-0d2a3d9a4f01'

/** Taxes of 8.25 %, as the played world's orders have it, and one that does not fit. */
const TAXES = { Order: '8.25', Customer: '8.25', Place: '8.25', Strange: '7.25' }
const nameOf = (tax: string) => `${tax} tax`

/** The two kinds of QuickBooks, each with its own way to tax. */
const KINDS = [
  {
    kind: LedgerKind.QUICKBOOKS_ONLINE,
    target: MappingTargetKind.TAX_CODE,
    customers: 'qbo.Customer',
    customerName: 'DisplayName',
    what: 'tax code',
    ofCustomer: (id: string) => ({ DefaultTaxCodeRef: { value: id } }),
    async taxes({ books }: Story): Promise<Map<string, string>> {
      const [pattern] = (await books.records('qbo.TaxCode')).filter(({ TaxGroup }) => TaxGroup === true)
      const ids = new Map<string, string>()
      for (const [index, [tax, percent]] of Object.entries(TAXES).entries()) {
        const Id = String(40 + index)
        // Of the two rates that the played company has, 7.25 and 1, the strange one has the first alone.
        const rates = ['1', '2'].slice(0, percent === '8.25' ? 2 : 1).map((value) => ({ TaxRateRef: { value } }))
        const SalesTaxRateList = { TaxRateDetail: rates }
        await books.put('qbo.TaxCode', { ...pattern, Id, Name: nameOf(tax), SalesTaxRateList })
        ids.set(nameOf(tax), Id)
      }
      return ids
    },
    async booked({ books }: Story, { documentNumber }: Posting): Promise<unknown> {
      const invoice = (await books.invoices()).find(({ DocNumber }) => DocNumber === documentNumber)
      return (invoice as Fields & { TxnTaxDetail?: { TxnTaxCodeRef?: { value: string } } })?.TxnTaxDetail?.TxnTaxCodeRef
        ?.value
    },
  },
  {
    kind: LedgerKind.QUICKBOOKS_DESKTOP,
    target: MappingTargetKind.ITEM,
    customers: 'quickbooksDesktop.customers',
    customerName: 'Name',
    what: 'sales tax item',
    ofCustomer: (id: string) => ({ ItemSalesTaxRef: { ListID: id, FullName: nameOf('Customer') } }),
    async taxes({ books }: Story): Promise<Map<string, string>> {
      const [pattern] = (await books.records('quickbooksDesktop.items')).filter(
        ({ kind }) => kind === 'ItemSalesTaxRet',
      )
      const ids = new Map<string, string>()
      for (const [index, [tax, TaxRate]] of Object.entries(TAXES).entries()) {
        const Id = `8000${index}-1700000000`
        await books.put('quickbooksDesktop.items', { ...pattern, Id, ListID: Id, Name: nameOf(tax), TaxRate } as Fields)
        ids.set(nameOf(tax), Id)
      }
      return ids
    },
    async booked({ books }: Story, { documentNumber }: Posting): Promise<unknown> {
      const invoices = await books.records<Fields & { ItemSalesTaxRef?: { ListID: string } }>(
        'quickbooksDesktop.invoices',
      )
      return invoices.find(({ RefNumber }) => RefNumber === documentNumber)?.ItemSalesTaxRef?.ListID
    },
  },
]

describe.each(KINDS)('on $kind an order is taxed', ({ kind, target, customers, customerName, what, ...played }) => {
  let story: Story
  let ids: Map<string, string>
  let orders: Fields[]
  const posting = (order: Fields | undefined) => story.books.posting(order?.Number)
  const taxOf = async (order: Fields | undefined) =>
    (await posting(order)).mapping?.find(({ lineKind }) => lineKind === LineKind.TAX)
  const booked = async (order: Fields | undefined) => played.booked(story, await posting(order))

  beforeAll(async () => {
    story = await openStory({ kind, counts: { pending: 14 }, profile })
    const { books, road } = story
    ids = await played.taxes(story)
    orders = (await books.orders()).filter(({ BGTaxCheckbox, BGTaxAmount }) => BGTaxCheckbox && Number(BGTaxAmount) > 0)
    const known = new Set((await books.records(customers)).map((record) => record[customerName]))
    const [one, other] = (await books.records('creatio.Account')).filter(({ BGQBName }) => known.has(BGQBName))
    const own = (await books.records(customers)).find((record) => record[customerName] === other?.BGQBName)
    await books.change(customers, own?.Id ?? '', played.ofCustomer(ids.get(nameOf('Customer')) ?? ''))
    const [pattern] = await books.records('creatio.Region')
    await books.put('creatio.Region', { ...pattern, Id: region, Name: 'CA' })
    const shipped = { BGShipToStateId: region, BGShipToZip: '94103' }
    const named = async (tax: string) => {
      const Id = crypto.randomUUID()
      const [known] = await books.records('creatio.Tax')
      await books.put('creatio.Tax', { ...known, Id, Name: tax })
      return { BGTaxId: Id }
    }
    const given = [
      { AccountId: other?.Id, ...shipped, ...(await named(nameOf('Order'))) },
      { AccountId: other?.Id, ...shipped },
      { AccountId: one?.Id, ...shipped },
      { AccountId: one?.Id },
      { AccountId: one?.Id, ...(await named(nameOf('Strange'))) },
      { AccountId: one?.Id, ...(await named('No such tax')) },
    ]
    expect(orders.length).toBeGreaterThanOrEqual(given.length)
    for (const [index, fields] of given.entries()) await books.change('creatio.Order', orders[index]?.Id ?? '', fields)
    const rule = { name: 'To California', lineKind: LineKind.TAX, shipTo: 'CA 941*', targetKind: target }
    const input = { ...rule, target: nameOf('Place') }
    await createAccountMapping(story.database, { input, author, now: road.now() })
    await story.work()
    await syncConnection(road, {
      ...{ connectionId: story.connection.id, entity: MirrorEntity.ALL, mode: SyncMode.FULL, author },
    })
    for (let round = 0; round < (story.office ? 4 : 40); round += 1) await story.work()
    await story.poll()
  }, 120_000)
  afterAll(() => story?.end())

  test('by what it names itself, before the tax of its customer and that of the place', async () => {
    expect(await posting(orders[0])).toMatchObject({ state: 'PROCESSED' })
    expect(await taxOf(orders[0])).toMatchObject({ target: nameOf('Order'), basis: 'ORDER', beats: ['To California'] })
    expect(await booked(orders[0])).toBe(ids.get(nameOf('Order')))
  })

  test('by the tax of its customer in QuickBooks, before that of the place', async () => {
    expect(await posting(orders[1])).toMatchObject({ state: 'PROCESSED' })
    expect(await taxOf(orders[1])).toMatchObject({
      ...{ target: nameOf('Customer'), basis: 'CUSTOMER', rule: null },
      why: 'It is the tax of the customer in QuickBooks, which comes before rules for where it is shipped to.',
    })
    expect(await booked(orders[1])).toBe(ids.get(nameOf('Customer')))
  })

  test('by where it is shipped to, and keeps the rule, its version and why', async () => {
    expect(await posting(orders[2])).toMatchObject({ state: 'PROCESSED' })
    expect(await taxOf(orders[2])).toMatchObject({
      ...{ target: nameOf('Place'), basis: 'RULE', rule: 'To California', version: 1, ratePercent: '8.25' },
      why: expect.stringContaining('shipped to "CA 941*"'),
    })
    expect(await booked(orders[2])).toBe(ids.get(nameOf('Place')))
  })

  test('as before where nobody says otherwise', async () => {
    expect(await posting(orders[3])).toMatchObject({ state: 'PROCESSED', mapping: null })
    expect([...ids.values()]).not.toContain(await booked(orders[3]))
  })

  test('not at all by a tax that does not fit its amount: it is refused before it is sent', async () => {
    const { state, reasonCode, problems, sentAt } = await posting(orders[4])
    expect({ state, reasonCode, sentAt }).toEqual({ state: 'FAILED', reasonCode: 'DOCUMENT_INVALID', sentAt: null })
    expect(problems).toMatchObject([{ field: 'sales tax', problem: expect.stringMatching(/7\.25 %/) }])
  })

  test('not at all by a tax that QuickBooks does not have, which is named with who named it', async () => {
    const { state, reason } = await posting(orders[5])
    expect(state).toBe('FAILED')
    expect(reason).toMatchObject({
      code: 'TAX_NOT_FOUND',
      sentence: `QuickBooks has no active ${what} named "No such tax", which the order itself names as the sales tax of order ${orders[5]?.Number}.`,
    })
  })

  test('in a dry run by the same tax, for the same reason', async () => {
    const number = String(orders[1]?.Number)
    const filter = { orderNumbers: [number] }
    const { nodes } = await dryRun(story.road, {
      ...{ connectionId: story.connection.id, filter, first: 1, after: null },
    })
    const choice = nodes[0]?.mapping.find(({ lineKind }) => lineKind === LineKind.TAX)
    expect(choice).toMatchObject({ target: nameOf('Customer'), basis: 'CUSTOMER' })
  })
})

describe('a company whose sales tax QuickBooks computes by itself', () => {
  let story: Story
  beforeAll(async () => {
    story = await openStory({ counts: { pending: 4 }, profile })
    await story.settings({ automatedSalesTax: true })
    const [customer] = await story.books.records('qbo.Customer')
    await story.books.change('qbo.Customer', customer?.Id ?? '', { DefaultTaxCodeRef: { value: '2' } })
    await story.books.giveTo(await story.books.orders(), 'known')
    await story.poll()
  }, 60_000)
  afterAll(() => story?.end())

  test('is told the amount of the tax and no tax code, and keeps the total to the penny', async () => {
    expect(await story.books.states()).toEqual({ PROCESSED: 4 })
    const postings = await story.books.invoicePostings()
    expect(postings.map(({ verification, mapping }) => [verification, mapping])).toEqual(
      postings.map(() => ['EQUAL', null]),
    )
    const numbers = postings.map(({ documentNumber }) => documentNumber)
    const ours = (await story.books.invoices()).filter(({ DocNumber }) => numbers.includes(DocNumber))
    expect(ours).toHaveLength(4)
    for (const { TxnTaxDetail } of ours) expect(TxnTaxDetail).not.toHaveProperty('TxnTaxCodeRef')
  })
})
