import type { Company, QuickBooksRecord } from './company.ts'
import { refValue } from './company.ts'
import type { Completed, Draft } from './draft.ts'
import { requiredMissing } from './fault.ts'
import { type Fields, isFields, type Json } from './json-text.ts'
import { homeCurrency } from './validate.ts'

/** Customers, vendors, employees: a display name (given, or made of the parts of a name) and what is defaulted. */
export function completePerson({ company, entity, fields, previous }: Draft): Completed {
  const displayName = fields.DisplayName ?? composedName(fields)
  if (!displayName) throw requiredMissing(['DisplayName'])
  const named = renamedWhenInactive({ fields: { ...fields, DisplayName: displayName }, name: 'DisplayName', previous })
  const common: Fields = { ...named, PrintOnCheckName: fields.PrintOnCheckName ?? displayName }
  if (entity.name === 'Employee') return { fields: { ...common, BillableTime: fields.BillableTime ?? false } }
  common.CurrencyRef = fields.CurrencyRef ?? homeCurrency
  common.BillAddr = addressWithId({ company, address: fields.BillAddr })
  common.Balance = previous?.Balance ?? '0'
  if (entity.name === 'Vendor') return { fields: { ...common, Vendor1099: fields.Vendor1099 ?? false } }
  return {
    fields: {
      ...common,
      ShipAddr: addressWithId({ company, address: fields.ShipAddr }),
      Taxable: fields.Taxable ?? true,
      Job: fields.Job ?? false,
      BillWithParent: fields.BillWithParent ?? false,
      BalanceWithJobs: previous?.BalanceWithJobs ?? '0',
      PreferredDeliveryMethod: fields.PreferredDeliveryMethod ?? 'Print',
      ...levelsOf({ company, entityName: 'Customer', fields, name: common.DisplayName }),
    },
  }
}

/** Products and services. What is sold needs an income account; an inventory item needs its three accounts and its count. */
export function completeItem({ company, fields, previous }: Draft): Completed {
  const type = fields.Type ?? 'Service'
  const missing = requiredOfItem(String(type)).filter((name) => fields[name] === undefined)
  if (missing.length > 0) throw requiredMissing(missing)
  const named = renamedWhenInactive({ fields, name: 'Name', previous })
  return {
    fields: {
      ...named,
      Type: type,
      Taxable: fields.Taxable ?? false,
      UnitPrice: fields.UnitPrice ?? '0',
      PurchaseCost: fields.PurchaseCost ?? '0',
      TrackQtyOnHand: fields.TrackQtyOnHand ?? false,
      ...levelsOf({ company, entityName: 'Item', fields, name: named.Name }),
    },
  }
}

function requiredOfItem(type: string): string[] {
  if (type === 'Category' || type === 'Group' || type === 'Bundle') return []
  if (type !== 'Inventory') return ['IncomeAccountRef']
  return ['IncomeAccountRef', 'ExpenseAccountRef', 'AssetAccountRef', 'QtyOnHand', 'InvStartDate', 'TrackQtyOnHand']
}

const classifications: Record<string, string> = {
  Bank: 'Asset',
  'Other Current Asset': 'Asset',
  'Fixed Asset': 'Asset',
  'Other Asset': 'Asset',
  'Accounts Receivable': 'Asset',
  Equity: 'Equity',
  Expense: 'Expense',
  'Other Expense': 'Expense',
  'Cost of Goods Sold': 'Expense',
  'Accounts Payable': 'Liability',
  'Credit Card': 'Liability',
  'Long Term Liability': 'Liability',
  'Other Current Liability': 'Liability',
  Income: 'Revenue',
  'Other Income': 'Revenue',
}

/** Accounts: either the type or the subtype must be given. */
export function completeAccount({ company, fields, previous }: Draft): Completed {
  if (fields.AccountType === undefined && fields.AccountSubType === undefined) {
    throw requiredMissing(['AccountType'])
  }
  const type = String(fields.AccountType ?? 'Expense')
  const named = renamedWhenInactive({ fields, name: 'Name', previous })
  return {
    fields: {
      ...named,
      SubAccount: fields.ParentRef !== undefined,
      ...levelsOf({ company, entityName: 'Account', fields, name: named.Name, withLevel: false }),
      Classification: classifications[type],
      AccountType: type,
      AccountSubType: fields.AccountSubType ?? type.replaceAll(' ', ''),
      CurrentBalance: previous?.CurrentBalance ?? '0',
      CurrentBalanceWithSubAccounts: previous?.CurrentBalanceWithSubAccounts ?? '0',
      CurrencyRef: fields.CurrencyRef ?? homeCurrency,
    },
  }
}

/** The small lists: terms, classes, departments, payment methods, tax agencies. */
export function completeList({ company, entity, fields, previous }: Draft): Completed {
  if (entity.name === 'TaxAgency') {
    return { fields: { ...fields, TaxTrackedOnSales: true, TaxTrackedOnPurchases: false } }
  }
  const named = renamedWhenInactive({ fields, name: 'Name', previous })
  if (entity.name === 'Term') {
    return {
      fields: {
        ...named,
        Type: 'STANDARD',
        DueDays: fields.DueDays ?? 0,
        DiscountPercent: fields.DiscountPercent ?? '0',
      },
    }
  }
  if (!entity.fields.has('FullyQualifiedName')) return { fields: named }
  const levels = levelsOf({ company, entityName: entity.name, fields, name: named.Name, withLevel: false })
  return { fields: { ...named, ...levels } }
}

const composedName = (fields: Fields): string =>
  ['Title', 'GivenName', 'MiddleName', 'FamilyName', 'Suffix']
    .map((part) => fields[part])
    .filter((part) => typeof part === 'string' && part !== '')
    .join(' ')

const deletedMark = ' (deleted)'

/** A name that is made inactive is marked, so that it is free for another; made active again, it loses the mark. */
function renamedWhenInactive({
  fields,
  name,
  previous,
}: {
  fields: Fields
  name: string
  previous: QuickBooksRecord | undefined
}): Fields {
  const isActive = fields.Active ?? previous?.Active ?? true
  const plain = String(fields[name] ?? '').replace(/ \(deleted\)$/, '')
  return { ...fields, Active: isActive, [name]: isActive === false && previous ? `${plain}${deletedMark}` : plain }
}

function levelsOf({ company, entityName, fields, name, withLevel = true }: Levels): Fields {
  const parent = company.get(entityName, refValue(fields.ParentRef) ?? '')
  if (!parent) return { FullyQualifiedName: name }
  const level = Number(parent.Level ?? 0) + 1
  return { FullyQualifiedName: `${parent.FullyQualifiedName}:${name}`, ...(withLevel ? { Level: level } : {}) }
}

interface Levels {
  company: Company
  entityName: string
  fields: Fields
  name: Json | undefined
  withLevel?: boolean
}

function addressWithId({ company, address }: { company: Company; address: Json | undefined }): Json | undefined {
  if (!isFields(address)) return undefined
  return address.Id === undefined ? { Id: company.nextNumber('address'), ...address } : address
}
