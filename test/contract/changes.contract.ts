// What every ledger guarantees of changes to what QuickBooks has: voids, and updates of customers; and of closed books.
import { afterEach, describe, expect, test } from '@jest/globals'
import type { MappedCustomer, MappedDocument } from '../../src/domain/document.ts'
import { LinkKind } from '../../src/domain/link.ts'
import type { LedgerRecord, LookUp } from '../../src/ledgers/ledger.ts'
import { aCreditMemo, aCustomer, anInvoice, aPayment, aRefund, aVoid } from './documents.ts'
import { recordOf } from './small-road.ts'
import type { UnderTest } from './under-test.ts'

export function changesContract({ company, road, nextNumber }: UnderTest): void {
  const content = () => ({ number: nextNumber(), records: company().records })
  const post = async (mapped: MappedDocument) => recordOf(await road().post(mapped))
  const one = async (entity: LinkKind, id: string) => {
    const found = await road().ask({ kind: 'LOOK_UP', entity, by: 'ID', values: [id] })
    if (found.kind !== 'found' || !found.records[0]) throw new Error(`not found: ${JSON.stringify(found)}`)
    return found.records[0]
  }
  const voidOf = ({ entity, quickBooksId, revision, sale, payment }: LedgerRecord) =>
    aVoid({
      kind: entity as 'INVOICE',
      number: sale?.number ?? payment?.number ?? '',
      targetId: quickBooksId,
      revision: revision ?? '',
    })

  describe('what was posted and is voided', () => {
    const targets = {
      INVOICE: () => anInvoice(content()),
      CREDIT_MEMO: () => aCreditMemo(content()),
      REFUND: () => aRefund(content()),
      PAYMENT: () => aPayment({ ...content(), amount: '10.00', applications: [] }),
    }

    test.each(['INVOICE', 'CREDIT_MEMO', 'REFUND', 'PAYMENT'] as const)(
      'a %s is voided, its amounts are nothing, and its number stays; or it is deleted, where there is no such void',
      async (kind) => {
        const posted = await post(targets[kind]())
        const voiding = voidOf(posted)
        expect(company().ledger.idOf(voiding)).toBe(posted.quickBooksId)
        expect(company().ledger.problems(voiding)).toEqual([])
        const outcome = await road().post(voiding)
        if (company().ledger.deletes.includes(kind)) {
          expect(outcome).toEqual({ kind: 'done' })
          const gone = {
            kind: 'LOOK_UP' as const,
            entity: LinkKind[kind],
            by: 'ID' as const,
            values: [posted.quickBooksId],
          }
          expect(await road().ask(gone)).toEqual({ kind: 'found', records: [] })
          expect(company().ledger.losses(voiding)).toMatchObject([{ detail: voiding.document.number }])
          return
        }
        if (outcome.kind === 'posted') expect((outcome.record.sale ?? outcome.record.payment)?.voided).toBe(true)
        else expect(outcome).toEqual({ kind: 'done' })
        const now = await one(LinkKind[kind], posted.quickBooksId)
        const { voided, number } = (now.sale ?? now.payment)!
        expect([voided, number]).toEqual([true, voiding.document.number])
        expect(now.sale?.total ?? now.payment?.amount).toBe('0.00')
      },
    )

    test('an invoice can be voided by every ledger', async () => {
      expect(company().ledger.problems(voidOf(await post(anInvoice(content()))))).toEqual([])
    })

    test('an invoice that is paid is not voided, and stays as it was', async () => {
      const invoice = await post(anInvoice(content()))
      const applications = [{ invoiceId: invoice.quickBooksId, amount: '5.25' }]
      await post(aPayment({ ...content(), amount: '5.25', applications }))
      const paid = await one(LinkKind.INVOICE, invoice.quickBooksId)
      expect(await road().post(voidOf(paid))).toMatchObject({ kind: 'rejected', reason: 'VOID_REFUSED' })
      expect(await one(LinkKind.INVOICE, invoice.quickBooksId)).toEqual(paid)
      expect(paid.sale).toMatchObject({ balance: '1300.00', voided: false })
    })

    test('an invoice whose void was answered by silence is voided: reading it by its id settles it', async () => {
      const invoice = await post(anInvoice(content()))
      await company().loseNextAnswer()
      expect(await road().post(voidOf(invoice))).toMatchObject({ kind: 'unknown', reason: 'ANSWER_LOST' })
      expect((await one(LinkKind.INVOICE, invoice.quickBooksId)).sale?.voided).toBe(true)
    })

    test('what QuickBooks does not have is not voided', async () => {
      const invoice = await post(anInvoice(content()))
      const gone = { ...voidOf(invoice), targetId: '987654' }
      expect((await road().post(gone)).kind).toBe('rejected')
    })
  })

  describe('a customer that QuickBooks has', () => {
    const customers = async () => {
      const mapped = aCustomer(`Birch & Daughters ${nextNumber()}`)
      return { mapped, posted: await post(mapped) }
    }
    const changed = (record: LedgerRecord, document: Partial<MappedCustomer['document']>, was: MappedCustomer) => ({
      ...was,
      document: { ...was.document, ...document },
      update: { quickBooksId: record.quickBooksId, revision: record.revision ?? '' },
    })

    test('tells what the CRM knows of it', async () => {
      const { mapped, posted } = await customers()
      const { email, phone, companyName, billing } = mapped.document
      expect(posted.customer).toEqual({ email, phone, companyName, billing })
      const byName: LookUp = { kind: 'LOOK_UP', entity: LinkKind.CUSTOMER, by: 'NAME', values: [mapped.document.name] }
      expect(await road().ask(byName)).toEqual({ kind: 'found', records: [posted] })
    })

    test('is changed: what is said is new, what is not said stays, and its address is replaced as a whole', async () => {
      const { mapped, posted } = await customers()
      const { email: _, ...document } = mapped.document
      const change = changed(
        posted,
        { phone: '555-0199', billing: { lines: ['1 New Lane'], city: 'Salem' } },
        { ...mapped, document },
      )
      const record = await post(change)
      expect(company().ledger.idOf(change)).toBe(posted.quickBooksId)
      expect(record).toMatchObject({
        quickBooksId: posted.quickBooksId,
        name: mapped.document.name,
        active: true,
        customer: { email: mapped.document.email, phone: '555-0199' },
      })
      expect(record.customer?.billing).toEqual({ lines: ['1 New Lane'], city: 'Salem' })
      expect(record.revision).not.toBe(posted.revision)
      expect(await one(LinkKind.CUSTOMER, posted.quickBooksId)).toEqual(record)
    })

    test('that somebody changed meanwhile is not changed: it is read again, and the same change goes', async () => {
      const { mapped, posted } = await customers()
      const theirs = await post(changed(posted, { companyName: 'Theirs' }, mapped))
      const { companyName: _, ...document } = mapped.document
      const ours = changed(posted, { phone: '555-0142' }, { ...mapped, document })
      expect(await road().post(ours)).toMatchObject({
        kind: 'deferred',
        reason: 'STALE_REVISION',
        scope: 'posting',
        afterSeconds: 0,
      })
      const read = await one(LinkKind.CUSTOMER, posted.quickBooksId)
      expect(read).toEqual(theirs)
      const again = await post(changed(read, { phone: '555-0142' }, { ...mapped, document }))
      expect(again.customer).toMatchObject({ companyName: 'Theirs', phone: '555-0142' })
    })

    test('is made inactive and active again, under its own name', async () => {
      const { mapped, posted } = await customers()
      const inactive = await post(changed(posted, { active: false }, mapped))
      expect(inactive).toMatchObject({ name: mapped.document.name, active: false })
      expect(await one(LinkKind.CUSTOMER, posted.quickBooksId)).toEqual(inactive)
      const active = await post(changed(inactive, {}, mapped))
      expect(active).toMatchObject({ name: mapped.document.name, active: true })
    })

    test('does not take the name of another, and adopts nobody', async () => {
      const [{ mapped, posted }, other] = [await customers(), await customers()]
      const change = changed(posted, { name: other.mapped.document.name }, mapped)
      expect(await road().post(change)).toMatchObject({ kind: 'rejected', reason: 'NAME_TAKEN' })
      expect((await one(LinkKind.CUSTOMER, posted.quickBooksId)).name).toBe(mapped.document.name)
    })

    test('whose change was answered by silence is settled by reading it', async () => {
      const { mapped, posted } = await customers()
      await company().loseNextAnswer()
      const change = changed(posted, { phone: '555-0177' }, mapped)
      expect(await road().post(change)).toMatchObject({ kind: 'unknown', reason: 'ANSWER_LOST' })
      expect((await one(LinkKind.CUSTOMER, posted.quickBooksId)).customer?.phone).toBe('555-0177')
      expect((await road().post({ ...change, document: { ...change.document, phone: '555-0178' } })).kind).toBe(
        'deferred',
      )
    })
  })

  describe('documents of several kinds', () => {
    test('travel beside one another, each with its own outcome', async () => {
      const [invoice, voided] = [await post(anInvoice(content())), await post(anInvoice(content()))]
      const customer = aCustomer(`Cedar ${nextNumber()}`)
      const applications = [{ invoiceId: invoice.quickBooksId, amount: '1.00' }]
      const outcomes = await road().sendAll([
        aCreditMemo(content()),
        customer,
        aPayment({ ...content(), amount: '1.00', applications }),
        voidOf(voided),
        { ...aRefund(content()), customerId: '987654' },
        { kind: 'LOOK_UP', entity: LinkKind.PAYMENT, by: 'NUMBER', values: ['never-sent'] },
        anInvoice(content()),
      ])
      const kinds = outcomes.map(({ kind }) => (kind === 'done' ? 'posted' : kind))
      expect(kinds).toEqual(['posted', 'posted', 'posted', 'posted', 'rejected', 'found', 'posted'])
      const [credit, listed, payment] = outcomes.map((outcome) =>
        outcome.kind === 'posted' ? outcome.record.entity : '',
      )
      expect([credit, listed, payment]).toEqual(['CREDIT_MEMO', 'CUSTOMER', 'PAYMENT'])
    })

    test('give the same bytes each time, and are packed the same again', async () => {
      const { ledger } = company()
      const invoice = await post(anInvoice(content()))
      for (const mapped of [
        aCreditMemo(content()),
        aRefund(content()),
        aPayment({ ...content(), amount: '1.00', applications: [{ invoiceId: invoice.quickBooksId, amount: '1.00' }] }),
        voidOf(invoice),
        { ...aCustomer('Same'), update: { quickBooksId: '1', revision: '2' } },
      ]) {
        expect(ledger.encode(structuredClone(mapped), 'k')).toEqual(ledger.encode(mapped, 'k'))
        const envelope = road().packed({ request: ledger.encode(mapped, 'k'), key: 'k' })
        expect(ledger.pack(envelope.exchanges)).toEqual([envelope])
        const { path, exchanges } = envelope
        expect(ledger.packAgain({ path, exchanges })).toEqual(envelope)
      }
    })

    test('can be asked for by every question that the ledger says it answers, and by no other', () => {
      const { ledger } = company()
      const wanted: [LinkKind, LookUp['by']][] = [
        ...(['INVOICE', 'CREDIT_MEMO', 'REFUND', 'PAYMENT'] as const).flatMap((kind): [LinkKind, LookUp['by']][] => [
          [LinkKind[kind], 'NUMBER'],
          [LinkKind[kind], 'ID'],
        ]),
        [LinkKind.CUSTOMER, 'NAME'],
        [LinkKind.CUSTOMER, 'ID'],
        ...(['ITEM', 'ACCOUNT', 'TAX_CODE', 'TERM', 'PAYMENT_METHOD'] as const).map(
          (kind): [LinkKind, LookUp['by']] => [LinkKind[kind], 'NAME'],
        ),
      ]
      for (const [entity, by] of wanted)
        expect([entity, by, ledger.answers({ entity, by })]).toEqual([entity, by, true])
      for (const entity of Object.values(LinkKind)) {
        for (const by of ['NAME', 'NUMBER', 'ID', 'EMAIL'] as const) {
          const encoded = () => ledger.encode({ kind: 'LOOK_UP', entity, by, values: ['x'] })
          if (ledger.answers({ entity, by })) expect(encoded().request).toContain('x')
          else expect(encoded).toThrow(RangeError)
        }
      }
    })

    test('are found in the small lists by their names', async () => {
      for (const [entity, name] of [
        [LinkKind.TERM, 'Net 30'],
        [LinkKind.PAYMENT_METHOD, 'Check'],
      ] as const) {
        const found = await road().ask({ kind: 'LOOK_UP', entity, by: 'NAME', values: [name, 'nothing of the kind'] })
        expect(found).toMatchObject({ kind: 'found', records: [{ entity, name, active: true }] })
      }
    })
  })

  describe('closed books', () => {
    afterEach(() => company().closeBooks(null))

    test('take no document of theirs, and say which day it was', async () => {
      const invoice = await post(anInvoice(content()))
      const refused = [
        aCreditMemo(content()),
        aRefund(content()),
        aPayment({ ...content(), amount: '1.00', applications: [{ invoiceId: invoice.quickBooksId, amount: '1.00' }] }),
        voidOf(invoice),
      ]
      await company().closeBooks('2026-12-31')
      for (const mapped of refused) {
        expect(await road().post(mapped)).toMatchObject({ kind: 'rejected', reason: 'PERIOD_CLOSED' })
      }
      expect(await one(LinkKind.INVOICE, invoice.quickBooksId)).toEqual(invoice)
    })
  })
}
