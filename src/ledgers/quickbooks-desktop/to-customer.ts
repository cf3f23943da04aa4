import type { Address, CustomerDocument, MappedCustomer } from '../../domain/document.ts'
import { toLatin1 } from './latin1.ts'
import type { Values } from './values.ts'

/** A line of an address may be this long, and an address has so many. */
const addressLineLengthMax = 41
const addressLinesMax = 5

export function customerValues(customer: CustomerDocument): Values {
  return {
    Name: customer.name,
    IsActive: customer.active === false ? 'false' : undefined,
    CompanyName: customer.companyName || undefined,
    BillAddress: customer.billing && addressValues(customer.billing),
    Phone: customer.phone || undefined,
    Email: customer.email || undefined,
  }
}

/**
 * A change of a customer that QuickBooks has: what the CRM does not say stays as the accountant left it. An address is one
 * thing, so the lines that it no longer has are blanked.
 */
export function customerChange(customer: CustomerDocument, update: NonNullable<MappedCustomer['update']>): Values {
  return {
    ListID: update.quickBooksId,
    EditSequence: update.revision,
    ...customerValues(customer),
    IsActive: String(customer.active !== false),
    BillAddress: customer.billing && { ...BLANK_ADDRESS, ...said(addressValues(customer.billing)) },
  }
}

const BLANK_ADDRESS: Values = {
  ...Object.fromEntries(Array.from({ length: addressLinesMax }, (_, index) => [`Addr${index + 1}`, ''])),
  City: '',
  State: '',
  PostalCode: '',
  Country: '',
}

function said(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

export function addressValues({ lines, city, state, postalCode, country }: Address): Values {
  const written = lines.flatMap(folded)
  const kept = written.length > addressLinesMax ? lines : written
  return {
    ...Object.fromEntries(kept.map((line, index) => [`Addr${index + 1}`, line])),
    City: city || undefined,
    State: state || undefined,
    PostalCode: postalCode || undefined,
    Country: country || undefined,
  }
}

/** A line that is too long goes on in the next one, at a space. */
function folded(line: string): string[] {
  const { text } = toLatin1(line)
  if (text.length <= addressLineLengthMax) return line === '' ? [] : [line]
  const space = text.lastIndexOf(' ', addressLineLengthMax)
  return space <= 0 || text.length < line.length ? [line] : [text.slice(0, space), ...folded(text.slice(space + 1))]
}
