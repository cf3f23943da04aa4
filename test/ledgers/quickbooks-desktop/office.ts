import type { Caller, Conversation } from '../../../src/ledgers/mailbox.ts'
import {
  openQuickBooksDesktop,
  type QuickBooksDesktop,
  type QuickBooksDesktopOptions,
} from '../../../src/ledgers/quickbooks-desktop/ledger.ts'
import { setOf } from './answers.ts'

export const caller: Caller = {
  qbXmlVersion: '13.0',
  companyFileName: 'C:\\Books\\alder.qbw',
  country: 'US',
  hcpResponse: '',
}

export const ownerId = '{57F3B9B6-86F1-4FCC-B1FF-966DE1813D20}'
export const fileId = '{0E4AE3C4-1B5D-4E13-8B9A-6A2E1C0F9D11}'

export function openDesktop(options: Partial<QuickBooksDesktopOptions> = {}): QuickBooksDesktop {
  return openQuickBooksDesktop({
    expected: async () => ({ ownerId, fileId, companyName: null, companyFileName: null, currency: 'USD' }),
    now: () => new Date(),
    ...options,
  })
}

export interface Said {
  response: string
  hresult?: string
  message?: string
}

export const response = (name: string, inner: string, code = '0') =>
  `<${name}Rs requestID="x" statusCode="${code}" statusSeverity="Info" statusMessage="Status OK">${inner}</${name}Rs>`

export const stamp = (owner: string, file: string) =>
  `<DataExtRet><OwnerID>${owner}</OwnerID><DataExtName>FileID</DataExtName><DataExtType>STR255TYPE</DataExtType><DataExtValue>${file}</DataExtValue></DataExtRet>`

const SALES_TAX =
  '<SalesTaxPreferences><DefaultItemSalesTaxRef><FullName>Sales tax</FullName></DefaultItemSalesTaxRef>' +
  '<DefaultTaxableSalesTaxCodeRef><FullName>TAX</FullName></DefaultTaxableSalesTaxCodeRef>' +
  '<DefaultNonTaxableSalesTaxCodeRef><FullName>NON</FullName></DefaultNonTaxableSalesTaxCodeRef></SalesTaxPreferences>'

/** What a company file answers to the question who it is. */
export function companySays({
  stamps = stamp(ownerId, fileId),
  versions = ['1.0', '13.0', '16.0'],
  preferences = SALES_TAX,
} = {}): Said {
  return {
    response: setOf([
      response(
        'HostQuery',
        `<HostRet>${versions.map((version) => `<SupportedQBXMLVersion>${version}</SupportedQBXMLVersion>`).join('')}</HostRet>`,
      ),
      response('CompanyQuery', `<CompanyRet><CompanyName>Alder Interiors</CompanyName>${stamps}</CompanyRet>`),
      response('PreferencesQuery', `<PreferencesRet>${preferences}</PreferencesRet>`),
      response(
        'ItemSalesTaxQuery',
        '<ItemSalesTaxRet><ListID>79-1</ListID><Name>Sales Tax</Name><TaxRate>6.5%</TaxRate></ItemSalesTaxRet>',
      ),
    ]),
  }
}

/** A ledger in conversation with a company file that has said who it is. */
export async function openChecked(
  options: Partial<QuickBooksDesktopOptions> = {},
): Promise<{ ledger: QuickBooksDesktop; talk: Conversation }> {
  const ledger = openDesktop(options)
  return { ledger, talk: await callAgain(ledger) }
}

/** The next conversation, in which the company file has said who it is. */
export async function callAgain(ledger: QuickBooksDesktop): Promise<Conversation> {
  const talk = ledger.mailbox.open(caller)
  const check = ledger.check()
  await talk.next({ withinMs: 2_000 })
  await talk.answer({ ...companySays(), hresult: '', message: '', withinMs: 0 })
  const { stop } = await check
  if (stop) throw new Error(JSON.stringify(stop))
  return talk
}

/** Plays the office: takes one request after the other and answers each, until there is nothing more to ask. */
export async function playOffice(
  talk: Conversation,
  answer: (body: string) => Said | Promise<Said>,
): Promise<string[]> {
  const taken: string[] = []
  for (;;) {
    const next = await talk.next({ withinMs: 2_000 })
    if (typeof next === 'string') return taken
    taken.push(next.body)
    const said = await answer(next.body)
    await talk.answer({ hresult: '', message: '', ...said, withinMs: 2_000 })
  }
}
