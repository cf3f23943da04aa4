import type { MappedDocument } from '../../domain/document.ts'
import { isZero } from '../../domain/money.ts'
import type { Loss } from '../ledger.ts'
import { toLatin1 } from './latin1.ts'
import { planTax } from './sales-tax.ts'
import { type Setting, valuesOf } from './to-request.ts'
import type { Value } from './values.ts'
import { isList } from './write-xml.ts'

/** What QuickBooks Desktop keeps otherwise than the document says it. */
export function lossesOf(mapped: MappedDocument, setting: Setting): Loss[] {
  const texts = textsOf(valuesOf(mapped, setting))
  const spelled = texts.filter((text) => {
    const { text: kept, refused } = toLatin1(text)
    return refused.length === 0 && kept !== text
  })
  return [
    ...(spelled.length > 0
      ? [{ what: 'characters beyond Latin-1 are spelled otherwise', detail: spelled.slice(0, 3).join('; ') }]
      : []),
    ...foldedAddress(mapped),
    ...(mapped.kind === 'INVOICE' ? invoiceLosses(mapped, setting) : []),
  ]
}

function invoiceLosses(mapped: Extract<MappedDocument, { kind: 'INVOICE' }>, setting: Setting): Loss[] {
  const { customer, tax } = mapped.document
  const { rounding } = planTax({ mapped, ...setting })
  return [
    ...(isZero(tax) ? [] : [{ what: 'the sales tax is computed by QuickBooks, over the whole invoice', detail: tax }]),
    ...(isZero(rounding) ? [] : [{ what: 'what rounding leaves of the tax is a line of its own', detail: rounding }]),
    ...(customer.email
      ? [{ what: 'the e-mail address stands on the customer, not on the invoice', detail: customer.email }]
      : []),
  ]
}

function foldedAddress(mapped: MappedDocument): Loss[] {
  const { billing } = mapped.kind === 'INVOICE' ? mapped.document.customer : mapped.document
  const long = (billing?.lines ?? []).filter((line) => line.length > 41)
  return long.length > 0 ? [{ what: 'a long line of an address is folded', detail: long.join('; ') }] : []
}

function textsOf(value: Value | undefined): string[] {
  if (value === undefined) return []
  if (typeof value === 'string') return [value]
  return isList(value) ? value.flatMap(textsOf) : Object.values(value).flatMap(textsOf)
}
