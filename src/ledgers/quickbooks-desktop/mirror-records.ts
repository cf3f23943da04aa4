import type { LedgerItem, LedgerRecord, LedgerTax } from '../../domain/ledger-record.ts'
import { type MirrorDraft, MirrorEntity, type MirroredEntity, type MirroredTaxRecord } from '../../domain/mirror.ts'
import { decimal, type Money, money, sum, ZERO } from '../../domain/money.ts'
import { numberAt } from './amounts.ts'
import { sameName } from './names.ts'
import { type Element, textAt } from './read-xml.ts'
import { readRecord } from './records.ts'
import type { RequestName } from './schema/requests.ts'
import type { Reading } from './txn-records.ts'

interface Source {
  queries: readonly RequestName[]
  /** The kinds of record that it comes as. */
  rets: readonly string[]
  /** What QuickBooks calls its kinds once they are deleted. */
  deleted: readonly string[]
  /** Records of lists are named, and have no number; a document has a number and no name. */
  isListed: boolean
}

const document = (name: 'Invoice' | 'ReceivePayment' | 'CreditMemo'): Source => ({
  ...{ queries: [`${name}Query`], rets: [`${name}Ret`], deleted: [name], isListed: false },
})

const ITEM_KINDS =
  'Service NonInventory OtherCharge Inventory InventoryAssembly FixedAsset Subtotal Discount Payment Group'
const items = ITEM_KINDS.split(' ').map((kind) => `Item${kind}`)
const taxItems = ['ItemSalesTax', 'ItemSalesTaxGroup']
const ret = (name: string) => `${name}Ret`

/** What is mirrored of a company file, in QuickBooks' words. Its sales tax items are its tax rates. */
export const SOURCES = {
  [MirrorEntity.INVOICE]: document('Invoice'),
  [MirrorEntity.PAYMENT]: document('ReceivePayment'),
  [MirrorEntity.CREDIT_MEMO]: document('CreditMemo'),
  [MirrorEntity.CUSTOMER]: {
    ...{ queries: ['CustomerQuery'], rets: ['CustomerRet'], deleted: ['Customer'], isListed: true },
  },
  [MirrorEntity.ACCOUNT]: {
    ...{ queries: ['AccountQuery'], rets: ['AccountRet'], deleted: ['Account'], isListed: true },
  },
  [MirrorEntity.ITEM]: { queries: ['ItemQuery'], rets: items.map(ret), deleted: items, isListed: true },
  [MirrorEntity.TAX_CODE]: {
    ...{ queries: ['SalesTaxCodeQuery'], rets: ['SalesTaxCodeRet'], deleted: ['SalesTaxCode'], isListed: true },
  },
  [MirrorEntity.TAX_RATE]: {
    queries: ['ItemSalesTaxQuery', 'ItemSalesTaxGroupQuery'],
    ...{ rets: taxItems.map(ret), deleted: taxItems, isListed: true },
  },
} as const satisfies Partial<Record<MirroredEntity, Source>>

export type DesktopEntity = keyof typeof SOURCES

export const KINDS = Object.keys(SOURCES) as DesktopEntity[]

/** Tax codes and rates are read in full once a week: they are few, and seldom change. */
export const CAPTURED: readonly DesktopEntity[] = KINDS.filter(
  (entity) => entity !== MirrorEntity.TAX_CODE && entity !== MirrorEntity.TAX_RATE,
)

export function isMirrored(entity: MirroredEntity): entity is DesktopEntity {
  return entity in SOURCES
}

/** The kind of which a record comes, or was deleted; undefined for one that is not mirrored. */
function kindOf(field: 'rets' | 'deleted', name: string | undefined): DesktopEntity | undefined {
  return KINDS.find((entity) => (SOURCES[entity][field] as readonly string[]).includes(name ?? ''))
}

/** Reads a record of an answer, also the news that one was deleted; null when it is of no kind that is mirrored. */
export function draftOf(element: Element): MirrorDraft | null {
  const quickBooksId = textAt(element, 'TxnID') ?? textAt(element, 'ListID')
  if (!quickBooksId) return null
  if (element.name === 'TxnDeletedRet' || element.name === 'ListDeletedRet') {
    const entity = kindOf('deleted', textAt(element, 'TxnDelType') ?? textAt(element, 'ListDelType'))
    return entity === undefined ? null : { ...NOTHING, entity, quickBooksId, deleted: true, active: false, raw: '{}' }
  }
  const entity = kindOf('rets', element.name)
  if (entity === undefined) return null
  const common = {
    entity: entity as MirroredEntity,
    quickBooksId,
    deleted: false,
    syncToken: tokenOf(textAt(element, 'EditSequence')),
    changedAt: instantOf(textAt(element, 'TimeModified')),
  }
  return SOURCES[entity].isListed ? { ...common, ...listed(element) } : { ...common, ...documented(element) }
}

type Own = Omit<MirrorDraft, 'entity' | 'quickBooksId' | 'deleted' | 'syncToken' | 'changedAt'>

function documented(element: Element): Own {
  return {
    active: true,
    number: textAt(element, 'RefNumber') ?? null,
    name: null,
    partyId: textAt(element, 'CustomerRef', 'ListID') ?? null,
    date: textAt(element, 'TxnDate') ?? null,
    total: amountOf(textAt(element, 'TotalAmount')) ?? invoiceTotalOf(element),
    balance: amountOf(
      textAt(element, 'UnusedPayment') ?? textAt(element, 'CreditRemaining') ?? textAt(element, 'BalanceRemaining'),
    ),
    raw: JSON.stringify(jsonOf(element)),
  }
}

/** A record of a list, which keeps its kind: an item comes as one of many. */
function listed(element: Element): Own {
  const { stockNumber, price } = itemFacts(element)
  return {
    ...NOTHING,
    active: textAt(element, 'IsActive') !== 'false',
    number: stockNumber,
    name: textAt(element, 'FullName') ?? textAt(element, 'Name') ?? null,
    partyId: textAt(element, 'ParentRef', 'ListID') ?? null,
    total: amountOf(price),
    raw: JSON.stringify({ ...(jsonOf(element) as object), [KIND]: element.name }),
  }
}

/** What no element can be called: under it stands the kind of a record of a list. */
const KIND = '@kind'

/** The kinds of items that are sold as goods, and as services; what is bought for nobody's stock is neither. */
const SOLD: Readonly<Record<string, LedgerItem['sold']>> = {
  ItemInventoryRet: 'GOODS',
  ItemInventoryAssemblyRet: 'GOODS',
  ItemServiceRet: 'SERVICE',
}

/** A mirrored item in canonical words; null for raw JSON that is none. */
export function itemOf(raw: string): LedgerItem | null {
  const json = JSON.parse(raw) as { [name: string]: Json | Json[] }
  const kind = json[KIND]
  if (typeof kind !== 'string') return null
  const { description, price } = itemFacts(elementOf(kind, json))
  return { sold: SOLD[kind] ?? null, description: description ?? '', price }
}

/** Stocked items say it themselves, others in a part of their own. QuickBooks Desktop knows no SKU: what the maker calls it stands for it. */
function itemFacts(element: Element) {
  const at = (...path: string[]) => textAt(element, ...path) ?? null
  return {
    stockNumber: at('ManufacturerPartNumber') ?? at('BarCodeValue'),
    description:
      at('SalesDesc') ?? at('SalesOrPurchase', 'Desc') ?? at('SalesAndPurchase', 'SalesDesc') ?? at('ItemDesc'),
    price: at('SalesPrice') ?? at('SalesOrPurchase', 'Price') ?? at('SalesAndPurchase', 'SalesPrice'),
  }
}

/** An invoice names no total: it is what was sold and the tax on it. */
function invoiceTotalOf(element: Element): Money | null {
  const subtotal = amountOf(textAt(element, 'Subtotal'))
  return subtotal === null ? null : sum([subtotal, amountOf(textAt(element, 'SalesTaxTotal')) ?? ZERO])
}

/** A mirrored record in canonical words; null for a kind that postings neither become nor name. */
export function recordOf({ entity, raw }: Pick<MirrorDraft, 'entity' | 'raw'>, reading: Reading): LedgerRecord | null {
  const json = JSON.parse(raw) as { [name: string]: Json | Json[] }
  if (entity === MirrorEntity.INVOICE) return readRecord(elementOf(ret('Invoice'), json), reading)
  const kind = json[KIND]
  return typeof kind === 'string' ? readRecord(elementOf(kind, json), reading) : null
}

/** The sales tax items of a company; one that is a group of several has no rate of its own. */
export function taxesOf(records: MirroredTaxRecord[]): LedgerTax[] {
  return records
    .filter(({ entity }) => entity === MirrorEntity.TAX_RATE)
    .map(({ quickBooksId: id, name, raw }) => {
      const ratePercent = numberAt(elementOf('', JSON.parse(raw) as Json), 'TaxRate')
      return { id, name, ratePercent, isOfLines: false }
    })
}

/** The sales tax item of a customer; QuickBooks gives each customer the company's own, which is nobody's choice. */
export function taxOfCustomer(raw: string, { itemNames, ordinaryTaxId }: Reading): { id: string; name: string } | null {
  const customer = elementOf('CustomerRet', JSON.parse(raw) as Json)
  const [id, name] = [textAt(customer, 'ItemSalesTaxRef', 'ListID'), textAt(customer, 'ItemSalesTaxRef', 'FullName')]
  return id && name && id !== ordinaryTaxId && !sameName(name, itemNames.salesTax) ? { id, name } : null
}

const NOTHING = {
  ...{ syncToken: null, changedAt: null, number: null, name: null, partyId: null, date: null },
  ...{ total: null, balance: null },
}

/** The edit sequence grows with each change; one that is no number of ours is left to the time of the change. */
function tokenOf(text: string | undefined): number | null {
  const token = /^\d{1,10}$/.test(text ?? '') ? Number(text) : null
  return token !== null && token < 2 ** 31 ? token : null
}

/** A time with its offset; null for anything else. */
export function instantOf(text: string | undefined): string | null {
  return text === undefined || Number.isNaN(Date.parse(text)) ? null : new Date(text).toISOString()
}

/** An amount in whole cents; null for anything else. */
export function amountOf(text: unknown): Money | null {
  if (typeof text !== 'string' || !/^[+-]?\d{1,15}(\.\d+)?$/.test(text)) return null
  return decimal(text).decimalPlaces() <= 2 ? money(text) : null
}

type Json = string | { [name: string]: Json | Json[] }

/** The elements of a record by their names; those of a name that comes more than once, as a list. */
function jsonOf(element: Element): Json {
  if (element.of.length === 0) return element.text
  const fields: { [name: string]: Json | Json[] } = {}
  for (const [name, all] of Map.groupBy(element.of, (inner) => inner.name)) {
    const [first, ...others] = all
    if (first) fields[name] = others.length === 0 ? jsonOf(first) : all.map(jsonOf)
  }
  return fields
}

/** The way back from `jsonOf`. Elements of one name keep their order; which name came first is of no meaning in a record. */
function elementOf(name: string, json: Json): Element {
  if (typeof json === 'string') return { name, attributes: {}, text: json, of: [] }
  const of = Object.entries(json).flatMap(([inner, value]) => [value].flat().map((one) => elementOf(inner, one)))
  return { name, attributes: {}, text: '', of }
}
