import { lookups, zeroGuid } from '../creatio/lookups.ts'
import { Random } from '../random.ts'
import { decimalText, type Exact } from './decimals.ts'
import * as names from './names.ts'
import type { CreatioRow, QuickBooksOnlineSeed, WorldHalves } from './seed.ts'

/** A ware on both sides: the product's code is the name and the Sku of the QuickBooks item. */
export interface Ware {
  productId: string
  code: string
  name: string
  price: Exact
}

export interface Buyer {
  accountId: string
  contactId: string
  quickBooksName: string
}

/** The company's two halves without any order, and what an order is made of. */
export interface Company {
  world: WorldHalves
  random: Random
  wares: Ware[]
  buyers: Buyer[]
  salesReps: string[]
  currencyId: string
  unitId: string
  logId: string
}

const founded = '2023-08-01T13:00:00Z'

/** Makes lookups, customers, products, employees and SysSettings, and the QuickBooks company that fits them. */
export function makeCompany({
  seed,
  customers,
  customersInQuickBooks,
  items,
  withDiscountAccount,
}: CompanyOptions): Company {
  const random = new Random(seed)
  const tables: Record<string, CreatioRow[]> = {}
  const add = (table: string, values: Omit<CreatioRow, 'Id'> & { Id?: string }): string => {
    const row = { CreatedOn: founded, ModifiedOn: founded, ...values, Id: values.Id ?? random.uuid() } as CreatioRow
    tables[table] ??= []
    tables[table].push(row)
    return row.Id
  }
  for (const [table, rows] of Object.entries(lookups)) {
    for (const [Name, Id] of Object.entries(rows)) add(table, { Id, Name })
  }
  const base = {
    currencyId: add('Currency', { Name: 'US dollar', ShortName: 'USD', Symbol: '$', Rate: '1' }),
    unitId: add('Unit', { Name: 'pcs.' }),
    logId: add('BGQuickBooksIntegrationLog', { BGName: 'QuickBooks integration', BGDate: founded }),
  }
  add('Currency', { Name: 'Euro', ShortName: 'EUR', Symbol: '€', Rate: '0.92' })
  const taxId = add('Tax', { Name: 'Sales tax', Percent: '8.25' })
  add('Tax', { Name: 'No tax', Percent: '0' })
  addSysSettings(add)
  const salesReps = names.peopleLast.slice(0, 5).map((last, at) => {
    const Name = `${names.peopleFirst[at]} ${last}`
    return add('Employee', { Name, ContactId: add('Contact', { Name, Email: `rep${at + 1}@sandbox.example` }) })
  })
  const quickBooksOnline = makeBooks({ random, withDiscountAccount })
  const wares = makeWares({ random, items, add, unitId: base.unitId, taxId, quickBooksOnline })
  const buyers = makeBuyers({ customers, customersInQuickBooks, add, quickBooksOnline })
  return { world: { creatio: { tables }, quickBooksOnline }, random, wares, buyers, salesReps, ...base }
}

export interface CompanyOptions {
  seed: number
  customers: number
  customersInQuickBooks: number
  items: number
  withDiscountAccount: boolean
}

type Add = (table: string, values: Omit<CreatioRow, 'Id'> & { Id?: string }) => string

/** The settings as the incident found them: Desktop's port left empty, Online pointing to the sandbox. */
function addSysSettings(add: Add): void {
  const settings: Record<string, string> = {
    BGQuickBooksLocalUrl: 'http://192.0.2.10',
    BGQuickBooksLocalPort: '',
    BGQuickBooksLocalUser: 'qbconnect',
    BGQuickBooksLocalTimeout: '',
    BGQuickBooksBaseUrl: 'https://sandbox-quickbooks.api.intuit.com',
    BGQuickBooksRealmId: '9130000000000001',
    BGQuickBooksClientId: 'sandbox-crm-client',
  }
  for (const [Code, TextValue] of Object.entries(settings)) {
    add('SysSettings', { Code, Name: Code, ValueTypeName: 'ShortText', TextValue })
  }
}

function makeBooks({
  random,
  withDiscountAccount,
}: {
  random: Random
  withDiscountAccount: boolean
}): QuickBooksOnlineSeed {
  const accounts = [
    { name: 'Sales', accountType: 'Income', accountSubType: 'SalesOfProductIncome' },
    { name: 'Services', accountType: 'Income', accountSubType: 'ServiceFeeIncome' },
    { name: 'Shipping income', accountType: 'Income', accountSubType: 'OtherPrimaryIncome' },
    { name: 'Accounts Receivable', accountType: 'Accounts Receivable', accountSubType: 'AccountsReceivable' },
    { name: 'Accounts Payable', accountType: 'Accounts Payable', accountSubType: 'AccountsPayable' },
    { name: 'Undeposited Funds', accountType: 'Other Current Asset', accountSubType: 'UndepositedFunds' },
    { name: 'Checking', accountType: 'Bank', accountSubType: 'Checking' },
    { name: 'Inventory Asset', accountType: 'Other Current Asset', accountSubType: 'Inventory' },
    { name: 'Cost of Goods Sold', accountType: 'Cost of Goods Sold', accountSubType: 'SuppliesMaterialsCogs' },
    { name: 'Sales tax payable', accountType: 'Other Current Liability', accountSubType: 'SalesTaxPayable' },
    { name: 'Office expenses', accountType: 'Expense', accountSubType: 'OfficeGeneralAdministrativeExpenses' },
  ]
  if (withDiscountAccount) {
    accounts.push({ name: 'Discount', accountType: 'Income', accountSubType: 'DiscountsRefundsGiven' })
  }
  return {
    companyName: 'Brackwater & Lune Furnishings (sandbox)',
    realmId: `91304${String(random.int(0, 99_999_999_999)).padStart(11, '0')}`,
    currency: 'USD',
    accounts,
    items: [],
    customers: [],
    taxCodes: [
      { id: 'TAX', name: 'Taxable' },
      { id: 'NON', name: 'Non-taxable' },
    ],
    terms: [
      { name: 'Due on receipt', dueDays: 0 },
      { name: 'Net 15', dueDays: 15 },
      { name: 'Net 30', dueDays: 30 },
    ],
    invoices: [],
    payments: [],
  }
}

function makeWares({
  random,
  items,
  add,
  unitId,
  taxId,
  quickBooksOnline,
}: {
  random: Random
  items: number
  add: Add
  unitId: string
  taxId: string
  quickBooksOnline: QuickBooksOnlineSeed
}): Ware[] {
  return Array.from({ length: items }, (_, at) => {
    const code = `BL-${1001 + at}`
    const name = `${wordAt(names.wareFirst, at)} ${wordAt(names.wareLast, Math.floor(at / names.wareFirst.length) + at)}`
    // Every fourth price has more digits than a penny has: what a unit costs when it is sold by the dozen.
    const scale = at % 4 === 3 ? random.int(3, 5) : 2
    const price = {
      units: BigInt(random.int(4, 900)) * 10n ** BigInt(scale) + BigInt(random.int(1, 10 ** scale - 1)),
      scale,
    }
    const Price = decimalText(price, 2)
    const service = at % 15 === 14
    const { Services, ...goods } = lookups.ProductCategory
    const kinds = Object.values(goods)
    const CategoryId = service ? Services : (kinds[at % kinds.length] ?? Services)
    const productId = add('Product', { Name: name, Code: code, Price, UnitId: unitId, TaxId: taxId, CategoryId })
    quickBooksOnline.items.push({
      name: code,
      sku: code,
      type: service ? 'Service' : 'NonInventory',
      unitPrice: Price,
      description: name,
      incomeAccountName: service ? 'Services' : 'Sales',
    })
    return { productId, code, name, price }
  })
}

function makeBuyers({
  customers,
  customersInQuickBooks,
  add,
  quickBooksOnline,
}: {
  customers: number
  customersInQuickBooks: number
  add: Add
  quickBooksOnline: QuickBooksOnlineSeed
}): Buyer[] {
  const cities = new Map(names.places.map(({ city }) => [city, add('City', { Name: city })]))
  const regions = new Map(names.places.map(({ state }) => [state, add('Region', { Name: state })]))
  const CountryId = add('Country', { Name: 'United States' })
  return Array.from({ length: customers }, (_, at) => {
    const quickBooksName = buyerName(at)
    const { city, state, postalCode } = wordAt(names.places, at)
    const line1 = `${100 + at} ${wordAt(names.streets, at)}`
    const [Email, Phone] = [`buyer${at + 1}@customers.example`, `(555) 01${String(at % 100).padStart(2, '0')}`]
    const person = `${wordAt(names.peopleFirst, at)} ${wordAt(names.peopleLast, at)}`
    const contactId = add('Contact', { Name: person, Email, Phone, BGBuyerCode: `B${String(at + 1).padStart(4, '0')}` })
    const accountId = add('Account', {
      Name: quickBooksName,
      BGQBName: quickBooksName,
      Email,
      Phone,
      Address: line1,
      Zip: postalCode,
      CityId: cities.get(city) ?? zeroGuid,
      RegionId: regions.get(state) ?? zeroGuid,
      CountryId,
      PrimaryContactId: contactId,
    })
    if (at < customersInQuickBooks) {
      const billing = { line1, city, state, postalCode, country: 'US' }
      const customer = { displayName: quickBooksName, companyName: quickBooksName, email: Email, phone: Phone, billing }
      quickBooksOnline.customers.push(customer)
    }
    return { accountId, contactId, quickBooksName }
  })
}

/** First word and last word, each pair once; beyond all pairs a number tells them apart. */
function buyerName(at: number): string {
  const first = at % names.companyFirst.length
  const last = (Math.floor(at / names.companyFirst.length) + first) % names.companyLast.length
  const round = Math.floor(at / (names.companyFirst.length * names.companyLast.length))
  const name = `${names.companyFirst[first]} ${names.companyLast[last]}`
  return round === 0 ? name : `${name} ${round + 1}`
}

function wordAt<T>(words: readonly T[], at: number): T {
  return words[at % words.length] as T
}
