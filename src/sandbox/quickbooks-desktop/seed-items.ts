import type { DesktopSeedItem } from '../world/seed.ts'
import { plainNumber, priceOf } from './amounts.ts'
import { type Books, refTo } from './books.ts'
import type { Fields } from './write-xml.ts'

interface ItemParts {
  books: Books
  item: DesktopSeedItem
  /** Name and activity, which every item has. */
  head: Fields
  /** What an item has that may stand below another. */
  listed: Fields
  account: Fields | undefined
}

/** An item's kind of Ret and its fields, without the head of a list record. */
export function itemOf({ books, item }: { books: Books; item: DesktopSeedItem }): { kind: string; fields: Fields } {
  const { kind, name, accountName, taxable = false, active = true } = item
  const code = refTo(books.find({ list: 'SalesTaxCode', ref: { FullName: taxable ? 'Tax' : 'Non' } }))
  const head = { Name: name, IsActive: String(active) }
  const listed = { ...head, FullName: name, Sublevel: '0', SalesTaxCodeRef: code }
  const account = refTo(books.find({ list: 'Account', ref: { FullName: accountName } }))
  return { kind: `Item${kind}Ret`, fields: shapes[kind]({ books, item, head, listed, account }) }
}

const shapes: Record<DesktopSeedItem['kind'], (parts: ItemParts) => Fields> = {
  Service: sold,
  NonInventory: sold,
  OtherCharge: sold,
  Inventory: stocked,
  InventoryAssembly: (parts) => ({
    ...stocked(parts),
    ItemInventoryAssemblyLine: membersOf(parts).map((member) => ({ ItemInventoryRef: member, Quantity: '1' })),
  }),
  FixedAsset: ({ item, head, account }) => ({
    ...head,
    AcquiredAs: 'New',
    PurchaseDesc: item.description,
    PurchaseDate: '2023-08-01',
    AssetAccountRef: account,
  }),
  Subtotal: described,
  Discount: ({ item, listed, account }) => ({
    ...listed,
    ItemDesc: item.description,
    DiscountRate: priceOf(item.price ?? '0'),
    AccountRef: account,
  }),
  Payment: ({ item, head, account }) => ({ ...head, ItemDesc: item.description, DepositToAccountRef: account }),
  SalesTax: ({ books, item, head }) => ({
    ...head,
    ItemDesc: item.description,
    TaxRate: plainNumber(item.ratePercent ?? '0'),
    TaxVendorRef: refTo(books.find({ list: 'Vendor', ref: { FullName: 'State Tax Office' } })),
  }),
  SalesTaxGroup: (parts) => ({ ...described(parts), ItemSalesTaxRef: membersOf(parts) }),
  Group: (parts) => ({
    ...described(parts),
    IsPrintItemsInGroup: 'false',
    ItemGroupLine: membersOf(parts).map((member) => ({ ItemRef: member, Quantity: '1' })),
  }),
}

function sold({ item, listed, account }: ItemParts): Fields {
  const price = priceOf(item.price ?? '0')
  return { ...listed, SalesOrPurchase: { Desc: item.description, Price: price, AccountRef: account } }
}

function stocked({ item, listed, account }: ItemParts): Fields {
  const price = priceOf(item.price ?? '0')
  return { ...listed, SalesDesc: item.description, SalesPrice: price, IncomeAccountRef: account, QuantityOnHand: '100' }
}

function described({ item, head }: ItemParts): Fields {
  return { ...head, ItemDesc: item.description }
}

function membersOf({ books, item: { members = [] } }: ItemParts): Fields[] {
  return members
    .map((FullName) => refTo(books.find({ list: 'Item', ref: { FullName } })))
    .filter((ref) => ref !== undefined)
}
