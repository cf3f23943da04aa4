/**
 * How many there are of each in the world after the incident. The default has 1,197 orders, 330 Pending log rows,
 * 100 Processing, 57 Error and 707 Processed:
 *
 * | count | default | what |
 * |---|---|---|
 * | falselyProcessed | 637 | log row Processed, no QuickBooks id, not in QuickBooks |
 * | processed | 70 | log row Processed, QuickBooks id, equal invoice in QuickBooks (most of them paid) |
 * | stuckAbsent, stuckInQuickBooks | 60, 40 | log row Processing since hours; the second kind has an equal invoice in QuickBooks |
 * | timedOutAbsent, timedOutInQuickBooks | 37, 20 | log row Error "Connection timeout"; likewise |
 * | pending | 267 | plain: must simply be posted |
 * | adoptable | 12 | Pending, and an equal invoice is in QuickBooks already |
 * | mismatched | 2 | Pending, and an invoice with its number is in QuickBooks that differs by a cent or more, or in customer (by turns) |
 * | discounted | 1 | Pending, with a line discount: the only order not in QuickBooks that has one (the chart lacks "Discount") |
 * | unknownCustomer | 1 | Pending, AccountId is the zero guid |
 * | cancelled, empty, zeroQuantity | 6, 5, 4 | Pending, and not to be invoiced: status Canceled, no lines, all quantities 0 |
 * | severalRows | 8 | Pending with two or three log rows by turns (20 rows) |
 * | deleteRows | 5 | Pending rows with action Delete: three of orders that are gone, two of orders that were never posted |
 * | factoryRows, inventoryRows, commissionRows | 4, 2, 1 | Pending rows of other types, whose record is not an order |
 * | withoutLogRow | 25 | eligible orders with no log row, BGHasQuickBooksLog false |
 */
export interface IncidentCounts {
  falselyProcessed: number
  processed: number
  stuckAbsent: number
  stuckInQuickBooks: number
  timedOutAbsent: number
  timedOutInQuickBooks: number
  pending: number
  adoptable: number
  mismatched: number
  discounted: number
  unknownCustomer: number
  cancelled: number
  empty: number
  zeroQuantity: number
  severalRows: number
  deleteRows: number
  factoryRows: number
  inventoryRows: number
  commissionRows: number
  withoutLogRow: number
}

export const defaultCounts: Readonly<IncidentCounts> = {
  falselyProcessed: 637,
  processed: 70,
  stuckAbsent: 60,
  stuckInQuickBooks: 40,
  timedOutAbsent: 37,
  timedOutInQuickBooks: 20,
  pending: 267,
  adoptable: 12,
  mismatched: 2,
  discounted: 1,
  unknownCustomer: 1,
  cancelled: 6,
  empty: 5,
  zeroQuantity: 4,
  severalRows: 8,
  deleteRows: 5,
  factoryRows: 4,
  inventoryRows: 2,
  commissionRows: 1,
  withoutLogRow: 25,
}

const single = new Set<keyof IncidentCounts>(['discounted', 'unknownCustomer'])
const rowsOnly = new Set<keyof IncidentCounts>(['factoryRows', 'inventoryRows', 'commissionRows'])

/**
 * The counts in proportion to a number of orders. At least one of each remains however small the world, the discounted
 * order and the unknown customer stay alone however large, and the plain pending orders take up what rounding leaves.
 */
export function incidentCounts({ orders }: { orders?: number | undefined } = {}): IncidentCounts {
  const counts = { ...defaultCounts }
  if (orders === undefined) return counts
  const factor = orders / ordersOf(defaultCounts)
  for (const name of Object.keys(counts) as (keyof IncidentCounts)[]) {
    if (!single.has(name)) counts[name] = Math.max(1, Math.round(counts[name] * factor))
  }
  counts.pending = Math.max(1, counts.pending + orders - ordersOf(counts))
  return counts
}

/** How many orders a world with these counts holds. */
export function ordersOf(counts: IncidentCounts): number {
  let orders = 0
  for (const name of Object.keys(counts) as (keyof IncidentCounts)[]) {
    if (name !== 'deleteRows' && !rowsOnly.has(name)) orders += counts[name]
  }
  return orders + unpostedDeletes(counts)
}

/** Of the Delete rows, those whose order is still there (two of five). */
export function unpostedDeletes(counts: IncidentCounts): number {
  return Math.floor((counts.deleteRows * 2) / 5)
}
