import { accountColumns } from './account.ts'
import { CreatioError } from './creatio-error.ts'
import type { CrmOrder } from './crm-order.ts'
import type { CrmTables } from './crm-tables.ts'
import { type KeyCursor, keyedPage } from './keyed-page.ts'
import { anyOf, chunks, type Expansion, instantLiteral, portions, type Query, textLiteral } from './odata.ts'
import type { Profile } from './profile.ts'
import { readOrder } from './read-order.ts'
import { present, type Row, readGuid, readText } from './values.ts'

/**
 * Reads orders with their lines, accounts, contacts, currencies and product codes: one batch for many orders.
 * The map's keys are the ids in lower case; an order that does not exist is absent. Throws CreatioError.
 */
export async function orders(args: {
  tables: CrmTables
  profile: Profile
  ids: string[]
}): Promise<Map<string, CrmOrder>> {
  const { tables, profile, ids } = args
  const { idsPerFilterMax, ordersPerBatchMax, batchPartsMax } = profile.limits
  // Each portion is two parts of a batch, so that a batch holds both or none.
  const portionsPerBatch = Math.max(
    1,
    Math.min(Math.floor(ordersPerBatchMax / idsPerFilterMax), Math.floor(batchPartsMax / 2)),
  )
  const batches = chunks(portions(ids, profile.limits), portionsPerBatch)
  const read = await tables.sideBySide(
    batches.map((batch) => async () => {
      const queries = batch.flatMap((portion) => [orderQuery(profile, portion), lineQuery(profile, portion)])
      const answers = await tables.all(queries)
      return batch.flatMap((_, index) => joined(answers[2 * index]!, answers[2 * index + 1]!, profile))
    }),
  )
  return new Map(read.flat().map((order) => [order.id, order]))
}

/** The id of the order that bears a number; null when there is none. Throws CreatioError when several bear it. */
export async function orderIdByNumber(args: {
  tables: CrmTables
  profile: Profile
  number: string
}): Promise<string | null> {
  const { tables, profile, number } = args
  const { order } = profile
  const filter = `${order.number} eq ${textLiteral(number)}`
  const { rows } = await tables.page({ set: order.set, select: ['Id'], filter, orderBy: ['CreatedOn', 'Id'], top: 2 })
  if (rows.length > 1) {
    throw new CreatioError({ kind: 'not-understood', detail: `more than one order bears the number ${number}` })
  }
  return readGuid(rows[0]?.Id)
}

/** What a sweep of all orders reads of each. */
export interface OrderKey {
  id: string
  number: string | null
  createdOn: string
}

export interface OrderKeyPage {
  orders: OrderKey[]
  next: KeyCursor | null
}

/** One page of the orders that were created between two instants, by CreatedOn and Id; `next` is null when nothing came. */
export async function orderKeys(args: {
  tables: CrmTables
  profile: Profile
  /** Null: since ever. */
  since: string | null
  before: string
  after: KeyCursor | null
  limit: number
}): Promise<OrderKeyPage> {
  const { tables, profile, since, before, after, limit } = args
  const { set, number } = profile.order
  const filter = [
    ...(since === null ? [] : [`CreatedOn ge ${instantLiteral(since)}`]),
    `CreatedOn lt ${instantLiteral(before)}`,
  ].join(' and ')
  const query = { set, select: ['Id', number, 'CreatedOn'], filter }
  const { rows, next } = await keyedPage({ tables, query, after, rowsMax: Math.min(limit, profile.limits.pageRowsMax) })
  const orders = rows.map((row) => ({
    id: readGuid(row.Id) ?? '',
    number: readText(row[number]),
    createdOn: readText(row.CreatedOn) ?? '',
  }))
  return { orders, next }
}

/** The allow-list of the Order table: it also holds card numbers, which must never be read. */
function orderQuery(profile: Profile, ids: string[]): Query {
  const { order, contact, currency, limits } = profile
  const named = (lookups: (string | null)[]): Expansion[] =>
    present(lookups).map((navigation) => ({ navigation, select: ['Id', 'Name'] }))
  const own = [order.number, 'ModifiedOn', order.date, order.quickBooksId, order.invoiceNumber, order.invoiceDate]
  const more = [
    order.dueDate,
    order.shipDate,
    order.shipping,
    order.taxed,
    order.tax,
    order.amount,
    order.purchaseOrderNumber,
    order.shipTo.street,
    order.shipTo.postalCode,
  ]
  const type = order.transactionType === null ? null : `${order.transactionType}Id`
  return {
    set: order.set,
    select: present(['Id', ...own, ...more, type]),
    expand: [
      { navigation: order.account, ...accountColumns(profile) },
      { navigation: order.contact, select: present(['Id', contact.email, contact.phone]) },
      { navigation: order.currency, select: ['Id', currency.code] },
      ...named([order.status, order.salesGroup, order.paymentStatus, order.terms, order.taxName]),
      ...named([order.shipTo.city, order.shipTo.state, order.shipTo.country]),
      ...present([order.correctedOrder]).map((navigation) => ({
        navigation,
        select: present(['Id', order.number, order.invoiceNumber]),
      })),
    ],
    filter: anyOf('Id', ids),
    orderBy: ['Id'],
    top: limits.pageRowsMax,
  }
}

function lineQuery({ orderLine, product, limits }: Profile, orderIds: string[]): Query {
  const { price, standardPrice, quantity, standardQuantity, discountPercent, standardDiscountPercent, taxable } =
    orderLine
  const { taxName } = orderLine
  const values = [price, standardPrice, quantity, standardQuantity, discountPercent, standardDiscountPercent, taxable]
  return {
    set: orderLine.set,
    select: present(['Id', `${orderLine.order}Id`, orderLine.name, ...values]),
    expand: [
      {
        navigation: orderLine.product,
        select: ['Id', product.code],
        expand: present([product.category]).map((navigation) => ({ navigation, select: ['Id', 'Name'] })),
      },
      ...present([taxName]).map((navigation) => ({ navigation, select: ['Id', 'Name'] })),
    ],
    filter: anyOf(`${orderLine.order}/Id`, orderIds),
    // The order in which they were entered; it must not change from one reading to the next.
    orderBy: present([orderLine.position, 'CreatedOn', 'Id']),
    top: limits.pageRowsMax,
  }
}

function joined(orderRows: Row[], lineRows: Row[], profile: Profile): CrmOrder[] {
  const linesOf = Map.groupBy(lineRows, (row) => readGuid(row[`${profile.orderLine.order}Id`]) ?? '')
  return orderRows.map((row) => readOrder({ row, lineRows: linesOf.get(readGuid(row.Id) ?? '') ?? [], profile }))
}
