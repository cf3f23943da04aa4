import type { QuickBooksOnlineSeed, SeedInvoice, SeedPayment } from '../world/seed.ts'
import type { Company, QuickBooksRecord } from './company.ts'
import { companyRecords } from './company-info.ts'
import type { Fields } from './json-text.ts'
import { entityOrFault } from './operations.ts'
import { seedBookkeeping } from './seed-bookkeeping.ts'
import { createRecord } from './write.ts'

/** Fills an empty company from a seed, by the same rules that a client's documents pass. */
export function seedCompany({ company, seed }: { company: Company; seed: QuickBooksOnlineSeed }): void {
  const add = ({ entityName, body, id, at = openedAt(company) }: Addition): QuickBooksRecord =>
    createRecord({
      company,
      entity: entityOrFault(entityName),
      body,
      allowDuplicateDocNumber: true,
      seeded: id === undefined ? { at } : { id, at },
    })
  const { accountIds, itemIds, customerIds } = seedNames({ company, seed, add })
  const invoiceIds = new Map<string, string>()
  for (const invoice of seed.invoices) {
    const body = invoiceBody({ invoice, customerIds, itemIds, accountIds })
    const { Id } = add({ entityName: 'Invoice', body, id: invoice.id, at: new Date(invoice.createdAt) })
    invoiceIds.set(invoice.docNumber, Id)
  }
  for (const payment of seed.payments ?? []) {
    const body = paymentBody({ payment, customerIds, invoiceIds })
    add({ entityName: 'Payment', body, id: payment.id, at: new Date(payment.createdAt) })
  }
  seedBookkeeping({ company, seed, accountIds })
  for (const [entityName, record] of companyRecords({ company, seed })) company.table(entityName).put(record)
  deactivate({ company, seed, accountIds, itemIds, customerIds })
}

interface Addition {
  entityName: string
  body: Fields
  id?: string
  at?: Date
}

/** The lists are older than every document: a company opens its books before it sells. */
const openedAt = (company: Company): Date => new Date(company.sandbox.clock.now().getTime() - 1500 * 86_400_000)

type Ids = ReadonlyMap<string, string>

function seedNames({
  company,
  seed,
  add,
}: {
  company: Company
  seed: QuickBooksOnlineSeed
  add: (addition: Addition) => QuickBooksRecord
}) {
  const accountIds = new Map<string, string>()
  for (const { name, accountType, accountSubType } of [...seed.accounts, ...standardAccounts(seed)]) {
    const parents = name.split(':')
    const Name = parents.pop() ?? name
    const parentId = accountIds.get(parents.join(':'))
    const below: Fields = parentId === undefined ? {} : { ParentRef: { value: parentId } }
    const body = { Name, AccountType: accountType, AccountSubType: accountSubType, ...below }
    accountIds.set(name, add({ entityName: 'Account', body }).Id)
  }
  for (const { id, name } of seed.taxCodes) {
    company
      .table('TaxCode')
      .put(listed({ company, id, fields: { Name: name, Active: true, Taxable: id === 'TAX', TaxGroup: false } }))
  }
  for (const { name, dueDays } of seed.terms) add({ entityName: 'Term', body: { Name: name, DueDays: dueDays } })
  for (const name of ['Cash', 'Check', 'Credit Card']) add({ entityName: 'PaymentMethod', body: { Name: name } })
  const itemIds = new Map<string, string>()
  for (const item of seed.items) {
    const account = { value: accountIds.get(item.incomeAccountName) ?? '' }
    const { name, sku, type, unitPrice, description } = item
    // Only a plain item can be made without stock accounts, and nothing here keeps stock.
    const plainType = type === 'Inventory' ? 'NonInventory' : type
    const body = {
      Name: name,
      Sku: sku,
      Type: plainType,
      UnitPrice: unitPrice,
      Description: description,
      IncomeAccountRef: account,
    }
    itemIds.set(name, add({ entityName: 'Item', body }).Id)
  }
  const customerIds = new Map<string, string>()
  for (const customer of seed.customers) {
    customerIds.set(customer.displayName, add({ entityName: 'Customer', body: customerBody(customer) }).Id)
  }
  return { accountIds, itemIds, customerIds }
}

/** The accounts that QuickBooks makes for every company, where the seed has none of their kind. */
function standardAccounts({ accounts }: QuickBooksOnlineSeed): QuickBooksOnlineSeed['accounts'] {
  const standard = [
    { name: 'Undeposited Funds', accountType: 'Other Current Asset', accountSubType: 'UndepositedFunds' },
    { name: 'Accounts Receivable (A/R)', accountType: 'Accounts Receivable', accountSubType: 'AccountsReceivable' },
    { name: 'Accounts Payable (A/P)', accountType: 'Accounts Payable', accountSubType: 'AccountsPayable' },
  ]
  return standard.filter(({ accountSubType }) => !accounts.some((account) => account.accountSubType === accountSubType))
}

function customerBody({
  displayName,
  companyName,
  email,
  phone,
  billing,
}: QuickBooksOnlineSeed['customers'][number]): Fields {
  const body: Fields = { DisplayName: displayName }
  if (companyName !== undefined) body.CompanyName = companyName
  if (email !== undefined) body.PrimaryEmailAddr = { Address: email }
  if (phone !== undefined) body.PrimaryPhone = { FreeFormNumber: phone }
  if (billing === undefined) return body
  const address: Fields = {
    Line1: billing.line1,
    City: billing.city,
    Country: billing.country,
    CountrySubDivisionCode: billing.state,
    PostalCode: billing.postalCode,
    Lat: 'INVALID',
    Long: 'INVALID',
  }
  return { ...body, BillAddr: address, ShipAddr: address }
}

function invoiceBody({
  invoice,
  customerIds,
  itemIds,
  accountIds,
}: {
  invoice: SeedInvoice
  customerIds: Ids
  itemIds: Ids
  accountIds: Ids
}): Fields {
  const lines: Fields[] = invoice.lines.map((line) => ({
    Description: line.description,
    Amount: line.amount,
    DetailType: 'SalesItemLineDetail',
    SalesItemLineDetail: {
      ItemRef: { value: itemIds.get(line.itemName) ?? '' },
      UnitPrice: line.unitPrice,
      Qty: line.quantity,
      TaxCodeRef: { value: line.taxable ? 'TAX' : 'NON' },
    },
  }))
  if (invoice.shipping) {
    const detail = { ItemRef: { value: 'SHIPPING_ITEM_ID' } }
    lines.push({ Amount: invoice.shipping.amount, DetailType: 'SalesItemLineDetail', SalesItemLineDetail: detail })
  }
  if (invoice.discount) {
    const account = { value: accountIds.get(invoice.discount.accountName) ?? '' }
    const detail = { PercentBased: false, DiscountAccountRef: account }
    lines.push({ Amount: invoice.discount.amount, DetailType: 'DiscountLineDetail', DiscountLineDetail: detail })
  }
  return {
    DocNumber: invoice.docNumber,
    TxnDate: invoice.txnDate,
    DueDate: invoice.dueDate,
    PrivateNote: invoice.privateNote,
    CustomerRef: { value: customerIds.get(invoice.customerName) ?? '' },
    Line: lines,
    TxnTaxDetail: { TotalTax: invoice.totalTax ?? '0' },
  }
}

function paymentBody({
  payment,
  customerIds,
  invoiceIds,
}: {
  payment: SeedPayment
  customerIds: Ids
  invoiceIds: Ids
}): Fields {
  return {
    CustomerRef: { value: customerIds.get(payment.customerName) ?? '' },
    TxnDate: payment.txnDate,
    TotalAmt: payment.totalAmount,
    PaymentRefNum: payment.paymentRefNum,
    PrivateNote: payment.privateNote,
    Line: payment.applications.map(({ docNumber, amount }) => ({
      Amount: amount,
      LinkedTxn: [{ TxnId: invoiceIds.get(docNumber) ?? '', TxnType: 'Invoice' }],
    })),
  }
}

/** Last, because an inactive name may stand on old documents but on no new one. */
function deactivate({
  company,
  seed,
  accountIds,
  itemIds,
  customerIds,
}: {
  company: Company
  seed: QuickBooksOnlineSeed
  accountIds: Ids
  itemIds: Ids
  customerIds: Ids
}): void {
  const lists = [
    {
      entityName: 'Account',
      ids: accountIds,
      names: seed.accounts.filter(({ active }) => active === false).map(({ name }) => name),
    },
    {
      entityName: 'Item',
      ids: itemIds,
      names: seed.items.filter(({ active }) => active === false).map(({ name }) => name),
    },
    {
      entityName: 'Customer',
      ids: customerIds,
      names: seed.customers.filter(({ active }) => active === false).map(({ displayName }) => displayName),
    },
  ]
  for (const { entityName, ids, names } of lists) {
    for (const name of names) {
      const record = company.get(entityName, ids.get(name) ?? '')
      if (record) company.table(entityName).put({ ...record, Active: false })
    }
  }
}

function listed({ company, id, fields }: { company: Company; id: string; fields: Fields }): QuickBooksRecord {
  const at = company.second()
  const metaData = { CreateTime: at, LastUpdatedTime: at }
  return { ...fields, domain: 'QBO', sparse: false, Id: id, SyncToken: '0', MetaData: metaData }
}
