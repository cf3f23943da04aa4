import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Answer, Envelope } from '../../src/ledgers/ledger.ts'
import { openWire, type Wire } from '../../src/ledgers/quickbooks-desktop/wire.ts'
import { HCP, type Office, openOffice } from './office.ts'

let wire: Wire
let office: Office
let answers: Answer[]

beforeEach(async () => {
  wire = openWire({
    now: () => new Date(),
    sleep: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
    version: () => 13,
    opened: () => undefined,
  })
  office = await openOffice({}, wire.mailbox)
  office.backlog.left = 1
  answers = []
})
afterEach(() => office.close())

const envelope = (body: string): Envelope => ({
  method: 'QBXML',
  path: 'message-set',
  contentType: 'application/qbxml',
  body,
  exchanges: [],
})

/** A road that sends one request after the other, and ends with the first that is not answered. */
function sending(...bodies: string[]) {
  office.road.run = async () => {
    for (const body of bodies) {
      const answer = await wire.send(envelope(body))
      answers.push(answer)
      if (answer.kind !== 'answered') return
    }
  }
}

describe('the service and the letterbox of QuickBooks Desktop', () => {
  test('the road sends, and has each answer before the Web Connector has its reply', async () => {
    sending('<one/>', '<two/>')
    const [ticket] = await office.signIn()
    expect(await office.ask(ticket, { hcp: HCP })).toBe('<one/>')
    expect(await office.answer(ticket, '<first/>')).toBeLessThan(100)
    expect(answers).toMatchObject([{ kind: 'answered', status: 200, body: '<first/>' }])
    expect(await office.ask(ticket)).toBe('<two/>')
    expect(await office.answer(ticket, '', { hresult: '0x80040400', message: 'no' })).toBe(100)
    expect(answers[1]).toMatchObject({ kind: 'answered', status: 500, body: '0x80040400: no' })
    expect((await office.call('closeConnection', { ticket }))[0]).toMatch(/^Done: 2 requests were answered/)
  })

  test.each([
    ['signs in anew', () => office.signIn()],
    ['closes', (ticket: string) => office.call('closeConnection', { ticket })],
    [
      'loses QuickBooks',
      (ticket: string) => office.call('connectionError', { ticket, hresult: '0x80040408', message: 'x' }),
    ],
    ['asks again', (ticket: string) => office.ask(ticket)],
  ])('what was handed out is lost when the Web Connector %s', async (_, act) => {
    sending('<one/>')
    const [ticket] = await office.signIn()
    await office.ask(ticket, { hcp: HCP })
    const acting = act(ticket)
    while (answers.length === 0) await sleep(5)
    expect(answers[0]?.kind).toBe('lost')
    sending()
    await acting
  })

  test('after a restart the road begins anew under the same ticket, and what the old conversation had out is lost', async () => {
    sending('<one/>')
    const [ticket] = await office.signIn()
    await office.ask(ticket, { hcp: HCP })
    await office.restart()
    expect(answers).toEqual([])
    sending('<again/>')
    expect(await office.answer(ticket, '<late/>')).toBeLessThan(100)
    while (answers.length === 0) await sleep(5)
    expect(answers[0]?.kind).toBe('lost')
    expect(await office.ask(ticket)).toBe('<again/>')
  })

  test('a session that is taken over while it waits is told so, and its company does not count as checked', async () => {
    const begun = Promise.withResolvers<void>()
    const mayEnd = Promise.withResolvers<void>()
    office.road.run = () => {
      begun.resolve()
      return mayEnd.promise
    }
    const [old] = await office.signIn()
    const asking = office.ask(old, { hcp: HCP })
    await begun.promise
    office.time.now = new Date(office.time.now.getTime() + 61_000)
    const takingOver = office.signIn()
    expect(await asking).toBe('')
    mayEnd.resolve()
    expect((await takingOver)[1]).toBe('')
    expect((await office.call('getLastError', { ticket: old }))[0]).toMatch(/taken over/)
    expect((await office.user()).lastCompletedAt).toBeNull()
  })

  test('our share of a round trip is small beside the second that QuickBooks takes', async () => {
    const trips = 60
    const request = `<QBXML>${'<InvoiceAdd><Memo>Order 1</Memo></InvoiceAdd>'.repeat(1_000)}</QBXML>`
    const response = `<QBXML>${'<InvoiceRet><Memo>Order 1</Memo></InvoiceRet>'.repeat(2_000)}</QBXML>`
    sending(...Array.from({ length: trips }, () => request))
    const [ticket] = await office.signIn()
    const times: number[] = []
    for (let trip = 0; trip < trips; trip++) {
      const began = performance.now()
      await office.ask(ticket, trip === 0 ? { hcp: HCP } : {})
      await office.answer(ticket, response)
      times.push(performance.now() - began)
    }
    const median = times.sort((one, other) => one - other)[trips / 2] ?? 0
    process.stdout.write(
      `a round trip of ${request.length} and ${response.length} characters: ${Math.round(median)} ms\n`,
    )
    expect(median).toBeLessThan(500)
  })
})
