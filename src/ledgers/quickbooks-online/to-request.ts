import type { DocumentReference, MappedDocument, MappedVoid } from '../../domain/document.ts'
import { ExchangePurpose } from '../../domain/kinds.ts'
import type { LedgerRequest, LookUp } from '../ledger.ts'
import { writeJson } from './exact-json.ts'
import { query } from './questions.ts'
import { ENTITIES, type EntityName } from './records.ts'
import { customerBody, customerChange } from './to-customer.ts'
import { itemBody } from './to-item.ts'
import { paymentBody } from './to-payment.ts'
import { saleBody } from './to-sale.ts'

/** What can be done to a record; the word stands first in the name of an operation. */
export type Verb = 'create' | 'update' | 'void' | 'delete'

/** What QuickBooks Online does not void; its audit log keeps what is deleted. */
export const DELETED = ['CREDIT_MEMO'] as const satisfies DocumentReference['kind'][]

/** Puts a document, or a look-up, into the dialect of QuickBooks Online. Throws only when the caller broke the contract. */
export function toRequest(what: MappedDocument | LookUp): LedgerRequest {
  switch (what.kind) {
    case 'INVOICE':
    case 'CREDIT_MEMO':
    case 'REFUND':
      return write({ verb: 'create', entity: ENTITIES[what.kind], body: saleBody(what) })
    case 'PAYMENT':
      return write({ verb: 'create', entity: ENTITIES.PAYMENT, body: paymentBody(what) })
    case 'VOID':
      return takenBack(what)
    case 'CUSTOMER':
      return what.update
        ? write({ verb: 'update', entity: ENTITIES.CUSTOMER, body: customerChange({ ...what, update: what.update }) })
        : write({ verb: 'create', entity: ENTITIES.CUSTOMER, body: customerBody(what.document) })
    case 'ITEM':
      return write({ verb: 'create', entity: ENTITIES.ITEM, body: itemBody(what) })
    case 'LOOK_UP':
      return query(what)
  }
}

function write({ verb, entity, body }: { verb: Verb; entity: EntityName; body: object }): LedgerRequest {
  return { purpose: ExchangePurpose.POST, operation: `${verb} ${entity}`, request: writeJson(body) }
}

/** An invoice is voided by an operation of its own; a payment or a refund by an update, which would erase what it does not say. */
function takenBack({ document: { target }, targetId, revision }: MappedVoid): LedgerRequest {
  const entity = ENTITIES[target.kind]
  const record = { Id: targetId, SyncToken: revision }
  if (DELETED.some((kind) => kind === target.kind)) return write({ verb: 'delete', entity, body: record })
  return write({ verb: 'void', entity, body: target.kind === 'INVOICE' ? record : { ...record, sparse: true } })
}
