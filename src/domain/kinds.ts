import { registerEnumType } from 'type-graphql'

export enum LedgerKind {
  QUICKBOOKS_ONLINE = 'QUICKBOOKS_ONLINE',
  QUICKBOOKS_DESKTOP = 'QUICKBOOKS_DESKTOP',
}
registerEnumType(LedgerKind, { name: 'LedgerKind', description: 'The kind of QuickBooks that a connection speaks to.' })

export enum Environment {
  SANDBOX = 'SANDBOX',
  PRODUCTION = 'PRODUCTION',
}
registerEnumType(Environment, {
  name: 'Environment',
  description: 'A connection never leaves the environment that it was made for.',
})

export enum ConnectionState {
  ACTIVE = 'ACTIVE',
  PAUSED = 'PAUSED',
  STOPPED = 'STOPPED',
}
registerEnumType(ConnectionState, {
  name: 'ConnectionState',
  valuesConfig: {
    ACTIVE: { description: 'Posts as work comes.' },
    PAUSED: { description: 'Paused by a person; postings wait.' },
    STOPPED: { description: 'Stopped by Countersign, because going on would be wrong; the reason says what to do.' },
  },
})

export enum ConnectionMode {
  WRITING = 'WRITING',
  SHADOW = 'SHADOW',
}
registerEnumType(ConnectionMode, {
  name: 'ConnectionMode',
  valuesConfig: {
    WRITING: { description: 'Posts, and tells the CRM.' },
    SHADOW: {
      description:
        'Only reads: predicts what it would post and compares it with what another system posts. Writes nothing anywhere.',
    },
  },
})

export enum PostingKind {
  CREDIT_MEMO = 'CREDIT_MEMO',
  CUSTOMER = 'CUSTOMER',
  INVOICE = 'INVOICE',
  ITEM = 'ITEM',
  PAYMENT = 'PAYMENT',
  REFUND = 'REFUND',
  VOID = 'VOID',
}
registerEnumType(PostingKind, {
  name: 'PostingKind',
  description: 'The QuickBooks record that a posting becomes, or what it does to one.',
  valuesConfig: {
    CREDIT_MEMO: { description: 'Takes back what an invoice billed.' },
    CUSTOMER: { description: 'Creates, updates or deactivates a customer.' },
    INVOICE: { description: 'Bills an order.' },
    ITEM: { description: 'Creates the item of a product that QuickBooks lacks, where the connection allows it.' },
    PAYMENT: { description: 'Pays invoices; one of 0.00 applies a credit memo to its invoice.' },
    REFUND: { description: 'Gives money back.' },
    VOID: { description: 'Voids what was posted.' },
  },
})

export enum Verification {
  EQUAL = 'EQUAL',
  ACCEPTED = 'ACCEPTED',
}
registerEnumType(Verification, {
  name: 'Verification',
  valuesConfig: {
    EQUAL: { description: 'The record that QuickBooks returned equals the document to the penny.' },
    ACCEPTED: { description: 'A person accepted a difference, with a note.' },
  },
})

export enum WaitingFor {
  CUSTOMER = 'CUSTOMER',
  DOCUMENT = 'DOCUMENT',
  ITEM = 'ITEM',
  QUICKBOOKS = 'QUICKBOOKS',
  TOKEN = 'TOKEN',
  CRM = 'CRM',
  WEB_CONNECTOR = 'WEB_CONNECTOR',
}
registerEnumType(WaitingFor, {
  name: 'WaitingFor',
  valuesConfig: {
    CUSTOMER: { description: 'The posting of its new customer.' },
    DOCUMENT: { description: 'The posting of the invoice or credit memo that it names.' },
    ITEM: { description: 'The posting of a new item.' },
    QUICKBOOKS: { description: 'QuickBooks asked us to slow down, or cannot be reached.' },
    TOKEN: { description: 'A fresh access token.' },
    CRM: { description: 'The CRM, which cannot be reached.' },
    WEB_CONNECTOR: { description: 'The Web Connector at the office, which has not called yet.' },
  },
})

/** What to do about an invoice whose order changed after it was posted: invoices are immutable. */
export enum CorrectionMethod {
  CREDIT_MEMO = 'CREDIT_MEMO',
  VOID = 'VOID',
}
registerEnumType(CorrectionMethod, {
  name: 'CorrectionMethod',
  valuesConfig: {
    CREDIT_MEMO: { description: 'A credit memo for what was billed, applied to the invoice, then a new invoice.' },
    VOID: { description: 'The invoice is voided, then posted again under a number of its own.' },
  },
})

export enum CorrectionApproval {
  ASK = 'ASK',
  AUTOMATIC = 'AUTOMATIC',
}
registerEnumType(CorrectionApproval, {
  name: 'CorrectionApproval',
  valuesConfig: {
    ASK: { description: 'A person applies each correction.' },
    AUTOMATIC: { description: 'A correction is applied as soon as it is found.' },
  },
})

export enum ExchangePurpose {
  POST = 'POST',
  LOOK_UP = 'LOOK_UP',
  PULL = 'PULL',
}
registerEnumType(ExchangePurpose, {
  name: 'ExchangePurpose',
  valuesConfig: {
    POST: { description: 'Writes the record.' },
    LOOK_UP: { description: 'Asks whether QuickBooks has the record.' },
    PULL: { description: 'Reads what other records need: customers, items, accounts, preferences.' },
  },
})

export enum Role {
  VIEWER = 'VIEWER',
  OPERATOR = 'OPERATOR',
  ADMIN = 'ADMIN',
}
registerEnumType(Role, {
  name: 'Role',
  description: 'A viewer reads, an operator retries and resets, an admin configures.',
})
