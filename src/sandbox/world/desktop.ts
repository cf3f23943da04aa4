import { salesPeople } from './bookkeeping.ts'
import { decimalText, exactOf, pennyText, percentOfPennies } from './decimals.ts'
import type {
  DesktopSeedInvoice,
  DesktopSeedItem,
  QuickBooksDesktopSeed,
  QuickBooksOnlineSeed,
  SeedEmployee,
  SeedInvoice,
} from './seed.ts'

const taxPercent = '8.25'

/** The types of accounts that QuickBooks Online writes otherwise than qbXML. */
const accountTypes: Record<string, string> = {
  'Accounts Receivable': 'AccountsReceivable',
  'Accounts Payable': 'AccountsPayable',
  'Other Current Asset': 'OtherCurrentAsset',
  'Other Current Liability': 'OtherCurrentLiability',
  'Cost of Goods Sold': 'CostOfGoodsSold',
}

/**
 * The company of QuickBooks Online as a Desktop company file: the same accounts, wares, customers, invoices and payments, to
 * the penny. The item for discounts is missing exactly when the account "Discount" is.
 */
export function desktopOf(online: QuickBooksOnlineSeed): QuickBooksDesktopSeed {
  const accounts = online.accounts.map(({ name, accountType, active = true }) => ({
    name,
    accountType: accountTypes[accountType] ?? accountType,
    active,
  }))
  return {
    companyName: online.companyName,
    companyFile: 'C:\\QuickBooks\\Brackwater & Lune Furnishings.qbw',
    accounts,
    terms: online.terms,
    employees: (online.employees ?? salesPeople()).map(withInitials),
    items: [...online.items.map(wareOf), ...chargeItems(accounts.some(({ name }) => name === 'Discount'))],
    customers: online.customers,
    invoices: online.invoices.map(invoiceOf),
    payments: online.payments ?? [],
    journal: online.journal ?? [],
  }
}

function withInitials(person: SeedEmployee, at: number): QuickBooksDesktopSeed['employees'][number] {
  const { firstName, lastName } = person
  return { ...person, initials: `${firstName.slice(0, 1)}${lastName.slice(0, 1)}${at + 1}`.toUpperCase() }
}

function wareOf(item: QuickBooksOnlineSeed['items'][number]): DesktopSeedItem {
  const { name, type, unitPrice, description, incomeAccountName, active = true } = item
  const kind = type === 'Service' ? 'Service' : 'NonInventory'
  return { kind, name, description, price: unitPrice, accountName: incomeAccountName, taxable: true, active }
}

function chargeItems(hasDiscount: boolean): DesktopSeedItem[] {
  const charge = { kind: 'OtherCharge', taxable: false } as const
  const items: DesktopSeedItem[] = [
    { ...charge, name: 'Shipping', description: 'Shipping', accountName: 'Shipping income' },
    { ...charge, name: 'Sales tax rounding', description: 'Sales tax rounding', accountName: 'Sales tax payable' },
    { kind: 'SalesTax', name: 'Sales tax', description: 'Sales tax', ratePercent: taxPercent },
  ]
  if (hasDiscount) items.push({ kind: 'Discount', name: 'Discount', accountName: 'Discount', taxable: true })
  return items
}

/** What Online has in fields of its own stands in lines here. Where Desktop's one tax differs by cents, a line makes up for it. */
function invoiceOf(invoice: SeedInvoice): DesktopSeedInvoice {
  const { docNumber, customerName, txnDate, dueDate, privateNote, createdAt, discount, shipping, totalTax } = invoice
  const lines: DesktopSeedInvoice['lines'] = invoice.lines.map(({ unitPrice, ...line }) => ({
    ...line,
    rate: unitPrice,
  }))
  if (discount) lines.push({ itemName: 'Discount', amount: `-${discount.amount}`, taxable: false })
  if (shipping) lines.push({ itemName: 'Shipping', amount: shipping.amount, taxable: false })
  const rounding = penniesOf(totalTax ?? '0') - taxOf(invoice)
  if (rounding !== 0n) lines.push({ itemName: 'Sales tax rounding', amount: signedText(rounding), taxable: false })
  return {
    refNumber: docNumber,
    customerName,
    txnDate,
    createdAt,
    lines,
    ...(dueDate === undefined ? {} : { dueDate }),
    ...(privateNote === undefined ? {} : { memo: privateNote }),
  }
}

function taxOf({ lines }: SeedInvoice): bigint {
  const taxable = lines.filter((line) => line.taxable).reduce((sum, { amount }) => sum + penniesOf(amount), 0n)
  return percentOfPennies({ pennies: taxable, percent: exactOf(taxPercent) })
}

const penniesOf = (text: string): bigint => BigInt(decimalText(exactOf(text), 2).replace('.', ''))
const signedText = (pennies: bigint): string => (pennies < 0n ? `-${pennyText(-pennies)}` : pennyText(pennies))
