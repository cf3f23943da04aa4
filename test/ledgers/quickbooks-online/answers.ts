import { readFileSync } from 'node:fs'
import { LinkKind } from '../../../src/domain/link.ts'
import type { Answer, StoredExchange } from '../../../src/ledgers/ledger.ts'
import { toRequest } from '../../../src/ledgers/quickbooks-online/to-request.ts'
import { aCustomer, anInvoice, stored } from '../../contract/documents.ts'

const folder = new URL('../../fixtures/quickbooks-online-answers/', import.meta.url)

const RECORDS = { customerId: '501', itemIds: ['41', '42'] as [string, string], charges: { DISCOUNT: { id: '77' } } }

export const invoice = anInvoice({ number: 'INV-15001', records: RECORDS })
export const createInvoice: StoredExchange = stored([{ request: toRequest(invoice), key: 'one:1:a' }])[0]!
export const createCustomer: StoredExchange = stored([
  { request: toRequest(aCustomer('Alder Interiors')), key: 'two:1:b' },
])[0]!
export const queryCustomers: StoredExchange = stored([
  {
    request: toRequest({
      kind: 'LOOK_UP',
      entity: LinkKind.CUSTOMER,
      by: 'NAME',
      values: ['Alder Interiors', "O'Hara & Sons"],
    }),
    key: 'three',
  },
])[0]!

/** A recorded body of our own as the answer that it came in; its name ends with its status. */
export function answer(fixture: string): Answer {
  const status = /-(\d{3})\.\w+$/.exec(fixture)?.[1]
  if (status === undefined) throw new Error(`The name of ${fixture} does not end with a status`)
  return answered({ status: Number(status), body: readFileSync(new URL(fixture, folder), 'utf8') })
}

export function answered({ status, body }: { status: number; body: string }): Answer {
  return { kind: 'answered', status, body, contentType: '', intuitTid: 'tid-1', durationMs: 12 }
}
