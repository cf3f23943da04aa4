import { beforeAll, describe, expect, test } from '@jest/globals'
import { Decimal } from 'decimal.js'
import { openSandbox, type Sandbox } from '../../../src/sandbox/context.ts'
import { createQuickBooksDesktop } from '../../../src/sandbox/quickbooks-desktop/company-file.ts'
import { emptyWorld, incidentWorld } from '../../../src/sandbox/world/world.ts'

type Stored = { Id: string } & Record<string, unknown>

const world = incidentWorld({ seed: 1 })
const { quickBooksOnline: online, quickBooksDesktop: desktop } = world
let sandbox: Sandbox
const table = (name: string) => [...sandbox.store.table<Stored>(`quickbooksDesktop.${name}`).all()]
const fields = (record: Stored | undefined, name: string) => record?.[name] as Record<string, string> | undefined

beforeAll(() => {
  sandbox = openSandbox({ seed: 1 })
  createQuickBooksDesktop(sandbox, desktop)
})

describe('the world’s company in QuickBooks Desktop', () => {
  test('has the invoices that it has in QuickBooks Online, equal in number, customer, day and total to the penny', () => {
    const invoices = new Map(table('invoices').map((invoice) => [invoice.RefNumber, invoice]))
    expect([invoices.size, online.invoices.length]).toEqual([144, 144])
    for (const { docNumber, customerName, txnDate, lines, shipping, totalTax, createdAt } of online.invoices) {
      const invoice = invoices.get(docNumber)
      const amounts = lines.map(({ amount }) => amount)
      const total = Decimal.sum(0, ...amounts, shipping?.amount ?? 0, totalTax ?? 0)
      const own = new Decimal(String(invoice?.Subtotal)).plus(String(invoice?.SalesTaxTotal))
      expect([fields(invoice, 'CustomerRef')?.FullName, invoice?.TxnDate, own.toFixed(2)]).toEqual([
        customerName,
        txnDate,
        total.toFixed(2),
      ])
      expect(invoice?.Id.split('-')[1]).toBe(String(Math.floor(Date.parse(createdAt) / 1000)))
    }
  })

  test('has an extra line of cents exactly where its one tax differs from that of the lines', () => {
    const rounded = desktop.invoices.filter(({ lines }) =>
      lines.some(({ itemName }) => itemName === 'Sales tax rounding'),
    )
    expect(rounded.length).toBeGreaterThan(0)
    for (const { lines } of rounded) {
      const rounding = lines.filter(({ itemName }) => itemName === 'Sales tax rounding')
      const taxable = lines.filter(({ taxable }) => taxable).length
      expect([rounding.length, new Decimal(rounding[0]?.amount ?? 0).abs().times(100).lte(taxable)]).toEqual([1, true])
    }
  })

  test('has the payments, applied', () => {
    expect(table('payments')).toHaveLength(online.payments?.length ?? 0)
    const paid = table('invoices').filter(({ IsPaid }) => IsPaid === 'true')
    const partly = table('invoices').filter(
      ({ IsPaid, AppliedAmount }) => IsPaid === 'false' && AppliedAmount !== '0.00',
    )
    const [full, half] = [0, 5].map((remainder) =>
      online.payments?.filter(({ paymentRefNum }) => {
        const nth = Number(paymentRefNum?.slice(4)) - 5000
        return remainder === 5 ? nth % 8 === 5 : nth % 8 < 5
      }),
    )
    expect([paid.length, partly.length]).toEqual([full?.length, half?.length])
  })

  test('lacks the discount item exactly when the chart lacks the account', () => {
    const names = (items: { name: string }[]) => items.map(({ name }) => name)
    expect(names(desktop.items)).toEqual(expect.arrayContaining(['Shipping', 'Sales tax', 'Sales tax rounding']))
    expect(names(desktop.items)).not.toContain('Discount')
    expect(names(emptyWorld({ seed: 1 }).quickBooksDesktop.items)).toContain('Discount')
  })

  test('has every ware and customer of QuickBooks Online, and the sales people of the CRM', () => {
    expect(table('items').filter(({ Name }) => String(Name).startsWith('BL-'))).toHaveLength(online.items.length)
    expect(table('customers').map(({ FullName }) => FullName)).toEqual(
      online.customers.map(({ displayName }) => displayName),
    )
    const people = new Set((world.creatio.tables.Employee ?? []).map(({ Name }) => Name))
    expect(table('employees').filter(({ Name }) => people.has(String(Name)))).toHaveLength(5)
    expect(new Set(table('salesReps').map(({ Initial }) => Initial)).size).toBe(5)
  })
})
