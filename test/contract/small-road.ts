import { expect } from '@jest/globals'
import type { MappedSale } from '../../src/domain/document.ts'
import { LinkKind } from '../../src/domain/link.ts'
import type {
  Answer,
  Envelope,
  Ledger,
  LedgerRecord,
  LedgerRequest,
  LookUp,
  Outcome,
} from '../../src/ledgers/ledger.ts'
import { stored } from './documents.ts'

export type Question = Parameters<Ledger['encode']>[0]

/** The road in miniature: encode, pack, wait for the turn, send, understand. */
export function roadOf(ledger: Ledger) {
  const road = {
    packed: (exchange: { request: LedgerRequest; key: string }) => ledger.pack(stored([exchange]))[0]!,
    async send(envelope: Envelope): Promise<Outcome[]> {
      const done = await ledger.pace.turn(envelope)
      const answer = await ledger.send(envelope).finally(done)
      return outcomesOf({ ledger, exchanges: envelope.exchanges, answer })
    },
    async sendAll(questions: Question[]): Promise<Outcome[]> {
      const keys = questions.map((question, index) => `${index}:${JSON.stringify(question)}`)
      const requests = questions.map((question, index) => ledger.encode(question, keys[index]))
      const exchanges = stored(requests.map((request, index) => ({ request, key: keys[index]! })))
      const outcomes = new Map<string, Outcome>()
      for (const envelope of ledger.pack(exchanges)) {
        const understood = await road.send(envelope)
        for (const [index, { id }] of envelope.exchanges.entries()) outcomes.set(id, understood[index]!)
      }
      return exchanges.map(({ id }) => outcomes.get(id)!)
    },
    post: async (document: Question) => (await road.sendAll([document]))[0]!,
    ask: async (lookUp: LookUp) => (await road.sendAll([lookUp]))[0]!,
  }
  return road
}

export function outcomesOf({
  ledger,
  exchanges,
  answer,
}: {
  ledger: Ledger
  exchanges: Envelope['exchanges']
  answer: Answer
}): Outcome[] {
  const understood = ledger.decode(exchanges, answer)
  expect([...understood.keys()].sort()).toEqual(exchanges.map(({ id }) => id).sort())
  return exchanges.map(({ id }) => understood.get(id)!.outcome)
}

export function byNumber(values: string[], entity = LinkKind.INVOICE): LookUp {
  return { kind: 'LOOK_UP', entity, by: 'NUMBER', values }
}

export function recordOf(outcome: Outcome): LedgerRecord {
  if (outcome.kind !== 'posted') throw new Error(`not posted: ${JSON.stringify(outcome)}`)
  return outcome.record
}

/** The record that a sales document must become, but for its id. */
export function recordFor({ kind, document, customerId, itemIds }: MappedSale) {
  return {
    entity: kind,
    name: null,
    active: true,
    revision: expect.stringMatching(/./),
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    sale: {
      number: document.number,
      date: document.date,
      // What is due, and when, an invoice alone says.
      dueDate: document.kind === 'INVOICE' ? document.dueDate : expect.anything(),
      customerId,
      total: document.total,
      tax: document.tax,
      discount: document.discount,
      shipping: document.shipping,
      balance: document.total,
      voided: false,
      note: expect.stringContaining(document.orderNumber),
      termsId: null,
      lines: document.lines.map(({ quantity, unitPrice, amount, taxable }, index) => ({
        itemId: itemIds[index],
        quantity,
        unitPrice,
        amount,
        taxable,
        taxCodeId: expect.stringMatching(/./),
      })),
    },
  }
}
