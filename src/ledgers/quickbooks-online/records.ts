import { z } from 'zod'
import type { Address } from '../../domain/document.ts'
import { LinkKind } from '../../domain/link.ts'
import type { AccountUse, LedgerRecord } from '../ledger.ts'
import { readPayment } from './payment-records.ts'
import { RecordJson } from './record-json.ts'
import { readSale } from './sale-records.ts'

/** Our kinds of records in QuickBooks' words. */
export const ENTITIES = {
  INVOICE: 'Invoice',
  CREDIT_MEMO: 'CreditMemo',
  REFUND: 'RefundReceipt',
  PAYMENT: 'Payment',
  CUSTOMER: 'Customer',
  ITEM: 'Item',
  ACCOUNT: 'Account',
  TAX_CODE: 'TaxCode',
  TERM: 'Term',
  PAYMENT_METHOD: 'PaymentMethod',
} as const satisfies Record<LinkKind, string>

export type EntityName = (typeof ENTITIES)[keyof typeof ENTITIES]

type Read = (json: unknown) => Omit<LedgerRecord, 'entity'> | null

const READERS: Readonly<Record<EntityName, { entity: LinkKind; read: Read }>> = {
  Invoice: { entity: LinkKind.INVOICE, read: (json) => readSale({ json, balanceOf: 'Balance' }) },
  CreditMemo: { entity: LinkKind.CREDIT_MEMO, read: (json) => readSale({ json, balanceOf: 'RemainingCredit' }) },
  RefundReceipt: { entity: LinkKind.REFUND, read: (json) => readSale({ json, balanceOf: null }) },
  Payment: { entity: LinkKind.PAYMENT, read: readPayment },
  Customer: { entity: LinkKind.CUSTOMER, read: readCustomer },
  Item: { entity: LinkKind.ITEM, read: readItem },
  Account: { entity: LinkKind.ACCOUNT, read: readAccount },
  TaxCode: { entity: LinkKind.TAX_CODE, read: readNamed },
  Term: { entity: LinkKind.TERM, read: readNamed },
  PaymentMethod: { entity: LinkKind.PAYMENT_METHOD, read: readNamed },
}

/** Reads a record that QuickBooks returned; null when it is not one, or lacks what a record must have. */
export function readRecord({ entity, json }: { entity: EntityName; json: unknown }): LedgerRecord | null {
  const reader = READERS[entity]
  const record = reader.read(json)
  return record && { entity: reader.entity, ...record }
}

const ListedJson = RecordJson.extend({ Active: z.boolean().nullish() })
const NamedJson = ListedJson.extend({ Name: z.string() })

function readNamed(json: unknown): ReturnType<Read> {
  const { data } = NamedJson.safeParse(json)
  return data ? listed(data, namedAs(data)) : null
}

const ItemJson = NamedJson.extend({
  IncomeAccountRef: z.object({ value: z.string() }).nullish(),
  ExpenseAccountRef: z.object({ value: z.string() }).nullish(),
})

function readItem(json: unknown): ReturnType<Read> {
  const { data } = ItemJson.safeParse(json)
  if (!data) return null
  const { IncomeAccountRef, ExpenseAccountRef } = data
  const item = {
    incomeAccountId: IncomeAccountRef?.value ?? null,
    costAccountId: ExpenseAccountRef?.value ?? null,
  }
  return { ...listed(data, namedAs(data)), item }
}

const AccountJson = NamedJson.extend({ AccountType: z.string().nullish() })

/** The types of accounts that a profit-and-loss report is made of; all others are of the balance. */
const ACCOUNT_USES: Readonly<Record<string, AccountUse>> = {
  Income: 'INCOME',
  'Other Income': 'INCOME',
  'Cost of Goods Sold': 'COST_OF_GOODS',
  Expense: 'EXPENSE',
  'Other Expense': 'EXPENSE',
}

function readAccount(json: unknown): ReturnType<Read> {
  const { data } = AccountJson.safeParse(json)
  if (!data) return null
  const { AccountType: type } = data
  const accountUse = type && Object.hasOwn(ACCOUNT_USES, type) ? ACCOUNT_USES[type] : undefined
  return { ...listed(data, namedAs(data)), ...(type ? { accountUse: accountUse ?? 'OTHER' } : {}) }
}

function listed({ Id, Active, SyncToken }: z.infer<typeof ListedJson>, name: string): Omit<LedgerRecord, 'entity'> {
  return { quickBooksId: Id, name, active: Active !== false, revision: SyncToken ?? null }
}

const line = z.string().nullish()
const CustomerJson = ListedJson.extend({
  DisplayName: z.string(),
  CompanyName: line,
  PrimaryEmailAddr: z.object({ Address: line }).nullish(),
  PrimaryPhone: z.object({ FreeFormNumber: line }).nullish(),
  BillAddr: z
    .object({
      Line1: line,
      Line2: line,
      Line3: line,
      Line4: line,
      Line5: line,
      City: line,
      CountrySubDivisionCode: line,
      PostalCode: line,
      Country: line,
    })
    .nullish(),
})

/** A name that is made inactive is marked by QuickBooks, so that it is free for another. */
function namedAs({ Name, Active }: { Name: string; Active?: boolean | null | undefined }): string {
  return Active === false ? Name.replace(/ \(deleted\)$/, '') : Name
}

function readCustomer(json: unknown): ReturnType<Read> {
  const { data } = CustomerJson.safeParse(json)
  if (!data) return null
  return {
    ...listed(data, namedAs({ ...data, Name: data.DisplayName })),
    customer: {
      email: data.PrimaryEmailAddr?.Address || null,
      phone: data.PrimaryPhone?.FreeFormNumber || null,
      companyName: data.CompanyName || null,
      billing: addressOf(data.BillAddr),
    },
  }
}

function addressOf(json: z.infer<typeof CustomerJson>['BillAddr']): Address | null {
  if (!json) return null
  const { Line1, Line2, Line3, Line4, Line5, City, CountrySubDivisionCode, PostalCode, Country } = json
  const parts = { city: City, state: CountrySubDivisionCode, postalCode: PostalCode, country: Country }
  return {
    lines: [Line1, Line2, Line3, Line4, Line5].flatMap((text) => text || []),
    ...Object.fromEntries(Object.entries(parts).filter(([, part]) => part)),
  }
}
