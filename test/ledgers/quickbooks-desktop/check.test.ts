import { describe, expect, test } from '@jest/globals'
import type { QuickBooksDesktop } from '../../../src/ledgers/quickbooks-desktop/ledger.ts'
import { desktopInvoice, exchangeOf, setOf } from './answers.ts'
import { caller, fileId, openDesktop, ownerId, playOffice, type Said } from './office.ts'

const response = (name: string, inner: string, code = '0') =>
  `<${name}Rs requestID="x" statusCode="${code}" statusSeverity="Info" statusMessage="Status OK">${inner}</${name}Rs>`

const stamp = (owner: string, file: string) =>
  `<DataExtRet><OwnerID>${owner}</OwnerID><DataExtName>FileID</DataExtName><DataExtType>STR255TYPE</DataExtType><DataExtValue>${file}</DataExtValue></DataExtRet>`

const SALES_TAX =
  '<SalesTaxPreferences><DefaultItemSalesTaxRef><FullName>Sales tax</FullName></DefaultItemSalesTaxRef>' +
  '<DefaultTaxableSalesTaxCodeRef><FullName>TAX</FullName></DefaultTaxableSalesTaxCodeRef>' +
  '<DefaultNonTaxableSalesTaxCodeRef><FullName>NON</FullName></DefaultNonTaxableSalesTaxCodeRef></SalesTaxPreferences>'

function company({
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

async function checked(
  said: Said,
  options: Parameters<typeof openDesktop>[0] = {},
  caught: { ledger?: QuickBooksDesktop } = {},
) {
  const ledger = openDesktop(options)
  caught.ledger = ledger
  const talk = ledger.mailbox.open(caller)
  const office = playOffice(talk, () => said)
  const check = await ledger.check()
  talk.finish()
  return { check, asked: await office }
}

describe('the check of the company file', () => {
  test('asks everything in one set, and tells who it is', async () => {
    const { check, asked } = await checked(company())
    expect(check).toEqual({
      companyName: 'Alder Interiors',
      currency: 'USD',
      customTransactionNumbers: true,
      salesTax: 'BY_RATE',
      clockSkewSeconds: null,
      stop: null,
    })
    expect(asked).toHaveLength(1)
    expect(asked[0]).toContain(`<OwnerID>${ownerId}</OwnerID>`)
  })

  test('a file that bears the mark of another connection stops it before the first write', async () => {
    const other = '{11111111-2222-3333-4444-555555555555}'
    const { check } = await checked(company({ stamps: stamp(ownerId, other) }))
    expect(check.stop).toMatchObject({
      reason: 'WRONG_COMPANY_FILE',
      detail: { detail: expect.stringContaining(other) },
    })
  })

  test('the mark is told from those of other programs, whatever its letters', async () => {
    const stamps =
      stamp('{99999999-9999-9999-9999-999999999999}', '{0}') + stamp(ownerId.toLowerCase(), fileId.toLowerCase())
    expect((await checked(company({ stamps }))).check.stop).toBeNull()
  })

  test('a file without a mark is told by its name and its path, and is strange without them', async () => {
    const expected = {
      ownerId,
      fileId,
      companyName: 'alder interiors',
      companyFileName: caller.companyFileName,
      currency: 'USD',
    }
    const judge = async (known: Partial<typeof expected> | { companyName: null; companyFileName: null }) =>
      (await checked(company({ stamps: '' }), { expected: async () => ({ ...expected, ...known }) })).check.stop
        ?.reason ?? null
    expect(await judge({})).toBeNull()
    expect(await judge({ companyName: 'Birch Ltd' })).toBe('WRONG_COMPANY_FILE')
    expect(await judge({ companyFileName: 'C:\\Books\\birch.qbw' })).toBe('WRONG_COMPANY_FILE')
    expect(await judge({ companyName: null, companyFileName: null })).toBe('WRONG_COMPANY_FILE')
  })

  test('a host that speaks only qbXML 2.0 is told so in plain words', async () => {
    const { check } = await checked(company({ versions: ['1.0', '2.0'] }))
    expect(check.stop).toMatchObject({ reason: 'DESKTOP_TOO_OLD', detail: { version: '2.0', versionMin: '3.0' } })
  })

  test('a caller of qbXML 2.0 whose host lists nothing is told so too', async () => {
    const ledger = openDesktop()
    const talk = ledger.mailbox.open({ ...caller, qbXmlVersion: '2.0' })
    void playOffice(talk, () => company({ versions: [] }))
    expect((await ledger.check()).stop).toMatchObject({ reason: 'DESKTOP_TOO_OLD' })
    talk.end('the test is over')
  })

  test.each([
    ['0x80040408', 'DESKTOP_CLOSED'],
    ['0x8004040A', 'DESKTOP_OTHER_FILE'],
    ['0x80040414', 'DESKTOP_DIALOG_OPEN'],
    ['0x80040422', 'DESKTOP_OTHER_MODE'],
    ['0x80040420', 'DESKTOP_ACCESS_DENIED'],
  ])('%s stops it as %s', async (hresult, reason) => {
    expect((await checked({ response: '', hresult, message: 'm' })).check.stop).toMatchObject({ reason })
  })

  test.each(['', '<QBXML>', setOf([]), setOf([response('HostQuery', '', '3250')])])(
    'an answer that says nothing (%j) stops it',
    async (body) => {
      expect((await checked({ response: body })).check.stop).not.toBeNull()
    },
  )

  test('without a caller it says so', async () => {
    expect((await openDesktop().check()).stop).toMatchObject({ reason: 'QUICKBOOKS_UNREACHABLE' })
  })
})

describe('what the company has told', () => {
  test('its tax item is needed by its id and rate; the rest is looked up by name', async () => {
    const caught: { ledger?: QuickBooksDesktop } = {}
    await checked(company(), {}, caught)
    expect(caught.ledger?.needs(desktopInvoice().document)).toEqual([
      { role: 'DISCOUNT', entity: 'ITEM', name: 'Discount' },
      { role: 'SHIPPING', entity: 'ITEM', name: 'Shipping' },
      { role: 'SALES_TAX', charge: { id: '79-1', ratePercent: '6.5' } },
      { role: 'TAX_ROUNDING', entity: 'ITEM', name: 'Sales tax rounding', optional: true },
    ])
    const request = caught.ledger?.encode(desktopInvoice()).request
    expect(request).toContain('<FullName>TAX</FullName>')
    expect(request).toContain('<FullName>NON</FullName>')
  })

  test('its closing date and its currency are kept', async () => {
    const caught: { ledger?: QuickBooksDesktop } = {}
    const preferences =
      '<AccountingPreferences><ClosingDate>2026-12-31</ClosingDate></AccountingPreferences><MultiCurrencyPreferences>' +
      '<IsMultiCurrencyOn>true</IsMultiCurrencyOn><HomeCurrencyRef><FullName>Canadian Dollar</FullName></HomeCurrencyRef></MultiCurrencyPreferences>'
    const { check } = await checked(company({ preferences }), {}, caught)
    expect(check).toMatchObject({ currency: 'CAD', salesTax: 'OFF' })
    expect(caught.ledger?.problems(desktopInvoice()).map(({ problem }) => problem)).toEqual([
      'it has sales tax, which is switched off in QuickBooks',
      'its date 2026-11-02 lies in the closed period, which ends on 2026-12-31',
    ])
  })

  test('the next caller is a stranger until it has been asked', async () => {
    const caught: { ledger?: QuickBooksDesktop } = {}
    await checked(company(), {}, caught)
    caught.ledger?.mailbox.open(caller)
    expect(caught.ledger?.needs(desktopInvoice().document)).toContainEqual({
      role: 'SALES_TAX',
      entity: 'ITEM',
      name: 'Sales tax',
    })
  })

  test('the version of documents is the newest that both sides understand', () => {
    const ledger = openDesktop()
    const versionFor = (qbXmlVersion: string, supported: string[]) => {
      const hcpResponse = setOf([
        response(
          'HostQuery',
          `<HostRet>${supported.map((one) => `<SupportedQBXMLVersion>${one}</SupportedQBXMLVersion>`).join('')}</HostRet>`,
        ),
      ])
      ledger.mailbox.open({ ...caller, qbXmlVersion, hcpResponse })
      return /qbxml version="([^"]+)"/.exec(ledger.pack([exchangeOf(desktopInvoice(), 'a')])[0]!.body)?.[1]
    }
    expect(versionFor('16.0', ['1.0', '12.0', '16.0'])).toBe('13.0')
    expect(versionFor('13.0', ['1.0', '6.1', '8.0'])).toBe('8.0')
    expect(versionFor('7.0', [])).toBe('7.0')
    expect(versionFor('', [])).toBe('13.0')
    expect(versionFor('13.0', ['CA6.0'])).toBe('6.0')
  })
})
