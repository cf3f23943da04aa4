import { readdirSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import type { Outcome, StoredExchange } from '../../../src/ledgers/ledger.ts'
import { FAULT_TABLE } from '../../../src/ledgers/quickbooks-online/faults.ts'
import { fromAnswer } from '../../../src/ledgers/quickbooks-online/from-answer.ts'
import { answer, createCustomer, createInvoice, queryCustomers } from './answers.ts'

/** What each faulty answer means to a create, and to a look-up where that differs. */
const MEANINGS: Record<string, string | [create: string, lookUp: string]> = {
  'fault-100-401.xml': 'stopped WRONG_COMPANY',
  'fault-120-400.json': 'stopped RECONNECT',
  'fault-3100-403.json': 'stopped RECONNECT',
  'fault-3200-401.json': 'deferred TOKEN_EXPIRED connection 0',
  'fault-3001-429.json': 'deferred THROTTLED connection 60',
  'fault-3001-429.xml': 'deferred THROTTLED connection 60',
  'fault-3001-403.xml': 'deferred THROTTLED connection 60',
  'fault-500-400.json': 'rejected QUICKBOOKS_REJECTED',
  'fault-600-400.json': ['unknown QUICKBOOKS_REJECTED', 'unknown ANSWER_NOT_UNDERSTOOD'],
  'fault-610-400.json': 'rejected QUICKBOOKS_REJECTED',
  'fault-620-400.json': 'rejected QUICKBOOKS_REJECTED',
  'fault-2010-400.json': 'rejected QUICKBOOKS_REJECTED',
  'fault-2020-400.json': 'rejected QUICKBOOKS_REJECTED',
  'fault-2030-400.json': 'rejected QUICKBOOKS_REJECTED',
  'fault-2050-400.json': 'rejected QUICKBOOKS_REJECTED',
  'fault-2170-400.json': 'rejected QUICKBOOKS_REJECTED',
  'fault-2180-400.json': 'rejected QUICKBOOKS_REJECTED',
  'fault-2500-400.json': 'rejected QUICKBOOKS_REJECTED',
  'fault-inside-200.json': 'rejected QUICKBOOKS_REJECTED',
  'fault-4000-400.json': 'rejected QUICKBOOKS_REJECTED',
  'fault-4001-400.json': 'rejected QUICKBOOKS_REJECTED',
  'fault-5010-400.json': 'deferred STALE_REVISION posting 0',
  'fault-6000-400.json': ['unknown QUICKBOOKS_REJECTED', 'unknown ANSWER_NOT_UNDERSTOOD'],
  'fault-6000-void-400.json': ['unknown QUICKBOOKS_REJECTED', 'unknown ANSWER_NOT_UNDERSTOOD'],
  'fault-6070-400.json': 'rejected QUICKBOOKS_REJECTED',
  'fault-6100-400.json': 'rejected QUICKBOOKS_REJECTED',
  'fault-6140-400.json': 'taken NUMBER_TAKEN',
  'fault-6190-400.json': 'stopped SUBSCRIPTION_LAPSED',
  'fault-6200-400.json': 'rejected PERIOD_CLOSED',
  'fault-6210-400.json': 'rejected PERIOD_CLOSED',
  'fault-6240-400.json': 'taken NAME_TAKEN',
  'fault-6540-400.json': 'rejected QUICKBOOKS_REJECTED',
  'fault-9731-400.json': 'unknown ANSWER_NOT_UNDERSTOOD',
  'fault-two-errors-400.json': 'unknown ANSWER_NOT_UNDERSTOOD',
  'gateway-502.html': ['unknown ANSWER_LOST', 'deferred QUICKBOOKS_UNREACHABLE posting 30'],
  'unavailable-503.json': ['unknown ANSWER_LOST', 'deferred QUICKBOOKS_UNREACHABLE posting 30'],
  'page-200.html': 'unknown ANSWER_NOT_UNDERSTOOD',
  'empty-200.json': 'unknown ANSWER_NOT_UNDERSTOOD',
  'half-200.json': 'unknown ANSWER_NOT_UNDERSTOOD',
}

describe('the fault table', () => {
  test.each(Object.entries(MEANINGS))('%s has one meaning: %s', (fixture, meaning) => {
    const [create, lookUp] = typeof meaning === 'string' ? [meaning, meaning] : meaning
    expect(inShort(outcomeOf(createInvoice, fixture))).toBe(create)
    expect(inShort(outcomeOf(queryCustomers, fixture))).toBe(lookUp)
  })

  test('has a fixture for each code, and each fixture of a fault is in the table above', () => {
    const codes = Object.keys(MEANINGS).flatMap((fixture) => /^fault-(\d+)-/.exec(fixture)?.[1] ?? [])
    expect(Object.keys(FAULT_TABLE).filter((code) => !codes.includes(code))).toEqual([])
    const folder = new URL('../../fixtures/quickbooks-online-answers/', import.meta.url)
    const faults = readdirSync(folder).filter((fixture) => fixture.startsWith('fault-'))
    expect(faults.filter((fixture) => !(fixture in MEANINGS))).toEqual([])
  })

  test('a code that happens to name a property of every object is unknown like any other', () => {
    const body = '{"Fault":{"Error":[{"Message":"m","Detail":"d","code":"constructor"}]}}'
    const answer = { kind: 'answered', status: 400, body, contentType: '', intuitTid: null, durationMs: 1 } as const
    const outcome = fromAnswer({ exchanges: [createInvoice], answer }).get(createInvoice.id)!.outcome
    expect(inShort(outcome)).toBe('unknown ANSWER_NOT_UNDERSTOOD')
  })
})

describe('what a reason says', () => {
  test('a taken number names the transaction that has it', () => {
    expect(outcomeOf(createInvoice, 'fault-6140-400.json')).toMatchObject({
      detail: { documentNumber: 'INV-15001', transactionType: 'Invoice', quickBooksId: '8812' },
    })
  })

  test('a taken name names the customer', () => {
    expect(outcomeOf(createCustomer, 'fault-6240-400.json')).toMatchObject({
      detail: { customerName: 'Alder Interiors' },
    })
  })

  test('a closed period names the date', () => {
    expect(outcomeOf(createInvoice, 'fault-6200-400.json')).toMatchObject({ detail: { date: '2026-11-02' } })
  })

  test('a rejection names the field, the code and what QuickBooks said', () => {
    expect(outcomeOf(createInvoice, 'fault-2500-400.json')).toMatchObject({
      detail: {
        code: '2500',
        field: 'ItemRef',
        message: 'Invalid Reference Id: ItemRef',
        detail: 'Invalid Reference Id : Items element id 9041 not found',
      },
    })
    expect(outcomeOf(createInvoice, 'fault-two-errors-400.json')).toMatchObject({ kind: 'unknown' })
  })

  test('an expired token is never repeated', () => {
    expect(JSON.stringify(outcomeOf(createInvoice, 'fault-3200-401.json'))).not.toContain('made-up-token-value')
  })
})

function outcomeOf(exchange: StoredExchange, fixture: string): Outcome {
  return fromAnswer({ exchanges: [exchange], answer: answer(fixture) }).get(exchange.id)!.outcome
}

function inShort(outcome: Outcome): string {
  const reason = 'reason' in outcome ? [outcome.reason] : []
  const later = outcome.kind === 'deferred' ? [outcome.scope, outcome.afterSeconds] : []
  return [outcome.kind, ...reason, ...later].join(' ')
}
