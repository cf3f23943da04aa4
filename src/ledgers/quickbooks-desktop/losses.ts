import {
  type Address,
  type DocumentReference,
  isMappedSale,
  type MappedDocument,
  type MappedSale,
} from '../../domain/document.ts'
import { isZero } from '../../domain/money.ts'
import type { Loss } from '../ledger.ts'
import { toLatin1 } from './latin1.ts'
import { planTax } from './sales-tax.ts'
import type { Setting } from './setting.ts'
import { linkIdOf } from './to-payment.ts'
import { DELETED, writeOf } from './to-request.ts'
import type { Value } from './values.ts'
import { isList } from './write-xml.ts'

/** What QuickBooks Desktop keeps otherwise than the document says it. */
export function lossesOf(mapped: MappedDocument, setting: Setting): Loss[] {
  if (mapped.kind === 'VOID') return deletion(mapped.document.target)
  const texts = textsOf(writeOf(mapped, setting).values)
  const spelled = texts.filter((text) => {
    const { text: kept, refused } = toLatin1(text)
    return refused.length === 0 && kept !== text
  })
  return [
    ...(spelled.length > 0
      ? [{ what: 'characters beyond Latin-1 are spelled otherwise', detail: spelled.slice(0, 3).join('; ') }]
      : []),
    ...(isMappedSale(mapped) ? saleLosses(mapped, setting) : []),
    ...(mapped.kind === 'CUSTOMER' ? foldedAddress(mapped.document.billing) : []),
    ...(mapped.kind === 'PAYMENT' && linkIdOf(mapped) !== null
      ? [{ what: 'a credit that is applied is a link, and no payment of its own', detail: mapped.document.number }]
      : []),
  ]
}

function deletion({ kind, number }: DocumentReference): Loss[] {
  return DELETED.some((one) => one === kind)
    ? [{ what: 'a payment is not voided but deleted: the audit trail of QuickBooks keeps it', detail: number }]
    : []
}

function saleLosses(mapped: MappedSale, setting: Setting): Loss[] {
  const { document } = mapped
  const { customer, shipTo, tax } = document
  const { rounding } = planTax({ mapped, ...setting })
  return [
    ...foldedAddress(customer.billing),
    ...foldedAddress(shipTo),
    ...(isZero(tax) ? [] : [{ what: 'the sales tax is computed by QuickBooks, over the whole document', detail: tax }]),
    ...(isZero(rounding) ? [] : [{ what: 'what rounding leaves of the tax is a line of its own', detail: rounding }]),
    ...(customer.email
      ? [{ what: 'the e-mail address stands on the customer, not on the document', detail: customer.email }]
      : []),
    ...(document.kind !== 'INVOICE' && document.corrects
      ? [{ what: 'the invoice that it corrects stands in the memo', detail: document.corrects.number }]
      : []),
    ...(document.kind === 'REFUND'
      ? [
          {
            what: 'a refund is a credit memo: the cheque or card refund that pays it out is written in QuickBooks',
            detail: document.total,
          },
        ]
      : []),
  ]
}

function foldedAddress(address: Address | undefined): Loss[] {
  const long = (address?.lines ?? []).filter((line) => line.length > 41)
  return long.length > 0 ? [{ what: 'a long line of an address is folded', detail: long.join('; ') }] : []
}

function textsOf(value: Value | undefined): string[] {
  if (value === undefined) return []
  if (typeof value === 'string') return [value]
  return isList(value) ? value.flatMap(textsOf) : Object.values(value).flatMap(textsOf)
}
