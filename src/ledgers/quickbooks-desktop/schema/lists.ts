import {
  amount,
  bool,
  branch,
  choice,
  date,
  dateTime,
  guid,
  id,
  int,
  many,
  must,
  oneOf,
  type Part,
  percent,
  price,
  ref,
  since,
  some,
  text,
} from './parts.ts'

/** The elements of records that stand in lists, and of the questions for them, in the order that QuickBooks wants. */

const ADDRESS: readonly Part[] = [
  text('Addr1', 41),
  text('Addr2', 41),
  text('Addr3', 41),
  since(2, text('Addr4', 41)),
  since(6, text('Addr5', 41)),
  text('City', 31),
  text('State', 21),
  text('PostalCode', 13),
  text('Country', 31),
  since(6, text('Note', 41)),
]

export const BILL_AND_SHIP: readonly Part[] = [branch('BillAddress', ADDRESS), branch('ShipAddress', ADDRESS)]

export const EXTERNAL_GUID = since(8, guid('ExternalGUID'))

export const INCLUDE_RET_ELEMENT = since(4, many(text('IncludeRetElement', 50)))

const OWNER_ID = since(2, many(guid('OwnerID')))

/** From the name to the tax item: what a new customer and a changed one have in common. */
const CUSTOMER_TO_CONTACT: readonly Part[] = [
  bool('IsActive'),
  since(12, ref('ClassRef', 159)),
  ref('ParentRef'),
  text('CompanyName', 41),
  text('Salutation', 15),
  text('FirstName', 25),
  text('MiddleName', 5),
  text('LastName', 25),
  since(12, text('JobTitle', 41)),
  ...BILL_AND_SHIP,
  since(12, many(branch('ShipToAddress', [must(text('Name', 41)), ...ADDRESS, bool('DefaultShipTo')]))),
  text('Phone', 21),
  text('AltPhone', 21),
  text('Fax', 21),
  text('Email', 1023),
  since(12, text('Cc', 1023)),
  text('Contact', 41),
  text('AltContact', 41),
  ref('CustomerTypeRef', 159),
  ref('TermsRef', 31),
  ref('SalesRepRef', 5),
]

const CUSTOMER_FROM_TAX: readonly Part[] = [
  ref('SalesTaxCodeRef', 3),
  ref('ItemSalesTaxRef', 31),
  text('ResaleNumber', 15),
  text('AccountNumber', 99),
  amount('CreditLimit'),
  ref('PreferredPaymentMethodRef', 31),
  since(3, text('Notes', 4095)),
]

export const CUSTOMER_ADD: readonly Part[] = [
  must(text('Name', 41)),
  ...CUSTOMER_TO_CONTACT,
  amount('OpenBalance'),
  date('OpenBalanceDate'),
  ...CUSTOMER_FROM_TAX,
  EXTERNAL_GUID,
]

export const CUSTOMER_MOD: readonly Part[] = [
  must(id('ListID')),
  must(text('EditSequence', 16)),
  text('Name', 41),
  ...CUSTOMER_TO_CONTACT,
  ...CUSTOMER_FROM_TAX,
]

export const ITEM_SERVICE_ADD: readonly Part[] = [
  must(text('Name', 31)),
  bool('IsActive'),
  since(12, ref('ClassRef', 159)),
  ref('ParentRef'),
  since(7, ref('UnitOfMeasureSetRef', 31)),
  ref('SalesTaxCodeRef', 3),
  must(
    choice(
      [
        must(
          branch('SalesOrPurchase', [
            text('Desc', 4095),
            choice([must(price('Price'))], [must(percent('PricePercent'))]),
            ref('AccountRef', 159),
          ]),
        ),
      ],
      [
        must(
          branch('SalesAndPurchase', [
            text('SalesDesc', 4095),
            price('SalesPrice'),
            ref('IncomeAccountRef', 159),
            text('PurchaseDesc', 4095),
            price('PurchaseCost'),
            ref('ExpenseAccountRef', 159),
            ref('PrefVendorRef', 41),
          ]),
        ),
      ],
    ),
  ),
  EXTERNAL_GUID,
]

const NAME_FILTER = choice(
  [must(branch('NameFilter', [must(oneOf('MatchCriterion', 'StartsWith Contains EndsWith')), must(text('Name'))]))],
  [must(branch('NameRangeFilter', [text('FromName'), text('ToName')]))],
)

const ACCOUNT_TYPES =
  'AccountsPayable AccountsReceivable Bank CostOfGoodsSold CreditCard Equity Expense FixedAsset Income ' +
  'LongTermLiability NonPosting OtherAsset OtherCurrentAsset OtherCurrentLiability OtherExpense OtherIncome'

function listQuery({ filters, owned }: { filters: readonly Part[]; owned: boolean }): readonly Part[] {
  return [
    choice(
      [some(id('ListID'))],
      [some(text('FullName'))],
      [
        int('MaxReturned'),
        oneOf('ActiveStatus', 'ActiveOnly InactiveOnly All'),
        dateTime('FromModifiedDate'),
        dateTime('ToModifiedDate'),
        NAME_FILTER,
        ...filters,
      ],
    ),
    INCLUDE_RET_ELEMENT,
    ...(owned ? [OWNER_ID] : []),
  ]
}

const DELETABLE =
  'Account BillingRate Class Currency Customer CustomerMsg CustomerType DateDrivenTerms Employee InventorySite ItemDiscount ' +
  'ItemFixedAsset ItemGroup ItemInventory ItemInventoryAssembly ItemNonInventory ItemOtherCharge ItemPayment ItemSalesTax ' +
  'ItemSalesTaxGroup ItemService ItemSubtotal JobType OtherName PaymentMethod PriceLevel SalesRep SalesTaxCode ShipMethod ' +
  'StandardTerms Vendor VendorType'

export const LIST_DELETED_QUERY: readonly Part[] = [
  some(oneOf('ListDelType', DELETABLE)),
  branch('DeletedDateRangeFilter', [dateTime('FromDeletedDate'), dateTime('ToDeletedDate')]),
  INCLUDE_RET_ELEMENT,
]

/** Lists whose records bear fields of other applications, and lists whose records do not. */
export const OWNED_LIST_QUERY = listQuery({ filters: [], owned: true })
export const LIST_QUERY = listQuery({ filters: [], owned: false })

export const CUSTOMER_QUERY = listQuery({
  filters: [
    branch('TotalBalanceFilter', [
      must(oneOf('Operator', 'LessThan LessThanEqual Equal GreaterThan GreaterThanEqual')),
      must(amount('Amount')),
    ]),
  ],
  owned: true,
})

export const ACCOUNT_QUERY = listQuery({ filters: [many(oneOf('AccountType', ACCOUNT_TYPES))], owned: true })

export const HOST_QUERY: readonly Part[] = [INCLUDE_RET_ELEMENT]
export const COMPANY_QUERY: readonly Part[] = [INCLUDE_RET_ELEMENT, OWNER_ID]
