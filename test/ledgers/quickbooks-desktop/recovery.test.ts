import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { MappedDocument } from '../../../src/domain/document.ts'
import { LinkKind } from '../../../src/domain/link.ts'
import type { Envelope, LookUp, Outcome } from '../../../src/ledgers/ledger.ts'
import { aCreditMemo, aCustomer, anInvoice, aPayment, aVoid, stored } from '../../contract/documents.ts'
import { lookUp } from './answers.ts'
import { type PlayedOffice, playedOffice } from './company.ts'

describe('message-set recovery in conversation with a company file', () => {
  let office: PlayedOffice
  beforeAll(async () => {
    office = await playedOffice()
  })
  afterAll(() => office.close())
  beforeEach(() => {
    numbers = [`R-${tests}-1`, `R-${tests}-2`, `R-${tests}-3`]
    tests += 1
  })
  let tests = 0
  let numbers: string[] = []

  const packed = (): Envelope => {
    const { ledger, records } = office
    const requests = numbers.map((number) => {
      const key = `${number}:1:x`
      return { request: ledger.encode(anInvoice({ number, records }), key), key }
    })
    return ledger.pack(stored(requests))[0]!
  }
  const sent = async (envelope: Envelope): Promise<Outcome[]> => {
    const understood = office.ledger.decode(envelope.exchanges, await office.ledger.send(envelope))
    return envelope.exchanges.map(({ id }) => understood.get(id)!.outcome)
  }
  const kindsOf = (outcomes: Outcome[]) => outcomes.map(({ kind }) => kind)
  const found = async () => {
    const request = office.ledger.encode(lookUp(LinkKind.INVOICE, numbers))
    const [outcome] = await sent(office.ledger.pack(stored([{ request, key: `look ${numbers}` }]))[0]!)
    return outcome?.kind === 'found' ? outcome.records.map(({ sale }) => sale?.number) : outcome
  }

  test('an answer that was lost is repeated word for word, and nothing is written twice', async () => {
    office.loseNextAnswer()
    const envelope = packed()
    expect(kindsOf(await sent(envelope))).toEqual(['unknown', 'unknown', 'unknown'])
    const repeated = await sent(office.ledger.askAgain!(envelope))
    expect(kindsOf(repeated)).toEqual(['posted', 'posted', 'posted'])
    expect(await sent(office.ledger.askAgain!(envelope))).toEqual(repeated)
    expect(await sent(office.ledger.packAgain(envelope))).toEqual(repeated)
    expect(await found()).toEqual(numbers)
  })

  test('a set that never reached QuickBooks is absent, and goes again under its id', async () => {
    office.loseNextRequest()
    const envelope = packed()
    expect(kindsOf(await sent(envelope))).toEqual(['unknown', 'unknown', 'unknown'])
    expect(kindsOf(await sent(office.ledger.askAgain!(envelope)))).toEqual(['absent', 'absent', 'absent'])
    expect(await found()).toEqual([])
    expect(kindsOf(await sent(office.ledger.packAgain(envelope)))).toEqual(['posted', 'posted', 'posted'])
    expect(await found()).toEqual(numbers)
  })

  test('where QuickBooks broke down in the midst the rest goes again, and nothing is written twice', async () => {
    office.breakDownInNextSet()
    const envelope = packed()
    expect(kindsOf(await sent(envelope))).toEqual(['unknown', 'unknown', 'unknown'])
    expect(kindsOf(await sent(office.ledger.askAgain!(envelope)))).toEqual(['unknown', 'unknown', 'unknown'])
    expect(await found()).toEqual(numbers.slice(0, 1))
    const rest = { path: envelope.path, exchanges: envelope.exchanges.slice(1) }
    expect(kindsOf(await sent(office.ledger.packAgain(rest)))).toEqual(['posted', 'posted'])
    expect(await found()).toEqual(numbers)
  })

  test('what makes no record, or changes one, is recovered as well: it was done once, and says so again', async () => {
    const { ledger, records } = office
    const post = async (mapped: MappedDocument, key: string) => {
      const [outcome] = await sent(ledger.pack(stored([{ request: ledger.encode(mapped, key), key }]))[0]!)
      return outcome?.kind === 'posted' ? outcome.record : Promise.reject(new Error(JSON.stringify(outcome)))
    }
    const [number = '', second = '', third = ''] = numbers
    const invoice = await post(anInvoice({ number, records }), 'sold')
    const { quickBooksId: targetId } = await post(anInvoice({ number: second, records }), 'to be voided')
    const credit = await post(aCreditMemo({ number: third, records }), 'credit')
    const customer = await post(aCustomer(`Elm ${number}`), 'customer')
    const applications = [{ invoiceId: invoice.quickBooksId, amount: '5.25', creditId: credit.quickBooksId }]
    const update = { quickBooksId: customer.quickBooksId, revision: customer.revision ?? '' }
    for (const [mapped, kind] of [
      [aPayment({ number, records, amount: '0.00', applications }), 'done'],
      [aVoid({ kind: 'INVOICE', number: second, targetId, revision: '' }), 'done'],
      [{ ...aCustomer(`Elm ${number}`), update }, 'posted'],
    ] as const) {
      const key = `${number} ${mapped.kind}`
      const envelope = ledger.pack(stored([{ request: ledger.encode(mapped, key), key }]))[0]!
      office.loseNextAnswer()
      expect(kindsOf(await sent(envelope))).toEqual(['unknown'])
      expect(kindsOf(await sent(ledger.askAgain!(envelope)))).toEqual([kind])
      expect(kindsOf(await sent(ledger.packAgain(envelope)))).toEqual([kind])
    }
    const asked: LookUp = {
      kind: 'LOOK_UP',
      entity: LinkKind.INVOICE,
      by: 'ID',
      values: [invoice.quickBooksId, targetId],
    }
    const [found] = await sent(ledger.pack(stored([{ request: ledger.encode(asked), key: 'by id' }]))[0]!)
    expect(found).toMatchObject({ records: [{ sale: { balance: '1300.00' } }, { sale: { voided: true } }] })
  })
})
