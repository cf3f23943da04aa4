import type { Answer, CompanyCheck, Envelope } from '../ledger.ts'
import type { Caller } from '../mailbox.ts'
import { numberAt } from './amounts.ts'
import { meaningOf } from './faults.ts'
import { outcomeOfRefusal, refusalOf } from './hresults.ts'
import { messageSet, versionMin, versionOf, versionText } from './message-set.ts'
import { type CompanyFacts, sameName } from './names.ts'
import { allOf, type Element, type Response, readAnswer, textAt } from './read-xml.ts'
import type { RequestName } from './schema/requests.ts'
import type { Values } from './values.ts'
import { attributesOf, writeRequest } from './write-xml.ts'

/** What the company file must say of itself before anything is written. */
export interface ExpectedCompany {
  /** The owner and the file of the .qwc, with which the Web Connector stamps the company file. */
  ownerId: string
  fileId: string
  /** By these it is told when it bears no stamp yet; null or empty when they are not known. */
  companyName: string | null
  companyFileName: string | null
  /** The currency of the books, which QuickBooks tells only when it keeps several. */
  currency: string
}

interface CheckOptions {
  expected: ExpectedCompany
  caller: Caller | null
  version: number
  send: (envelope: Envelope) => Promise<Answer>
}

type Stop = NonNullable<CompanyCheck['stop']>

export interface Checked {
  check: CompanyCheck
  /** Null when the check stopped. */
  facts: CompanyFacts | null
  /** The version that QuickBooks understands; null when it did not say. */
  version: number | null
}

/** Asks the company file, in one set, who it is, which version it speaks, how it is set up, and how it taxes. */
export async function checkCompany(options: CheckOptions): Promise<Checked> {
  const { expected, caller, version } = options
  const answer = await options.send(envelopeOf({ ownerId: expected.ownerId, version }))
  const said = understand(answer)
  if ('reason' in said) return stopped(said)
  const [host] = recordsOf(said, 'HostRet')
  const [company] = recordsOf(said, 'CompanyRet')
  const [preferences] = recordsOf(said, 'PreferencesRet')
  if (!host || !company || !preferences) return stopped(notUnderstood('it holds no host, company or preferences'))
  const supported = versionOf(allOf(host, 'SupportedQBXMLVersion').map(({ text }) => text))
  const spoken = supported ?? version
  if (spoken < versionMin) {
    const detail = { version: versionText(spoken), versionMin: versionText(versionMin) }
    return stopped({ reason: 'DESKTOP_TOO_OLD', detail: { ...detail, detail: `qbXML ${detail.version}` } })
  }
  const problem = strangeness({ company, expected, caller })
  if (problem !== null) return stopped({ reason: 'WRONG_COMPANY_FILE', detail: { detail: problem } })
  const [taxItems, taxCodes] = [recordsOf(said, 'ItemSalesTaxRet'), recordsOf(said, 'SalesTaxCodeRet')]
  const facts = factsOf({ preferences, taxItems, taxCodes })
  return {
    check: {
      companyName: textAt(company, 'CompanyName') ?? '',
      currency: currencyOf(preferences) ?? expected.currency,
      // Numbers of Desktop are what the sender says; it gives its own only to those that have none.
      customTransactionNumbers: true,
      salesTax: facts.salesTax,
      // Its times have no offset, and are an hour wrong for half of the year.
      clockSkewSeconds: null,
      stop: null,
    },
    facts,
    version: supported,
  }
}

function envelopeOf({ ownerId, version }: { ownerId: string; version: number }): Envelope {
  const questions: [RequestName, Values][] = [
    ['HostQuery', {}],
    ['CompanyQuery', { OwnerID: ownerId }],
    ['PreferencesQuery', {}],
    ['ItemSalesTaxQuery', { ActiveStatus: 'ActiveOnly' }],
    ['SalesTaxCodeQuery', { ActiveStatus: 'All' }],
  ]
  const requests = questions.map(([name, values], index) =>
    writeRequest({ name, values, version }).replace(/^<\w+/, (tag) => tag + attributesOf({ requestID: `${index}` })),
  )
  const body = messageSet({ requests, version })
  return { method: 'QBXML', path: 'message-set', contentType: 'application/qbxml', body, exchanges: [] }
}

const ASKED = { writes: false, about: { documentNumber: null, customerName: null, date: null } }

function understand(answer: Answer): Stop | Response<Element>[] {
  if (answer.kind !== 'answered') return { reason: 'QUICKBOOKS_UNREACHABLE', detail: { detail: answer.detail } }
  const refusal = answer.status === 500 ? refusalOf(answer.body) : null
  const outcome = refusal && outcomeOfRefusal({ refusal, asked: ASKED, alone: true })
  if (outcome) return 'reason' in outcome ? outcome : notUnderstood(outcome.kind)
  const read = readAnswer({ body: answer.body, read: (element) => element })
  if (read.kind === 'unreadable') return notUnderstood(read.detail)
  for (const { name, statusCode: code, statusMessage: message } of read.responses) {
    // A company without sales tax has no such items and codes, in whatever way it says so.
    if (name === 'ItemSalesTaxQueryRs' || name === 'SalesTaxCodeQueryRs') continue
    const meaning = meaningOf({ code, message }, ASKED)
    if (meaning !== 'fine') return 'reason' in meaning ? meaning : notUnderstood(meaning.kind)
  }
  return read.responses
}

function recordsOf(responses: Response<Element>[], name: string): Element[] {
  return responses.flatMap(({ found }) => found).filter((record) => record.name === name)
}

/** Why this is not the company file that we are meant to write to; null when it is. */
function strangeness({
  company,
  expected,
  caller,
}: {
  company: Element
  expected: ExpectedCompany
  caller: Caller | null
}): string | null {
  const name = textAt(company, 'CompanyName') ?? ''
  const file = caller?.companyFileName ?? ''
  const stamps = allOf(company, 'DataExtRet')
    .filter((stamp) => sameName(textAt(stamp, 'OwnerID'), expected.ownerId))
    .filter((stamp) => sameName(textAt(stamp, 'DataExtName'), 'FileID'))
    .map((stamp) => textAt(stamp, 'DataExtValue') ?? '')
  const here = `"${name}" (${file || 'file not named'})`
  if (stamps.length > 0) {
    return stamps.some((stamp) => sameName(stamp, expected.fileId))
      ? null
      : `${here} bears the mark of another connection, ${stamps[0]}`
  }
  const { companyName, companyFileName } = expected
  if (!companyName && !companyFileName) return `${here} bears no mark of this connection, and nobody named its path`
  if (companyName && !sameName(name, companyName)) return `${here} is open instead of "${companyName}"`
  if (companyFileName && !sameName(slashed(file), slashed(companyFileName)))
    return `${here} is open instead of ${companyFileName}`
  return null
}

/** Windows takes either slash. */
function slashed(path: string): string {
  return path.replaceAll('\\', '/')
}

function factsOf({
  preferences,
  taxItems,
  taxCodes,
}: {
  preferences: Element
  taxItems: Element[]
  taxCodes: Element[]
}): CompanyFacts {
  const [tax] = allOf(preferences, 'SalesTaxPreferences')
  return {
    salesTax: tax ? 'BY_RATE' : 'OFF',
    taxableCode: (tax && textAt(tax, 'DefaultTaxableSalesTaxCodeRef', 'FullName')) ?? 'Tax',
    nonTaxableCode: (tax && textAt(tax, 'DefaultNonTaxableSalesTaxCodeRef', 'FullName')) ?? 'Non',
    taxItems: new Map(taxItems.flatMap(taxItemOf)),
    taxCodes: new Map(taxCodes.map((code) => [textAt(code, 'ListID') ?? '', textAt(code, 'IsTaxable') === 'true'])),
    ordinaryTaxId: (tax && textAt(tax, 'DefaultItemSalesTaxRef', 'ListID')) ?? null,
    closingDate: textAt(preferences, 'AccountingPreferences', 'ClosingDate') ?? null,
  }
}

function taxItemOf(item: Element): [string, { id: string; ratePercent: string }][] {
  const [name, id, rate] = [textAt(item, 'Name'), textAt(item, 'ListID'), numberAt(item, 'TaxRate')]
  return name && id && rate !== null ? [[name.toLowerCase(), { id, ratePercent: rate }]] : []
}

/** QuickBooks names currencies in words. */
const CURRENCIES: Readonly<Record<string, string>> = {
  'us dollar': 'USD',
  'canadian dollar': 'CAD',
  'british pound sterling': 'GBP',
  euro: 'EUR',
  'australian dollar': 'AUD',
}

function currencyOf(preferences: Element): string | null {
  if (textAt(preferences, 'MultiCurrencyPreferences', 'IsMultiCurrencyOn') !== 'true') return null
  return currencyNamed(textAt(preferences, 'MultiCurrencyPreferences', 'HomeCurrencyRef', 'FullName') ?? null)
}

/** The code of a currency by its name; a name that is not known stays as it is. Null where none is named. */
export function currencyNamed(name: string | null): string | null {
  return name === null ? null : (CURRENCIES[name.toLowerCase()] ?? name)
}

function notUnderstood(detail: string): Stop {
  return { reason: 'ANSWER_NOT_UNDERSTOOD', detail: { detail } }
}

function stopped({ reason, detail }: Stop): Checked {
  const unasked = {
    companyName: '',
    currency: '',
    customTransactionNumbers: false,
    salesTax: null,
    clockSkewSeconds: null,
  }
  return { check: { ...unasked, stop: { reason, detail } }, facts: null, version: null }
}
