import { describe, expect, test } from '@jest/globals'
import type { QuickBooksDesktop } from '../../../src/ledgers/quickbooks-desktop/ledger.ts'
import { createInvoice, desktopInvoice, exchangeOf, setOf } from './answers.ts'
import {
  caller,
  companySays as company,
  fileId,
  openDesktop,
  ownerId,
  playOffice,
  response,
  type Said,
  stamp,
} from './office.ts'

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

  test('stays until the next one has said who it is: a road that was overtaken ends by what it began with', async () => {
    const caught: { ledger?: QuickBooksDesktop } = {}
    await checked(company(), {}, caught)
    const ledger = caught.ledger!
    const taxed = { role: 'SALES_TAX', charge: { id: '79-1', ratePercent: '6.5' } }
    const talk = ledger.mailbox.open(caller)
    expect(ledger.needs(desktopInvoice().document)).toContainEqual(taxed)
    expect(ledger.problems(desktopInvoice())).toEqual([])
    const other = company({ preferences: '' })
    void playOffice(talk, () => other)
    await ledger.check()
    talk.end('the test is over')
    expect(ledger.problems(desktopInvoice())).toMatchObject([
      { problem: 'it has sales tax, which is switched off in QuickBooks' },
    ])
  })

  test('nothing leaves for a company that has not said who it is, not even what a road before laid in', async () => {
    const caught: { ledger?: QuickBooksDesktop } = {}
    await checked(company(), {}, caught)
    const ledger = caught.ledger!
    const [envelope] = ledger.pack([createInvoice])
    const waiting = ledger.mailbox.open(caller)
    const unasked = { kind: 'not-sent', detail: expect.stringContaining('has not said yet who it is') }
    expect(await ledger.send(envelope!)).toMatchObject(unasked)
    const check = ledger.check()
    const early = ledger.send(envelope!)
    const asked = await waiting.next({ withinMs: 2_000 })
    expect(asked).toMatchObject({ body: expect.stringContaining('CompanyQueryRq') })
    expect(await early).toMatchObject(unasked)
    await waiting.answer({ ...company(), hresult: '', message: '', withinMs: 0 })
    expect((await check).stop).toBeNull()
    void ledger.send(envelope!)
    expect(await waiting.next({ withinMs: 2_000 })).toEqual({ body: envelope!.body })
    waiting.end('the test is over')
  })

  test('nothing leaves for a company that turned out to be another one', async () => {
    const ledger = openDesktop()
    const talk = ledger.mailbox.open(caller)
    const strange = company({ stamps: stamp(ownerId, '{11111111-2222-3333-4444-555555555555}') })
    const taken: string[] = []
    void playOffice(talk, (body) => {
      taken.push(body)
      return strange
    })
    expect((await ledger.check()).stop).toMatchObject({ reason: 'WRONG_COMPANY_FILE' })
    expect((await ledger.send(ledger.pack([createInvoice])[0]!)).kind).toBe('not-sent')
    talk.end('the test is over')
    expect(taken).toHaveLength(1)
  })

  test('an answer to the check that comes when the next conversation has begun lets nothing through in that one', async () => {
    const ledger = openDesktop()
    const talk = ledger.mailbox.open(caller)
    const check = ledger.check()
    await talk.next({ withinMs: 2_000 })
    await talk.answer({ ...company(), hresult: '', message: '', withinMs: 0 })
    const next = ledger.mailbox.open(caller)
    await check
    expect((await ledger.send(ledger.pack([createInvoice])[0]!)).kind).toBe('not-sent')
    next.end('the test is over')
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
