import { createHash } from 'node:crypto'
import type { DocumentReference, MappedDocument, MappedSale, MappedVoid } from '../../domain/document.ts'
import { ExchangePurpose } from '../../domain/kinds.ts'
import type { LedgerRequest, LookUp } from '../ledger.ts'
import type { CompanyFacts, ItemNames } from './names.ts'
import { query } from './questions.ts'
import type { RequestName } from './schema/requests.ts'
import { customerChange, customerValues } from './to-customer.ts'
import { itemValues } from './to-item.ts'
import { paymentValues } from './to-payment.ts'
import { creditValues, invoiceValues } from './to-sale.ts'
import type { Values } from './values.ts'
import { writeRequest } from './write-xml.ts'

/** What the dialect depends on beside the document. */
export interface Setting {
  names: ItemNames
  company: CompanyFacts
  version: number
}

/** Puts a document, or a look-up, into qbXML. Throws only when the caller broke the contract: `problemsOf` (problems.ts) comes before. */
export function toRequest(what: MappedDocument | LookUp, setting: Setting, idempotencyKey?: string): LedgerRequest {
  if (what.kind === 'LOOK_UP') return query(what, setting)
  const { name, operation, values } = writeOf(what, setting)
  const request = writeRequest({ name, values: withGuid({ name, values, idempotencyKey }), version: setting.version })
  return { purpose: ExchangePurpose.POST, operation, request }
}

/** What can be done to a record; the word stands first in the name of an operation. */
export type Verb = 'create' | 'update' | 'void' | 'delete'

/** What QuickBooks Desktop does not void; its audit trail keeps what is deleted. */
export const DELETED = ['PAYMENT'] as const satisfies DocumentReference['kind'][]

/** A request that writes, in QuickBooks' words. */
export interface Write {
  name: RequestName
  /** Its verb, the kind of record, and what else must be known to understand the answer. */
  operation: `${Verb} ${string}`
  values: Values
}

/** What the request for a document says. */
export function writeOf(mapped: MappedDocument, setting: Setting): Write {
  switch (mapped.kind) {
    case 'INVOICE':
      return add({ name: 'InvoiceAdd', operation: 'create Invoice', values: invoiceValues(mapped, setting) })
    case 'CREDIT_MEMO':
    case 'REFUND':
      return add({ name: 'CreditMemoAdd', operation: creditOperation(mapped), values: creditValues(mapped, setting) })
    case 'PAYMENT':
      return add({ name: 'ReceivePaymentAdd', operation: 'create ReceivePayment', values: paymentValues(mapped) })
    case 'VOID':
      return voidOf(mapped)
    case 'ITEM':
      return add({ name: 'ItemServiceAdd', operation: 'create ItemService', values: itemValues(mapped) })
    case 'CUSTOMER':
      return mapped.update
        ? add({
            name: 'CustomerMod',
            operation: 'update Customer',
            values: customerChange(mapped.document, mapped.update),
          })
        : add({ name: 'CustomerAdd', operation: 'create Customer', values: customerValues(mapped.document) })
  }
}

/** A record that is written has an element of its own, named as the request is. */
function add({ name, operation, values }: Write): Write {
  return { name, operation, values: { [name]: values } }
}

/** There is no refund in QuickBooks Desktop: it is a credit memo, and its answer is read as the refund that was meant. */
function creditOperation({ kind }: MappedSale): Write['operation'] {
  return kind === 'REFUND' ? 'create CreditMemo (refund)' : 'create CreditMemo'
}

const VOIDABLE = { INVOICE: 'Invoice', CREDIT_MEMO: 'CreditMemo', REFUND: 'CreditMemo' } as const

function voidOf({ document: { target }, targetId }: MappedVoid): Write {
  if (target.kind === 'PAYMENT') {
    const type = 'ReceivePayment'
    return { name: 'TxnDel', operation: `delete ${type}`, values: { TxnDelType: type, TxnID: targetId } }
  }
  const type = VOIDABLE[target.kind]
  return { name: 'TxnVoid', operation: `void ${type}`, values: { TxnVoidType: type, TxnID: targetId } }
}

/** New records bear a second key, under which QuickBooks keeps them; what is changed has one already. */
function withGuid({
  name,
  values,
  idempotencyKey,
}: Pick<Write, 'name' | 'values'> & { idempotencyKey: string | undefined }): Values {
  if (idempotencyKey === undefined || !name.endsWith('Add')) return values
  return { [name]: { ...(values[name] as Values), ExternalGUID: guidOf(idempotencyKey) } }
}

/** The same meaning, the same GUID. */
function guidOf(idempotencyKey: string): string {
  const hex = createHash('sha256').update(idempotencyKey).digest('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)]
  return `{${parts.join('-')}}`
}
