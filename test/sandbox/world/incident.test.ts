import { describe, expect, test } from '@jest/globals'
import { Decimal } from 'decimal.js'
import { lookups } from '../../../src/sandbox/creatio/lookups.ts'
import { entities } from '../../../src/sandbox/creatio/schema.ts'
import { defaultCounts, incidentCounts, ordersOf } from '../../../src/sandbox/world/incident-counts.ts'
import type { CreatioRow, World } from '../../../src/sandbox/world/seed.ts'
import { emptyWorld, incidentWorld } from '../../../src/sandbox/world/world.ts'

const world = incidentWorld({ seed: 1 })
const {
  Order: orders = [],
  OrderProduct: lines = [],
  BGQuickBooksIntegrationLogDetail: logRows = [],
} = world.creatio.tables
const statuses = lookups.BGQuickBooksIntegrationStatus
const types = lookups.BGQuickBooksIntegrationType
const actions = lookups.BGQuickBooksIntegrationAction
const zeroGuid = '00000000-0000-0000-0000-000000000000'

const ordersById = new Map(orders.map((order) => [order.Id, order]))
const linesByOrder = Map.groupBy(lines, (line) => String(line.OrderId))
const invoices = new Map(world.quickBooksOnline.invoices.map((invoice) => [invoice.docNumber, invoice]))
const invoiceOf = (order: CreatioRow) => invoices.get(String(order.BGNumberInvoice))
const withStatus = (status: string) => logRows.filter((row) => row.BGStatusId === status)
const ordersOfRows = (rows: CreatioRow[]) =>
  [...new Set(rows.map((row) => String(row.BGRecordId)))].flatMap((id) => ordersById.get(id) ?? [])
const accountNames = new Map((world.creatio.tables.Account ?? []).map(({ Id, BGQBName }) => [Id, BGQBName]))

/** Half up to pennies, worked out independently of the world's own arithmetic. */
const pennies = (value: Decimal) => value.toDecimalPlaces(2, Decimal.ROUND_HALF_UP)
const decimal = (value: unknown) => new Decimal(String(value))

function totalOfInvoice(invoice: World['quickBooksOnline']['invoices'][number]): Decimal {
  const amounts = invoice.lines.map(({ amount }) => amount)
  return Decimal.sum(0, ...amounts, invoice.shipping?.amount ?? 0, invoice.totalTax ?? 0)
}
const equals = (order: CreatioRow) => {
  const invoice = invoiceOf(order)
  return (
    invoice !== undefined &&
    totalOfInvoice(invoice).eq(decimal(order.Amount)) &&
    invoice.customerName === accountNames.get(String(order.AccountId))
  )
}

describe('the world after the incident', () => {
  test('has the counts that its table promises', () => {
    expect([orders.length, ordersOf(defaultCounts)]).toEqual([1197, 1197])
    const byStatus = Object.entries(statuses).map(([name, id]) => [name, withStatus(id).length])
    expect(Object.fromEntries(byStatus)).toEqual({
      Pending: 330,
      Processing: 100,
      Processed: 707,
      Error: 57,
      'Re-Process': 0,
    })
  })

  test('637 orders are falsely Processed: no id, and nothing in QuickBooks', () => {
    const processed = ordersOfRows(withStatus(statuses.Processed))
    const falsely = processed.filter((order) => order.BGQuickBooksId === '')
    expect([processed.length, falsely.length, falsely.filter(invoiceOf).length]).toEqual([707, 637, 0])
    const dates = falsely.map(({ CreatedOn }) => String(CreatedOn)).sort()
    expect([dates[0]?.slice(0, 7), dates.at(-1)?.slice(0, 7)]).toEqual(['2023-08', '2026-01'])
  })

  test('70 were really processed: the id is that of an equal invoice', () => {
    const linked = orders.filter((order) => order.BGQuickBooksId !== '')
    expect(linked).toHaveLength(70)
    for (const order of linked) expect([invoiceOf(order)?.id, equals(order)]).toEqual([order.BGQuickBooksId, true])
  })

  test('40 of the 100 stuck and 20 of the 57 timed out exist in QuickBooks, equal', () => {
    const stuck = ordersOfRows(withStatus(statuses.Processing))
    const timedOut = ordersOfRows(withStatus(statuses.Error))
    expect([stuck.length, stuck.filter(equals).length, stuck.filter(invoiceOf).length]).toEqual([100, 40, 40])
    expect([timedOut.length, timedOut.filter(equals).length, timedOut.filter(invoiceOf).length]).toEqual([57, 20, 20])
    for (const row of withStatus(statuses.Error)) expect(row.BGErrorMessage).toBe('Connection timeout')
    for (const row of withStatus(statuses.Processing))
      expect(Date.parse('2026-01-21T12:00:00Z') - Date.parse(String(row.ModifiedOn))).toBeGreaterThan(3_600_000)
  })

  test('among the Pending is one of each oddity that its table promises', () => {
    const rows = withStatus(statuses.Pending)
    const inserts = rows.filter((row) => row.BGTypeId === types.CustomerOrder && row.BGActionId !== actions.Delete)
    const pending = ordersOfRows(inserts)
    const deletes = rows.filter((row) => row.BGActionId === actions.Delete)
    const linesOf = (order: CreatioRow) => linesByOrder.get(order.Id) ?? []
    const rowCounts = [...Map.groupBy(inserts, (row) => row.BGRecordId).values()].map((group) => group.length)
    expect({
      orders: pending.length,
      equal: pending.filter(equals).length,
      different: pending.filter((order) => invoiceOf(order) && !equals(order)).length,
      discounted: pending.filter((order) => linesOf(order).some((line) => line.BGItemDiscount !== '0')).length,
      unknownCustomer: pending.filter((order) => order.AccountId === zeroGuid).length,
      cancelled: pending.filter((order) => order.StatusId === lookups.OrderStatus.Canceled).length,
      empty: pending.filter((order) => linesOf(order).length === 0).length,
      zeroQuantity: pending.filter(
        (order) => linesOf(order).length > 0 && linesOf(order).every((line) => line.Quantity === '0'),
      ).length,
      twoRows: rowCounts.filter((count) => count === 2).length,
      threeRows: rowCounts.filter((count) => count === 3).length,
      deletes: [deletes.length, ordersOfRows(deletes).length],
      factory: rows.filter((row) => row.BGTypeId === types.FactoryOrder && !ordersById.has(String(row.BGRecordId)))
        .length,
      inventory: rows.filter((row) => row.BGTypeId === types.InventoryAdjustment).length,
      commission: rows.filter((row) => row.BGTypeId === types.Commission).length,
    }).toEqual({
      orders: 306,
      equal: 12,
      different: 2,
      discounted: 1,
      unknownCustomer: 1,
      cancelled: 6,
      empty: 5,
      zeroQuantity: 4,
      twoRows: 4,
      threeRows: 4,
      deletes: [5, 2],
      factory: 4,
      inventory: 2,
      commission: 1,
    })
  })

  test('one mismatch differs by at least a cent, the other in customer only', () => {
    const different = ordersOfRows(withStatus(statuses.Pending)).filter((order) => invoiceOf(order) && !equals(order))
    const differences = different.map((order) => totalOfInvoice(invoiceOf(order)!).minus(decimal(order.Amount)))
    expect(differences.map((difference) => difference.gt(0)).sort()).toEqual([false, true])
    expect(differences.every((difference) => difference.abs().lt(1))).toBe(true)
  })

  test('25 eligible orders have no log row', () => {
    const logged = new Set(logRows.map((row) => row.BGRecordId))
    const without = orders.filter((order) => !logged.has(order.Id))
    expect([without.length, without.filter((order) => order.BGHasQuickBooksLog === false).length]).toEqual([25, 25])
  })

  test('only one order that is not in QuickBooks has a discount, and the chart has no account for it', () => {
    const discounted = orders.filter((order) =>
      (linesByOrder.get(order.Id) ?? []).some((line) => line.BGItemDiscount !== '0'),
    )
    expect([discounted.length, discounted.filter(invoiceOf).length]).toEqual([1, 0])
    expect(world.quickBooksOnline.accounts.some(({ name }) => name === 'Discount')).toBe(false)
  })

  test('90 of the 120 customers and all 60 items exist in QuickBooks', () => {
    const { Account: accounts = [], Product: products = [] } = world.creatio.tables
    const customers = new Set(world.quickBooksOnline.customers.map(({ displayName }) => displayName))
    const items = new Set(world.quickBooksOnline.items.map(({ sku }) => sku))
    expect([accounts.length, accounts.filter(({ BGQBName }) => customers.has(String(BGQBName))).length]).toEqual([
      120, 90,
    ])
    expect([products.length, products.filter(({ Code }) => items.has(String(Code))).length]).toEqual([60, 60])
    expect(new Set(accounts.map(({ Name }) => Name)).size).toBe(120)
  })

  test('numbers rise with time and are used once', () => {
    const numbers = orders.map(({ Number: number }) => String(number))
    expect([numbers[0], new Set(numbers).size]).toEqual(['ORD-14900', 1197])
    expect(orders[0]?.BGNumberInvoice).toBe('61000')
    expect(new Set(orders.map(({ BGNumberInvoice }) => BGNumberInvoice)).size).toBe(1197)
  })

  test('names have accents, apostrophes and ampersands, prices up to five places and quantities up to three', () => {
    const names = JSON.stringify(world.creatio.tables.Account)
    for (const letter of ["'", '&', 'ü', 'Ñ']) expect(names).toContain(letter)
    const places = (column: string) => Math.max(...lines.map((line) => decimal(line[column]).decimalPlaces()))
    expect([places('BGItemPrice'), places('BGItemQuantity')]).toEqual([5, 3])
  })
})

describe('consistency', () => {
  test('every order adds up to the penny', () => {
    for (const order of orders) {
      const own = linesByOrder.get(order.Id) ?? []
      const parts = own.map((line) => {
        const gross = pennies(decimal(line.BGItemPrice).times(decimal(line.BGItemQuantity)))
        const discount = pennies(gross.times(decimal(line.BGItemDiscount)).div(100))
        expect([String(line.Amount), String(line.DiscountAmount)]).toEqual([gross.toFixed(2), discount.toFixed(2)])
        return gross.minus(discount)
      })
      const tax = Decimal.sum(0, ...own.map((line) => String(line.TaxAmount)))
      const total = Decimal.sum(0, ...parts, String(order.BGShippingCharge), String(order.BGTaxAmount))
      expect([order.BGTaxAmount, order.Amount]).toEqual([tax.toFixed(2), total.toFixed(2)])
    }
  })

  test('every column exists and every lookup leads to a row', () => {
    for (const [table, rows] of Object.entries(world.creatio.tables)) {
      const entity = entities.get(table)
      for (const row of rows) {
        for (const [name, value] of Object.entries(row)) {
          const column = entity?.columns.get(name)
          if (!column) throw new Error(`${table} has no column ${name}`)
          if (!column.reference || value === zeroGuid) continue
          if (!idsOf(column.reference).has(String(value))) throw new Error(`${table}.${name} leads nowhere`)
        }
      }
    }
  })

  test('a payment never exceeds its invoice', () => {
    const { payments = [] } = world.quickBooksOnline
    expect(payments.length).toBeGreaterThan(40)
    for (const { applications } of payments) {
      for (const { docNumber, amount } of applications) {
        expect(totalOfInvoice(invoices.get(docNumber)!).gte(amount)).toBe(true)
      }
    }
  })
})

describe('making a world', () => {
  test('the same seed makes the same world, another seed another', () => {
    expect(JSON.stringify(incidentWorld({ seed: 1 }))).toBe(JSON.stringify(world))
    expect(JSON.stringify(incidentWorld({ seed: 2 }))).not.toBe(JSON.stringify(world))
  })

  test.each([12, 120, 5_000])('%d orders keep the proportions and at least one of each oddity', (wanted) => {
    const counts = incidentCounts({ orders: wanted })
    expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(1)
    expect([counts.discounted, counts.unknownCustomer]).toEqual([1, 1])
    if (wanted >= 120) expect(ordersOf(counts)).toBe(wanted)
    expect(incidentWorld({ seed: 1, orders: wanted }).creatio.tables.Order).toHaveLength(ordersOf(counts))
  })

  test('single counts can be set', () => {
    const { creatio } = incidentWorld({ seed: 1, orders: 120, counts: { pending: 500 } })
    expect(creatio.tables.Order?.length).toBeGreaterThan(550)
  })

  test('the empty world has both sides of a company, a Discount account and no order', () => {
    const { creatio, quickBooksOnline } = emptyWorld({ seed: 1 })
    expect([creatio.tables.Order, creatio.tables.Account?.length, quickBooksOnline.customers.length]).toEqual([
      undefined,
      5,
      5,
    ])
    expect(quickBooksOnline.accounts.map(({ name }) => name)).toContain('Discount')
  })
})

const idSets = new Map<string, Set<string>>()
function idsOf(table: string): Set<string> {
  let ids = idSets.get(table)
  if (!ids) {
    ids = new Set((world.creatio.tables[table] ?? []).map(({ Id }) => Id))
    idSets.set(table, ids)
  }
  return ids
}
