// What every ledger guarantees to the road, whichever QuickBooks it speaks to. Each ledger runs these sentences against
// its stand-in; the stand-in is asked for its faults by the two hooks below. A ledger that needs one of them loosened is
// not a ledger.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { LinkKind } from '../../src/domain/link.ts'
import type { Answer } from '../../src/ledgers/ledger.ts'
import { changesContract } from './changes.contract.ts'
import { creditsContract } from './credits.contract.ts'
import { aCustomer, anInvoice, stored } from './documents.ts'
import { byNumber, outcomesOf, recordFor, recordOf, roadOf } from './small-road.ts'
import type { CompanyUnderTest } from './under-test.ts'

export function ledgerContract(name: string, open: () => Promise<CompanyUnderTest>): void {
  describe(`${name} as a ledger`, () => {
    let company: CompanyUnderTest
    let numbers = 0
    beforeAll(async () => {
      company = await open()
    })
    afterAll(() => company.close())

    /** Each sentence has a number of its own, so that none depends on another. */
    const nextNumber = () => {
      numbers += 1
      return `C-${numbers}`
    }
    const invoiceOf = (number: string) => anInvoice({ number, records: company.records })
    const road = () => roadOf(company.ledger)

    test('the same document gives the same bytes', () => {
      const { ledger } = company
      const document = invoiceOf(nextNumber())
      expect(ledger.encode(structuredClone(document))).toEqual(ledger.encode(document))
      const lookUp = byNumber(['1', '2'])
      expect(ledger.encode(structuredClone(lookUp))).toEqual(ledger.encode(lookUp))
    })

    test('packing what was packed gives the same envelope', () => {
      const { ledger } = company
      const requests = [...Array(ledger.limits.packMax + 1).keys()].map((index) => ({
        request: ledger.encode(invoiceOf(`P-${index}`)),
        key: `P-${index}:1:x`,
      }))
      const envelopes = ledger.pack(stored(requests))
      expect(envelopes.flatMap(({ exchanges }) => exchanges)).toHaveLength(requests.length)
      for (const envelope of envelopes) {
        expect(envelope.exchanges.length).toBeLessThanOrEqual(ledger.limits.packMax)
        expect(envelope.exchanges.map(({ position }) => position)).toEqual([...envelope.exchanges.keys()])
        expect(ledger.pack(envelope.exchanges)).toEqual([envelope])
      }
    })

    test('an invoice is posted, and the record that comes back equals what was sent', async () => {
      const invoice = invoiceOf(nextNumber())
      const { quickBooksId, ...record } = recordOf(await road().post(invoice))
      expect(quickBooksId).toEqual(expect.stringMatching(/./))
      expect(record).toEqual(recordFor(invoice))
    })

    test('a posted invoice is found by its number, equal again', async () => {
      const invoice = invoiceOf(nextNumber())
      const posted = recordOf(await road().post(invoice))
      expect(await road().ask(byNumber([invoice.document.number, 'never-sent']))).toEqual({
        kind: 'found',
        records: [posted],
      })
    })

    test('a number that was never sent is not found', async () => {
      expect(await road().ask(byNumber(['never-sent']))).toEqual({ kind: 'found', records: [] })
    })

    test('a customer is posted, and found by a name with an apostrophe', async () => {
      const posted = recordOf(await road().post(aCustomer("O'Leary & Daughters")))
      expect(posted).toMatchObject({ entity: 'CUSTOMER', name: "O'Leary & Daughters", active: true })
      expect(await road().ask({ ...byNumber(["O'Leary & Daughters"]), entity: LinkKind.CUSTOMER, by: 'NAME' })).toEqual(
        {
          kind: 'found',
          records: [posted],
        },
      )
    })

    test('many travel together, each with its own outcome, and a refused one harms no other', async () => {
      const good = [invoiceOf(nextNumber()), invoiceOf(nextNumber())]
      const refused = { ...invoiceOf(nextNumber()), itemIds: ['no-such-item', 'no-such-item'] }
      const outcomes = await road().sendAll([good[0]!, refused, good[1]!, byNumber(['never-sent'])])
      expect(outcomes.map(({ kind }) => kind)).toEqual(['posted', 'rejected', 'posted', 'found'])
      expect(recordOf(outcomes[0]!).sale?.number).toBe(good[0]?.document.number)
      expect(recordOf(outcomes[2]!).sale?.number).toBe(good[1]?.document.number)
    })

    test('a refused document wrote nothing, and says why', async () => {
      const number = nextNumber()
      const outcome = await road().post({ ...invoiceOf(number), customerId: '987654' })
      expect(outcome).toMatchObject({ kind: 'rejected', reason: 'QUICKBOOKS_REJECTED' })
      expect(outcome).toHaveProperty('detail.message', expect.stringMatching(/./))
      expect(await road().ask(byNumber([number]))).toEqual({ kind: 'found', records: [] })
    })

    test('an envelope that is sent again makes no second record', async () => {
      const number = nextNumber()
      const envelope = road().packed({ request: company.ledger.encode(invoiceOf(number)), key: `${number}:1:x` })
      const [first, second] = [await road().send(envelope), await road().send(envelope)]
      expect(first[0]?.kind).toBe('posted')
      expect(['posted', 'taken', 'unknown']).toContain(second[0]?.kind)
      if (second[0]?.kind === 'posted') expect(second).toEqual(first)
      expect(await road().ask(byNumber([number]))).toMatchObject({ kind: 'found', records: [{}] })
    })

    test('a lost answer is unknown, and a look-up finds what was saved', async () => {
      const invoice = invoiceOf(nextNumber())
      await company.loseNextAnswer()
      expect(await road().post(invoice)).toMatchObject({ kind: 'unknown', reason: 'ANSWER_LOST' })
      expect(await road().ask(byNumber([invoice.document.number]))).toMatchObject({
        kind: 'found',
        records: [recordFor(invoice)],
      })
    })

    test('after a lost answer the same envelope may be sent again, and there is one record', async () => {
      const number = nextNumber()
      const envelope = road().packed({ request: company.ledger.encode(invoiceOf(number)), key: `${number}:1:x` })
      await company.loseNextAnswer()
      expect((await road().send(envelope))[0]?.kind).toBe('unknown')
      expect(['posted', 'taken', 'unknown']).toContain((await road().send(envelope))[0]?.kind)
      expect(await road().ask(byNumber([number]))).toMatchObject({ kind: 'found', records: [{}] })
    })

    test('a whole pack whose answer was lost is unknown, item by item, and one look-up settles it', async () => {
      const invoices = [invoiceOf(nextNumber()), invoiceOf(nextNumber()), invoiceOf(nextNumber())]
      await company.loseNextAnswer()
      const outcomes = await road().sendAll(invoices)
      expect(outcomes.map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'unknown'])
      const found = await road().ask(byNumber(invoices.map(({ document }) => document.number)))
      expect(found.kind === 'found' ? found.records : []).toHaveLength(3)
    })

    test('an answer that nobody recognises is unknown, never success and never refusal', async () => {
      await company.garbleNextAnswer()
      expect(await road().post(invoiceOf(nextNumber()))).toMatchObject({ kind: 'unknown' })
      const exchange = road().packed({ request: company.ledger.encode(invoiceOf('x')), key: 'x' }).exchanges
      for (const body of ['', 'null', '[]', '{}', '"posted"', '<html></html>', '{"Invoice":{"Id":""}}']) {
        for (const status of [200, 202, 302, 404, 418]) {
          const answer: Answer = { kind: 'answered', status, body, contentType: '', intuitTid: null, durationMs: 1 }
          expect(outcomesOf({ ledger: company.ledger, exchanges: exchange, answer })[0]?.kind).toBe('unknown')
        }
      }
    })

    test('what was never sent is deferred, and what a dead sign-in held back stops the connection', () => {
      const { ledger } = company
      const { exchanges } = road().packed({ request: ledger.encode(invoiceOf('x')), key: 'x' })
      const notSent: Answer = { kind: 'not-sent', detail: 'refused', durationMs: 1 }
      expect(outcomesOf({ ledger, exchanges, answer: notSent })[0]?.kind).toBe('deferred')
      const refused: Answer = { kind: 'refused-sign-in', reason: 'RECONNECT', detail: 'dead', durationMs: 1 }
      expect(outcomesOf({ ledger, exchanges, answer: refused })[0]?.kind).toBe('stopped')
    })

    test('the company tells who it is', async () => {
      const check = await company.ledger.check()
      expect(check).toMatchObject({ currency: 'USD', customTransactionNumbers: true, stop: null })
      expect(check.companyName).not.toBe('')
    })

    creditsContract({ company: () => company, road, nextNumber })
    changesContract({ company: () => company, road, nextNumber })
  })
}
