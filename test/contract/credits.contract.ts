// What every ledger guarantees of credit memos, refunds and payments.
import { describe, expect, test } from '@jest/globals'
import { LinkKind } from '../../src/domain/link.ts'
import type { Outcome } from '../../src/ledgers/ledger.ts'
import { aCreditMemo, anInvoice, aPayment, aRefund } from './documents.ts'
import { byNumber, recordFor, recordOf, type roadOf } from './small-road.ts'
import type { UnderTest } from './under-test.ts'

const CREDITS = { CREDIT_MEMO: aCreditMemo, REFUND: aRefund }

export function creditsContract({ company, road, nextNumber }: UnderTest): void {
  const content = () => ({ number: nextNumber(), records: company().records })
  const byId = (entity: LinkKind, id: string) => road().ask({ kind: 'LOOK_UP', entity, by: 'ID', values: [id] })
  const one = async (entity: LinkKind, id: string) => {
    const found = await byId(entity, id)
    if (found.kind !== 'found' || !found.records[0]) throw new Error(`not found: ${JSON.stringify(found)}`)
    return found.records[0]
  }
  const post = async (mapped: Parameters<ReturnType<typeof roadOf>['post']>[0]) => recordOf(await road().post(mapped))
  const payments = (number: string) => road().ask(byNumber([number], LinkKind.PAYMENT))

  describe.each(['CREDIT_MEMO', 'REFUND'] as const)('a %s', (kind) => {
    const credit = () => CREDITS[kind](content())

    test('is posted, equal to what was sent, and found by its number and by its id', async () => {
      const mapped = credit()
      const posted = await post(mapped)
      const { quickBooksId: _, sale, ...record } = posted
      const { sale: wanted, ...expected } = recordFor(mapped)
      expect(record).toEqual(expected)
      // When it is due means nothing here, and what is left of a refund not every QuickBooks says.
      expect(sale).toEqual({
        ...wanted,
        dueDate: sale?.dueDate,
        balance: kind === 'REFUND' ? sale?.balance : wanted.balance,
      })
      expect(sale?.note).toContain('INV-1')
      const found = { kind: 'found', records: [posted] }
      expect(await road().ask(byNumber([mapped.document.number], LinkKind[kind]))).toEqual(found)
      expect(await byId(LinkKind[kind], posted.quickBooksId)).toEqual(found)
    })

    test('whose answer is lost is unknown, and a look-up finds the one that was saved', async () => {
      const mapped = credit()
      await company().loseNextAnswer()
      expect(await road().post(mapped)).toMatchObject({ kind: 'unknown', reason: 'ANSWER_LOST' })
      expect(await road().ask(byNumber([mapped.document.number], LinkKind[kind]))).toMatchObject({
        kind: 'found',
        records: [{ entity: kind, sale: { total: mapped.document.total } }],
      })
    })

    test('that is sent again in the same envelope makes no second record', async () => {
      const mapped = credit()
      const request = company().ledger.encode(mapped, mapped.document.number)
      const envelope = road().packed({ request, key: mapped.document.number })
      expect((await road().send(envelope))[0]?.kind).toBe('posted')
      expect(['posted', 'taken', 'unknown']).toContain((await road().send(envelope))[0]?.kind)
      const found = await road().ask(byNumber([mapped.document.number], LinkKind[kind]))
      expect(found).toMatchObject({ kind: 'found', records: [{}] })
    })
  })

  describe('a payment', () => {
    /** Two invoices, and a payment that pays the first in full and a part of the second. */
    const anOpenPayment = async () => {
      const [first, second] = [await post(anInvoice(content())), await post(anInvoice(content()))]
      const amount = '1400.00'
      const applications = [
        { invoiceId: first.quickBooksId, amount: '1305.25' },
        { invoiceId: second.quickBooksId, amount: '44.75' },
      ]
      return { first, second, payment: aPayment({ ...content(), amount, applications }) }
    }

    test('is posted with what it pays, and what it pays is owed no longer', async () => {
      const { first, second, payment } = await anOpenPayment()
      const posted = await post(payment)
      expect(posted).toMatchObject({
        entity: 'PAYMENT',
        payment: {
          number: payment.document.number,
          date: payment.document.date,
          customerId: payment.customerId,
          amount: '1400.00',
          unapplied: '50.00',
          voided: false,
          note: expect.stringContaining(payment.document.orderNumber),
          applications: payment.applications.map((application) => ({ ...application, creditId: null })),
        },
      })
      expect(await payments(payment.document.number)).toEqual({ kind: 'found', records: [posted] })
      expect(await byId(LinkKind.PAYMENT, posted.quickBooksId)).toEqual({ kind: 'found', records: [posted] })
      expect((await one(LinkKind.INVOICE, first.quickBooksId)).sale?.balance).toBe('0.00')
      expect((await one(LinkKind.INVOICE, second.quickBooksId)).sale?.balance).toBe('1260.50')
    })

    test('of nothing yet keeps its money for later', async () => {
      const posted = await post(aPayment({ ...content(), amount: '10.00', applications: [] }))
      expect(posted.payment).toMatchObject({ amount: '10.00', unapplied: '10.00', applications: [] })
    })

    test('of more than is owed is not posted, and changes nothing', async () => {
      const invoice = await post(anInvoice(content()))
      const applications = [{ invoiceId: invoice.quickBooksId, amount: '1305.26' }]
      const payment = aPayment({ ...content(), amount: '1305.26', applications })
      expect(['rejected', 'unknown']).toContain((await road().post(payment)).kind)
      expect(await payments(payment.document.number)).toEqual({ kind: 'found', records: [] })
      expect((await one(LinkKind.INVOICE, invoice.quickBooksId)).sale?.balance).toBe('1305.25')
    })

    test('whose answer is lost is unknown, and one look-up finds the one that was saved', async () => {
      const { payment } = await anOpenPayment()
      await company().loseNextAnswer()
      expect(await road().post(payment)).toMatchObject({ kind: 'unknown', reason: 'ANSWER_LOST' })
      expect(await payments(payment.document.number)).toMatchObject({
        kind: 'found',
        records: [{ payment: { amount: '1400.00', unapplied: '50.00' } }],
      })
    })

    test('that is sent again in the same envelope pays once', async () => {
      const { second, payment } = await anOpenPayment()
      const { number } = payment.document
      const envelope = road().packed({ request: company().ledger.encode(payment, number), key: number })
      expect((await road().send(envelope))[0]?.kind).toBe('posted')
      expect(['posted', 'taken', 'unknown']).toContain((await road().send(envelope))[0]?.kind)
      expect(await payments(number)).toMatchObject({ kind: 'found', records: [{}] })
      expect((await one(LinkKind.INVOICE, second.quickBooksId)).sale?.balance).toBe('1260.50')
    })
  })

  describe('a credit memo that is applied to its invoice', () => {
    const anApplication = async (amount = '1000.00') => {
      const [invoice, credit] = [await post(anInvoice(content())), await post(aCreditMemo(content()))]
      const applications = [{ invoiceId: invoice.quickBooksId, amount, creditId: credit.quickBooksId }]
      return { invoice, credit, payment: aPayment({ ...content(), amount: '0.00', applications }) }
    }
    type Application = Awaited<ReturnType<typeof anApplication>>
    const balances = async ({ invoice, credit }: Application) => [
      (await one(LinkKind.INVOICE, invoice.quickBooksId)).sale?.balance,
      (await one(LinkKind.CREDIT_MEMO, credit.quickBooksId)).sale?.balance,
    ]
    /** By its id where that is known before, as the road does; else by its number. */
    const lookUp = async ({ payment }: Application) => {
      const id = company().ledger.idOf(payment)
      return id === null ? payments(payment.document.number) : byId(LinkKind.PAYMENT, id)
    }
    const found = ({ invoice, credit, payment }: Application) => ({
      kind: 'found',
      records: [
        {
          entity: 'PAYMENT',
          payment: {
            customerId: payment.customerId,
            amount: '0.00',
            voided: false,
            applications: [{ invoiceId: invoice.quickBooksId, amount: '1000.00', creditId: credit.quickBooksId }],
          },
        },
      ],
    })

    test('lowers what is owed and what is left, and is found', async () => {
      const application = await anApplication()
      expect(await lookUp(application)).toEqual({ kind: 'found', records: [] })
      const outcome = await road().post(application.payment)
      expect(['posted', 'done']).toContain(outcome.kind)
      expect(await lookUp(application)).toMatchObject(found(application))
      expect(await balances(application)).toEqual(['305.25', '305.25'])
    })

    test('is unknown when its answer is lost, and found all the same', async () => {
      const application = await anApplication()
      await company().loseNextAnswer()
      expect(await road().post(application.payment)).toMatchObject({ kind: 'unknown', reason: 'ANSWER_LOST' })
      expect(await lookUp(application)).toMatchObject(found(application))
    })

    test('is applied once, though its envelope is sent again', async () => {
      const application = await anApplication('100.00')
      const { number } = application.payment.document
      const request = company().ledger.encode(application.payment, number)
      const envelope = road().packed({ request, key: number })
      const kinds: Outcome['kind'][] = []
      for (const _ of [1, 2]) kinds.push((await road().send(envelope))[0]!.kind)
      expect(['posted', 'done']).toContain(kinds[0])
      expect(['posted', 'done', 'unknown']).toContain(kinds[1])
      expect(await balances(application)).toEqual(['1205.25', '1205.25'])
    })

    test('is refused when more is applied than there is', async () => {
      const application = await anApplication('1305.26')
      expect(['rejected', 'unknown']).toContain((await road().post(application.payment)).kind)
      expect(await balances(application)).toEqual(['1305.25', '1305.25'])
    })

    test('brings no money, and pays one invoice: all else is named before it is sent', async () => {
      const { payment } = await anApplication()
      const { problems } = company().ledger
      expect(problems(payment)).toEqual([])
      const [application] = payment.applications
      const named = [
        { ...payment, document: { ...payment.document, amount: '5.00' } },
        { ...payment, applications: [...payment.applications, { invoiceId: '9-9', amount: '1.00' }] },
        { ...payment, applications: [application!, application!] },
        { ...payment, applications: [{ ...application!, amount: '0.00' }] },
      ].map((wrong) => problems(wrong).map(({ field }) => field))
      for (const fields of named) expect(fields).toContain('applications')
    })
  })
}
