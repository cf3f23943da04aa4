/** What an empty lookup and an empty date are in Creatio: never null. */
export const zeroGuid = '00000000-0000-0000-0000-000000000000'
export const zeroDate = '0001-01-01T00:00:00Z'

/**
 * The rows of the lookups, by entity: the ids of the QuickBooks log's lookups are those of the tenant being played, the
 * others are ours. The entities are named BGQuickBooksIntegrationStatus, BGQuickBooksIntegrationType,
 * BGQuickBooksIntegrationAction (the log's BGStatus, BGType and BGAction), BGTransactionType and BGSalesGroup (the
 * order's BGTransactionType and BGSalesGroup), ProductCategory, OrderStatus, OrderPaymentStatus and OrderDeliveryStatus.
 */
export const lookups = {
  BGQuickBooksIntegrationStatus: {
    Pending: 'c97db3bc-634d-4c90-8432-ec7141c87640',
    Processing: 'fc2a1755-cdb8-43ec-a637-cdbcb6ef4bef',
    Processed: 'e7428193-4cf1-4d1b-abae-00e93ab5e1c5',
    Error: 'bdfc60c7-55fd-4cbd-9a2c-dca2def46d80',
    'Re-Process': 'ff92e20c-da27-4255-96bc-57e32f0944f4',
  },
  BGQuickBooksIntegrationType: {
    CustomerOrder: '14535998-d4c0-45ac-bbac-8c0185bfcc1a',
    FactoryOrder: '1f2a682d-0d58-4a7a-89fa-3a7622d79c12',
    InventoryAdjustment: 'e918270e-770e-4265-98be-2c6436178aa6',
    Commission: '93d75da5-3101-49f2-9829-7eb7025205cc',
  },
  BGQuickBooksIntegrationAction: {
    Insert: 'facb63c3-3599-4cb5-b86d-179b0636a3cb',
    Update: '9065a18f-7c4c-49fb-a9ec-4f6f9d342c43',
    Delete: '1569077b-41ca-4267-b07c-96277fa979fc',
    Log: '44ff0873-6f74-490a-8088-10670bbd8180',
  },
  BGTransactionType: {
    Sales: 'b4494f26-26c2-4aa6-951c-658d0828d0d0',
    CreditMemo: 'c26d3478-7ac1-49e9-97f9-1c0809552f1f',
  },
  BGSalesGroup: {
    Retail: '5d0f6a3e-8f0b-4a53-9f3c-0b0a2f3c1e01',
    Wholesale: '5d0f6a3e-8f0b-4a53-9f3c-0b0a2f3c1e02',
    Online: '5d0f6a3e-8f0b-4a53-9f3c-0b0a2f3c1e03',
  },
  ProductCategory: {
    Furniture: '1b7e5d20-93c4-4f6a-8d15-6a0c3e9b7f01',
    Lighting: '1b7e5d20-93c4-4f6a-8d15-6a0c3e9b7f02',
    Textiles: '1b7e5d20-93c4-4f6a-8d15-6a0c3e9b7f03',
    Services: '1b7e5d20-93c4-4f6a-8d15-6a0c3e9b7f04',
  },
  OrderStatus: {
    Draft: '7c1b2a90-4d5e-4f60-8a71-92b3c4d5e601',
    Confirmed: '7c1b2a90-4d5e-4f60-8a71-92b3c4d5e602',
    'In progress': '7c1b2a90-4d5e-4f60-8a71-92b3c4d5e603',
    Completed: '7c1b2a90-4d5e-4f60-8a71-92b3c4d5e604',
    Canceled: '7c1b2a90-4d5e-4f60-8a71-92b3c4d5e605',
  },
  OrderPaymentStatus: {
    'Not paid': '3e9d7b14-62a8-4c0d-b1f5-08d6e2a47f01',
    'Partially paid': '3e9d7b14-62a8-4c0d-b1f5-08d6e2a47f02',
    Paid: '3e9d7b14-62a8-4c0d-b1f5-08d6e2a47f03',
    Refunded: '3e9d7b14-62a8-4c0d-b1f5-08d6e2a47f04',
  },
  BGPaymentMethod: {
    Check: 'b61c0f52-3d0e-4b8a-9a57-6f1e2c7d8a01',
    'Credit card': 'b61c0f52-3d0e-4b8a-9a57-6f1e2c7d8a02',
  },
  OrderDeliveryStatus: {
    'Not shipped': 'a2c84e6d-17f3-4b59-8e20-5d9b7c31f401',
    Shipped: 'a2c84e6d-17f3-4b59-8e20-5d9b7c31f402',
  },
} as const
