import type { Address, CustomerDocument, MappedCustomer } from '../../domain/document.ts'

/** Lines that an address has in QuickBooks. */
export const addressLinesMax = 5

export function customerBody(customer: CustomerDocument): object {
  return {
    DisplayName: customer.name,
    CompanyName: customer.companyName,
    PrimaryEmailAddr: customer.email ? { Address: customer.email } : undefined,
    PrimaryPhone: customer.phone ? { FreeFormNumber: customer.phone } : undefined,
    BillAddr: customer.billing && addressBody(customer.billing),
    ...(customer.active === false ? { Active: false } : {}),
  }
}

/**
 * A change of a customer that QuickBooks has. It is sparse: what the CRM does not say stays as the accountant left it. An
 * address is one thing, so the lines that it no longer has are blanked.
 */
export function customerChange({
  document,
  update,
}: MappedCustomer & { update: NonNullable<MappedCustomer['update']> }): object {
  return {
    Id: update.quickBooksId,
    SyncToken: update.revision,
    sparse: true,
    ...customerBody(document),
    BillAddr: document.billing && { ...BLANK_ADDRESS, ...addressBody(document.billing) },
    Active: document.active !== false,
  }
}

const BLANK_ADDRESS = {
  ...Object.fromEntries(Array.from({ length: addressLinesMax }, (_, index) => [`Line${index + 1}`, ''])),
  City: '',
  CountrySubDivisionCode: '',
  PostalCode: '',
  Country: '',
}

/** An address of more lines than QuickBooks has keeps its last lines together. */
export function addressBody({ lines, city, state, postalCode, country }: Address): object {
  const kept =
    lines.length > addressLinesMax
      ? [...lines.slice(0, addressLinesMax - 1), lines.slice(addressLinesMax - 1).join(', ')]
      : lines
  const parts = { City: city, CountrySubDivisionCode: state, PostalCode: postalCode, Country: country }
  return {
    ...Object.fromEntries(kept.map((line, index) => [`Line${index + 1}`, line])),
    ...Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)),
  }
}
