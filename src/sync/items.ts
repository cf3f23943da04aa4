import type { CrmProduct, ProductFacts, ProductWrite } from '../creatio/creatio.ts'
import type { KeyCursor } from '../creatio/keyed-page.ts'
import { type Connection, isShadow } from '../domain/connection.ts'
import { ItemPull } from '../domain/item-pull.ts'
import type { LedgerItem } from '../domain/ledger-record.ts'
import { LinkKind } from '../domain/link.ts'
import { MirrorEntity } from '../domain/mirror.ts'
import { plain } from '../domain/money.ts'
import { findConnection, listConnections, saveItemCreation } from '../storage/connections.ts'
import { findLinks, type LinkDraft, saveLinks } from '../storage/links.ts'
import { mirroredItems } from '../storage/mirror-items.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { syncCursors } from '../storage/sync-cursors.ts'
import { onceADay } from './business-day.ts'
import type { Road } from './road.ts'

const PAGE_ROWS_MAX = 500

type PullingRoad = Pick<Road, 'database' | 'crm' | 'ledgerOf' | 'now' | 'log' | 'signal' | 'wake'>

/**
 * Once a day, from the given hour of the business on, the items of every mirrored company are matched to products of the CRM. A
 * company whose items are still being read for the first time has its turn as soon as they all are.
 */
export async function pullItemsDaily(road: PullingRoad, { hour }: { hour: number }): Promise<void> {
  for (const connection of await listConnections(road.database)) {
    if (!(await areItemsRead(road, connection))) continue
    const name = `items-daily ${connection.id}`
    const pull = await onceADay(road, { name, hour, work: () => pullItems(road, connection) })
    if (pull) road.log.info({ connection: connection.name, ...pull }, 'items were matched to products')
  }
}

/** The same for one company, as soon as a person asks. Throws InvalidRequest. */
export async function pullItemsNow(road: PullingRoad, { connectionId }: { connectionId: string }): Promise<ItemPull> {
  const connection = await findConnection(road.database, { id: connectionId })
  if (!connection) throw new InvalidRequest(`There is no connection ${connectionId}.`)
  if (!road.ledgerOf(connection).mirror)
    throw new InvalidRequest('Items are pulled from the mirror, and this kind of QuickBooks has none.')
  if (!(await areItemsRead(road, connection)))
    throw new InvalidRequest('Items are pulled from the mirror, which is still being read for the first time.')
  return pullItems(road, connection)
}

/** Of a mirror that was not read to its end yet, nobody can say what QuickBooks lacks, nor what it has twice. */
async function areItemsRead({ database, ledgerOf }: PullingRoad, connection: Connection): Promise<boolean> {
  if (!ledgerOf(connection).mirror?.kinds.includes(MirrorEntity.ITEM)) return false
  const cursors = await syncCursors(database, { connectionId: connection.id })
  return cursors.some(({ entity, lastFullAt }) => entity === MirrorEntity.ITEM && lastFullAt !== null)
}

/** Says whether items that orders need, and QuickBooks lacks, are created there. Throws InvalidRequest. */
export async function setItemCreation(
  road: Pick<Road, 'database'>,
  { connectionId, allowed }: { connectionId: string; allowed: boolean },
): Promise<Connection> {
  await saveItemCreation(road.database, { id: connectionId, allowed })
  const connection = await findConnection(road.database, { id: connectionId })
  if (!connection) throw new InvalidRequest(`There is no connection ${connectionId}.`)
  return connection
}

/**
 * Matches the products of the CRM to the items of one company: by their link, else by stock number, else by name; of items
 * that nothing is linked to, only active ones. What is found is linked. The default connection also writes name, price,
 * description and whether it is active, into the columns that the profile names, and a price that people keep stays.
 */
async function pullItems(road: PullingRoad, connection: Connection): Promise<ItemPull> {
  const items = await soldItems(road, connection)
  const finder = finderOf(items)
  const pull = Object.assign(new ItemPull(), {
    ...{ items: items.length, products: 0, matched: 0, linked: 0, written: 0, unmatched: 0, ambiguous: 0, refused: [] },
  })
  let after: KeyCursor | null = null
  do {
    road.signal.throwIfAborted()
    const page = await road.crm.products({ after, limit: PAGE_ROWS_MAX })
    await takePage(road, { connection, products: page.products, finder, pull })
    after = page.next
  } while (after !== null)
  return pull
}

async function takePage(
  road: PullingRoad,
  args: { connection: Connection; products: CrmProduct[]; finder: Finder; pull: ItemPull },
): Promise<void> {
  const { connection, products, finder, pull } = args
  const sourceIds = products.map(({ id }) => id)
  const known = await findLinks(road.database, { connectionId: connection.id, kind: LinkKind.ITEM, sourceIds })
  const links: LinkDraft[] = []
  const writes: ProductWrite[] = []
  for (const product of products) {
    pull.products += 1
    const linkedId = known.get(product.id) ?? null
    const found = finder(product, linkedId)
    if (found === 'AMBIGUOUS') pull.ambiguous += 1
    else if (found === null) pull.unmatched += 1
    else {
      pull.matched += 1
      const { quickBooksId, name } = found
      if (linkedId !== quickBooksId) links.push({ kind: LinkKind.ITEM, sourceId: product.id, quickBooksId, name })
      const facts = changed(product, found)
      if (connection.isDefault && !isShadow(connection) && Object.keys(facts).length > 0)
        writes.push({ id: product.id, facts })
    }
  }
  await saveLinks(road.database, { connectionId: connection.id, links, now: road.now() })
  pull.linked += links.length
  if (writes.length === 0) return
  const codes = new Map(products.map(({ id, code, name }) => [id, code ?? name ?? id]))
  for (const [id, result] of await road.crm.writeProducts(writes)) {
    if (result.kind === 'confirmed') pull.written += 1
    else pull.refused.push(`${codes.get(id)}: ${'detail' in result ? result.detail : 'it is gone'}`)
  }
}

/** An item of QuickBooks as the mirror has it. */
interface MirroredItem extends LedgerItem {
  quickBooksId: string
  name: string
  stockNumber: string | null
  active: boolean
}

/** Products and services; what is bought for nobody's stock is no product of the CRM. */
async function soldItems(road: PullingRoad, connection: Connection): Promise<MirroredItem[]> {
  const { mirror } = road.ledgerOf(connection)
  const items: MirroredItem[] = []
  for await (const rows of mirroredItems(road.database, { connectionId: connection.id })) {
    for (const { quickBooksId, name, stockNumber, active, raw } of rows) {
      const item = mirror?.itemOf(raw)
      if (item?.sold) items.push({ ...item, quickBooksId, name, stockNumber, active })
    }
  }
  return items
}

type Finder = (product: CrmProduct, linkedId: string | null) => MirroredItem | 'AMBIGUOUS' | null

/** Finds the item of a product. Two items of one stock number, or name, are nobody's: a person must say which. */
function finderOf(items: MirroredItem[]): Finder {
  const byId = new Map(items.map((item) => [item.quickBooksId, item]))
  const active = items.filter((item) => item.active)
  const byStockNumber = Map.groupBy(active, ({ stockNumber }) => stockNumber?.trim().toLowerCase() ?? '')
  const byName = Map.groupBy(active, ({ name }) => name.trim().toLowerCase())
  // QuickBooks Desktop names an item after those that it stands below: the last part alone tells it, where one has it.
  const byLastName = Map.groupBy(active, ({ name }) =>
    name
      .slice(name.lastIndexOf(':') + 1)
      .trim()
      .toLowerCase(),
  )
  return ({ code, name }, linkedId) => {
    const linked = linkedId === null ? undefined : byId.get(linkedId)
    if (linked) return linked
    const tries = [
      [byStockNumber, code],
      [byName, code],
      [byLastName, code],
      [byName, name],
      [byLastName, name],
    ] as const
    for (const [index, word] of tries) {
      const found = word === null || word.trim() === '' ? [] : (index.get(word.trim().toLowerCase()) ?? [])
      if (found.length > 1) return 'AMBIGUOUS'
      if (found[0]) return found[0]
    }
    return null
  }
}

/** What the CRM has otherwise, in the columns that its profile names. */
function changed({ facts, priceIsManual }: CrmProduct, item: MirroredItem): Partial<ProductFacts> {
  const { quickBooksId, name, description, active } = item
  const price = item.price === null ? null : plain(item.price)
  const wanted: ProductFacts = { quickBooksId, name, price, description, active, inactive: !active }
  const columns = Object.keys(facts) as (keyof ProductFacts)[]
  const differing = columns.filter((column) => {
    // What QuickBooks has no price for keeps the CRM's.
    if (column === 'price') return price !== null && !priceIsManual && facts.price !== price
    return facts[column] !== wanted[column]
  })
  return Object.fromEntries(differing.map((column) => [column, wanted[column]]))
}
