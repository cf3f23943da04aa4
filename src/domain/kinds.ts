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

export enum PostingKind {
  INVOICE = 'INVOICE',
  CUSTOMER = 'CUSTOMER',
}
registerEnumType(PostingKind, { name: 'PostingKind', description: 'The QuickBooks record that a posting becomes.' })

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
  QUICKBOOKS = 'QUICKBOOKS',
  TOKEN = 'TOKEN',
  CRM = 'CRM',
  WEB_CONNECTOR = 'WEB_CONNECTOR',
}
registerEnumType(WaitingFor, {
  name: 'WaitingFor',
  valuesConfig: {
    CUSTOMER: { description: 'The posting of its new customer.' },
    QUICKBOOKS: { description: 'QuickBooks asked us to slow down, or cannot be reached.' },
    TOKEN: { description: 'A fresh access token.' },
    CRM: { description: 'The CRM, which cannot be reached.' },
    WEB_CONNECTOR: { description: 'The Web Connector at the office, which has not called yet.' },
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
