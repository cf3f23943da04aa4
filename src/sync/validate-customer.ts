import type { Address, CustomerDocument } from '../domain/document.ts'
import { type Problem, problem } from '../domain/problem.ts'
import type { LedgerLimits } from '../ledgers/ledger.ts'
import { emailProblems, textProblems } from './validate-text.ts'

/** Longer than what any QuickBooks keeps of a phone number, a street or a city. */
const ADDRESS_LENGTH_MAX = 500
const EMAIL_LENGTH_MAX = 100
const PHONE_LENGTH_MAX = 30

/** What is wrong with a customer, whatever kind of QuickBooks it goes to. */
export function customerProblems(document: CustomerDocument, limits: LedgerLimits): Problem[] {
  const { name, companyName, phone, email } = document
  return [
    ...(name.trim() === ''
      ? [
          problem({
            field: 'customer name',
            value: name,
            problem: 'the customer has no name',
            remedy: 'Give the account a name in the CRM.',
          }),
        ]
      : []),
    ...textProblems('customer name', name, limits.customerNameLengthMax),
    ...(/[:\t\n\r]/.test(name)
      ? [
          problem({
            field: 'customer name',
            value: name,
            problem: 'the customer name has a colon, a tab or a line break',
            remedy:
              'Give the account another QuickBooks name in the CRM: a colon would make it part of another customer.',
          }),
        ]
      : []),
    ...textProblems('company name', companyName, limits.customerNameLengthMax),
    ...textProblems('phone number', phone, PHONE_LENGTH_MAX),
    ...textProblems('e-mail address', email, EMAIL_LENGTH_MAX),
    ...emailProblems('e-mail address', email),
    ...addressProblems(document.billing),
  ]
}

/** The postal codes of countries where QuickBooks reads them, for taxes. */
const POSTAL_CODES: readonly { countries: RegExp; pattern: RegExp; is: string }[] = [
  { countries: /^(us|usa|united states)( of america)?$/i, pattern: /^\d{5}(-?\d{4})?$/, is: 'five digits, or nine' },
  {
    countries: /^(ca|canada)$/i,
    pattern: /^[a-z]\d[a-z][ -]?\d[a-z]\d$/i,
    is: 'a letter and a digit three times, such as K1A 0B1',
  },
]

function addressProblems(address: Address | undefined): Problem[] {
  if (!address) return []
  const { lines, city, state, postalCode, country } = address
  const rule = POSTAL_CODES.find(({ countries }) => country !== undefined && countries.test(country.trim()))
  const strange = rule !== undefined && postalCode !== undefined && !rule.pattern.test(postalCode.trim())
  return [
    ...lines.flatMap((line, index) => textProblems(`street line ${index + 1}`, line, ADDRESS_LENGTH_MAX)),
    ...textProblems('city', city, ADDRESS_LENGTH_MAX),
    ...textProblems('state', state, ADDRESS_LENGTH_MAX),
    ...textProblems('postal code', postalCode, ADDRESS_LENGTH_MAX),
    ...textProblems('country', country, ADDRESS_LENGTH_MAX),
    ...(strange
      ? [
          problem({
            field: 'postal code',
            value: postalCode,
            problem: `the postal code "${postalCode}" is none of ${country}: it has ${rule.is}`,
            remedy: 'Correct the postal code of the account in the CRM.',
          }),
        ]
      : []),
  ]
}
