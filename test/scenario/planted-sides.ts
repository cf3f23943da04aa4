import { sql } from 'kysely'
import { connectionRow, insertRows, postingRow, processed } from '../storage/rows.ts'
import { byHand } from './by-hand.ts'
import { type Invoice, isSale, minus, type Planting, pennies, type Sold } from './planting.ts'

/** What people do with whole records of QuickBooks: void, delete, enter again, invent; and payments that pay nothing. */
export async function plantRecords(planting: Planting): Promise<void> {
  const { story } = planting
  const gone = async (way: string, operation: 'void' | 'delete') => {
    const sold = planting.take()
    await byHand({ story, id: sold.invoice.Id, operation })
    const kind = operation === 'void' ? 'VOIDED' : 'DELETED'
    planting.expect(way, sold.posting.documentNumber, kind, minus(sold.posting.total))
    return sold
  }
  await gone('it is void', 'void')
  await gone('it is deleted', 'delete')
  const replaced = await gone('it is deleted and entered again', 'delete')
  await byHand({ story, body: copyOf(replaced.invoice) })
  for (const [way, changes] of [
    ['it is there twice, and equal', {}],
    ['it is there twice, on another day', { TxnDate: '2026-06-01' }],
  ] as const) {
    const { posting, invoice } = planting.take()
    const made = await byHand({ story, body: copyOf(invoice, changes) })
    planting.expect(way, posting.documentNumber, 'DUPLICATE', pennies(String(made.TotalAmt)))
  }
  const pattern = planting.invoices[0] as Invoice
  const nobodys = await byHand({ story, body: copyOf(pattern, { DocNumber: 'X-1' }) })
  planting.expect('an invoice is nobody’s', 'X-1', 'UNKNOWN_IN_CRM', pennies(String(nobodys.TotalAmt)))
  const unnumbered = await byHand({ story, body: copyOf(pattern, { DocNumber: undefined }) })
  const number = (unnumbered.DocNumber as string | undefined) ?? null
  planting.expect('an invoice without our number', number, 'UNKNOWN_IN_CRM', pennies(String(unnumbered.TotalAmt)))
  const pay = (body: object) => byHand({ story, entity: 'payment', body })
  await pay({ CustomerRef: pattern.CustomerRef, TotalAmt: 12.34, PaymentRefNum: 'P-1' })
  planting.expect('a payment pays nothing', 'P-1', 'PAYMENT_UNMATCHED', 1234)
  const { invoice } = planting.take()
  const LinkedTxn = [{ TxnId: invoice.Id, TxnType: 'Invoice' }]
  const part = { TotalAmt: 10, PaymentRefNum: 'P-2', Line: [{ Amount: 4, LinkedTxn }] }
  await pay({ CustomerRef: invoice.CustomerRef, ...part })
  planting.expect('a payment is more than it pays', 'P-2', 'PAYMENT_UNMATCHED', 600)
}

function copyOf({ CustomerRef, TxnDate, DueDate, Line, DocNumber }: Invoice, changes: object = {}): object {
  const lines = Line.filter(isSale).map(({ Id: _, ...line }) => line)
  return { ...{ CustomerRef, TxnDate, DueDate, DocNumber }, Line: lines, ...changes }
}

/** What the CRM forgot, invented or changed after it was posted. */
export async function plantInCrm(planting: Planting): Promise<void> {
  const { story } = planting
  const link = { kind: 'MISSING_LINK', cents: '-' } as const
  await planting.order('the CRM forgot the id', planting.take(), { fields: { BGQuickBooksId: '' }, ...link })
  await planting.order('the CRM shows an id that nobody has', planting.take(), {
    fields: { BGQuickBooksId: '987654' },
    ...link,
  })
  const production = connectionRow({ environment: 'PRODUCTION', name: 'Another company' })
  const foreign = { ...processed('2026-03-01T12:00:00Z'), quick_books_id: '555001' }
  await insertRows(story.database, 'connection', [production])
  await insertRows(story.database, 'posting', [postingRow({ connection_id: production.id, ...foreign })])
  const moved = planting.take()
  await planting.order('the CRM shows an id of production', moved, {
    ...{ fields: { BGQuickBooksId: '555001' }, kind: 'ENVIRONMENT' },
    cents: minus(moved.posting.total),
  })
  const BGInvoiceDate = '2026-02-03T17:00:00Z'
  await planting.order('the order was redated', planting.take(), {
    ...{ fields: { BGInvoiceDate }, kind: 'DATE', cents: '-' },
  })
  const [account] = (await story.books.records('creatio.Account')).filter(({ BGQBName }) => BGQBName)
  const resold = planting.take((document) => document.customer.sourceId !== account?.Id)
  const AccountId = account?.Id
  await planting.order('the order was given to another customer', resold, {
    ...{ fields: { AccountId }, kind: 'CUSTOMER', cents: '-' },
  })
  const shipped = planting.take((document) => document.shipping !== '0.00')
  await planting.order('the order’s shipping was waived', shipped, {
    fields: {
      BGShippingCharge: '0',
      Amount: (pennies(shipped.posting.total) - pennies(shipped.document.shipping)) / 100,
    },
    ...{ kind: 'AMOUNT', cents: pennies(shipped.document.shipping) },
  })
}

/** What our own postings forgot. */
export async function plantInPostings(planting: Planting): Promise<void> {
  const { story } = planting
  const forget = async (way: string, sold: Sold, kind: string, cents: number | '-') => {
    await story.database.run(sql`
      update posting set state = 'FAILED', reason_code = 'INTERNAL_ERROR', reason_detail = '{}', quick_books_id = null, verification = null
      where id = ${sold.posting.id}`)
    planting.expect(way, sold.posting.documentNumber, kind, cents)
  }
  await forget('a posting came to rest, and QuickBooks has it', planting.take(), 'MISSING_LINK', '-')
  const absent = planting.take()
  await byHand({ story, id: absent.invoice.Id, operation: 'delete' })
  const total = minus(absent.posting.total)
  await forget('a posting came to rest, and QuickBooks has nothing', absent, 'MISSING_IN_QUICKBOOKS', total)
}
