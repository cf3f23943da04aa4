import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { LinkKind } from '../../../src/domain/link.ts'
import type { Envelope, Ledger, LookUp, Outcome } from '../../../src/ledgers/ledger.ts'
import { aCustomer, anInvoice, type CompanyRecords, stored } from '../../contract/documents.ts'
import type { RunningSandbox } from '../../sandbox/spawn.ts'
import { playedCompany } from './company.ts'

let ledger: Ledger
let sandbox: RunningSandbox
let records: CompanyRecords
let numbers = 0
let defaults: Record<string, unknown>

beforeAll(async () => {
  const company = await playedCompany({ options: { answerTimeoutSeconds: 1 } })
  ledger = company.ledger
  sandbox = company.sandbox
  records = company.records
  defaults = await sandbox.fetchControl('/settings')
})

afterEach(async () => {
  await sandbox.fetchControl('/faults', { method: 'DELETE' })
  await change(defaults)
})

afterAll(() => sandbox.stop())

describe('QuickBooks saves the document and spoils its answer', () => {
  test.each([
    ['a timeout', { kind: 'timeout', seconds: 3 }, 'unknown ANSWER_LOST'],
    ['a cut connection', { kind: 'cut' }, 'unknown ANSWER_LOST'],
    ['a 503', { kind: 'status', status: 503 }, 'unknown ANSWER_LOST'],
    ['a page', { kind: 'body', body: '<html>sorry</html>', contentType: 'text/html' }, 'unknown ANSWER_NOT_UNDERSTOOD'],
    ['half an answer', { kind: 'body', body: '{"Invoice":{"Id":"12","Doc' }, 'unknown ANSWER_NOT_UNDERSTOOD'],
  ])('by %s: the outcome is unknown, and the look-up finds exactly one', async (_name, fault, expected) => {
    await addFault({ when: 'after', ...fault })
    const invoice = anInvoice({ number: nextNumber(), records })
    expect(inShort(await post(invoice))).toBe(expected)
    expect(await lookUp(invoice.document.number)).toMatchObject({
      kind: 'found',
      records: [{ sale: { voided: false } }],
    })
  })
})

describe('a number or a name that is taken', () => {
  test('names the invoice that has the number', async () => {
    const invoice = anInvoice({ number: nextNumber(), records })
    const first = await post(invoice)
    const again = await post({ ...invoice, document: { ...invoice.document, orderNumber: 'ORD-other' } }, 'another key')
    expect(inShort(again)).toBe('taken NUMBER_TAKEN')
    expect(again).toMatchObject({
      detail: {
        transactionType: 'Invoice',
        quickBooksId: first.kind === 'posted' ? first.record.quickBooksId : '',
        documentNumber: invoice.document.number,
      },
    })
  })

  test('names the customer', async () => {
    expect(inShort(await post(aCustomer('Twice Told Rugs')))).toBe('posted')
    expect(await post(aCustomer('Twice Told Rugs'), 'another key')).toMatchObject({
      kind: 'taken',
      reason: 'NAME_TAKEN',
      detail: { customerName: 'Twice Told Rugs' },
    })
  })
})

describe('a repeated request id', () => {
  test.each([
    ['replay', 'posted'],
    ['ignore', 'taken NUMBER_TAKEN'],
    ['duplicate-600', 'unknown QUICKBOOKS_REJECTED'],
  ])('under the rule "%s" makes no second invoice: it is %s', async (requestIdMode, expected) => {
    await change({ requestIdMode })
    const invoice = anInvoice({ number: nextNumber(), records })
    const envelope = packed([{ what: invoice, key: invoice.document.number }])
    expect(inShort((await send(envelope))[0]!)).toBe('posted')
    expect(inShort((await send(envelope))[0]!)).toBe(expected)
    expect(await lookUp(invoice.document.number)).toMatchObject({ kind: 'found', records: [{}] })
  })
})

describe('a batch', () => {
  test('whose answers come in another order gives each exchange its own', async () => {
    await change({ batchOrder: 'shuffled' })
    const invoices = Array.from({ length: 12 }, () => anInvoice({ number: nextNumber(), records }))
    const outcomes = await send(packed(invoices.map((what) => ({ what, key: what.document.number }))))
    expect(outcomes.map((outcome) => (outcome.kind === 'posted' ? outcome.record.sale?.number : outcome))).toEqual(
      invoices.map(({ document }) => document.number),
    )
  })

  test('whose items are throttled one by one is posted in part, and the rest is deferred', async () => {
    await change({ batchItemsCount: true, requestsPerMinuteMax: (await requestsSoFar()) + 4 })
    const invoices = Array.from({ length: 8 }, () => anInvoice({ number: nextNumber(), records }))
    const outcomes = await send(packed(invoices.map((what) => ({ what, key: what.document.number }))))
    expect([...new Set(outcomes.map(inShort))]).toEqual(['posted', 'deferred THROTTLED'])
  })
})

describe('a company that cannot be written to', () => {
  test('with closed books rejects the invoice and names its date', async () => {
    await change({ bookCloseDate: '2026-12-31' })
    expect(await post(anInvoice({ number: nextNumber(), records }))).toMatchObject({
      kind: 'rejected',
      reason: 'PERIOD_CLOSED',
      detail: { date: '2026-11-02' },
    })
  })

  test.each([
    [{ subscriptionActive: false }, 'stopped SUBSCRIPTION_LAPSED'],
    [{ appAuthorized: false }, 'stopped RECONNECT'],
    [{ adminAccess: false }, 'stopped RECONNECT'],
  ])('because of %j stops the connection', async (setting, expected) => {
    await change(setting)
    expect(inShort(await post(anInvoice({ number: nextNumber(), records })))).toBe(expected)
  })

  test('with the wrong client secret says that it is our configuration', async () => {
    const { ledger: other, sandbox: own } = await playedCompany()
    await own.fetchControl('/settings', { method: 'PATCH', body: { quickBooksClientSecret: 'changed' } })
    await own.fetchControl('/clock', { method: 'POST', body: { seconds: 4000 } })
    const envelope = other.pack(stored([{ request: other.encode(numberQuestion('1')), key: 'q' }]))[0]!
    const first = other.decode(envelope.exchanges, await other.send(envelope)).get('exchange-q')!.outcome
    expect(inShort(first)).toBe('deferred TOKEN_EXPIRED')
    const second = other.decode(envelope.exchanges, await other.send(envelope)).get('exchange-q')!.outcome
    expect(inShort(second)).toBe('stopped CLIENT_CONFIGURATION')
    await own.stop()
  })
})

describe('a QuickBooks that gives its own numbers', () => {
  test('is seen by the check', async () => {
    await change({ customTxnNumbers: false })
    expect(await ledger.check()).toMatchObject({ customTransactionNumbers: false, stop: null })
  })
})

function nextNumber(): string {
  numbers += 1
  return `S-${numbers}`
}

async function change(settings: Record<string, unknown>): Promise<void> {
  await sandbox.fetchControl('/settings', { method: 'PATCH', body: settings })
}

async function addFault(fault: Record<string, unknown>): Promise<void> {
  await sandbox.fetchControl('/faults', {
    method: 'POST',
    body: { system: 'quickbooks-online', method: 'POST', times: 1, fault },
  })
}

/** All of them came within the last minute: this file takes seconds. */
async function requestsSoFar(): Promise<number> {
  return (await sandbox.fetchControl<unknown[]>('/log?system=quickbooks-online')).length
}

function numberQuestion(number: string): LookUp {
  return { kind: 'LOOK_UP', entity: LinkKind.INVOICE, by: 'NUMBER', values: [number] }
}

type Question = Parameters<Ledger['encode']>[0]

function packed(asked: { what: Question; key: string }[]): Envelope {
  return ledger.pack(stored(asked.map(({ what, key }) => ({ request: ledger.encode(what), key }))))[0]!
}

async function send(envelope: Envelope): Promise<Outcome[]> {
  const done = await ledger.pace.turn(envelope)
  const answer = await ledger.send(envelope).finally(done)
  const understood = ledger.decode(envelope.exchanges, answer)
  return envelope.exchanges.map(({ id }) => understood.get(id)!.outcome)
}

async function post(what: Question, key = JSON.stringify(what)): Promise<Outcome> {
  return (await send(packed([{ what, key }])))[0]!
}

const lookUp = (number: string) => post(numberQuestion(number))

function inShort(outcome: Outcome): string {
  return 'reason' in outcome ? `${outcome.kind} ${outcome.reason}` : outcome.kind
}
