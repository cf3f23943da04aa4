import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { RecordKind } from '../../src/domain/explanation.ts'
import { ExchangePurpose } from '../../src/domain/kinds.ts'
import type { Posting } from '../../src/domain/posting.ts'
import { requestIdOf } from '../../src/ledgers/quickbooks-desktop/pack.ts'
import { explain } from '../../src/sync/explain.ts'
import type { Fields } from './books.ts'
import {
  askFor,
  callOnce,
  doctorSays,
  invoiceCounts,
  openWaitingOffice,
  postingsOf,
  type WaitingOffice,
  words,
} from './desktop-office.ts'

const LONG_ENOUGH_SECONDS = 61

let here: WaitingOffice

async function spoil(operation: string, fault: Record<string, unknown>, more: object = { times: 1 }): Promise<void> {
  await here.story.fault({ system: 'quickbooks-desktop', operation, ...more, fault })
}

async function expectAllDone(orders: Fields[] = here.orders): Promise<void> {
  expect(await invoiceCounts({ ...here, orders })).toEqual(orders.map(() => 1))
  for (const { state, reasonCode } of await postingsOf({ ...here, orders }))
    expect([state, reasonCode]).toEqual(['PROCESSED', null])
}

/** Each refusal of a whole set, as QuickBooks words it by its number: what becomes of the orders, and who hears of it. */
const REFUSALS: { hresult: string; reasonCode: string; doctor: RegExp; stops?: boolean }[] = [
  { hresult: '0x80040401', reasonCode: 'DESKTOP_ACCESS_DENIED', doctor: /does not let it in/, stops: true },
  { hresult: '0x80040408', reasonCode: 'DESKTOP_CLOSED', doctor: /closed or could not be started/ },
  { hresult: '0x8004040A', reasonCode: 'DESKTOP_OTHER_FILE', doctor: /another company file is open/ },
  { hresult: '0x8004040D', reasonCode: 'QUICKBOOKS_UNREACHABLE', doctor: /refuses with 0x8004040D/ },
  { hresult: '0x80040410', reasonCode: 'DESKTOP_OTHER_MODE', doctor: /wrong mode/ },
  { hresult: '0x80040414', reasonCode: 'DESKTOP_DIALOG_OPEN', doctor: /a dialog is open/ },
  { hresult: '0x80040416', reasonCode: 'DESKTOP_CLOSED', doctor: /closed or could not be started/ },
  { hresult: '0x8004041A', reasonCode: 'DESKTOP_ACCESS_DENIED', doctor: /does not let it in/, stops: true },
  { hresult: '0x80040420', reasonCode: 'DESKTOP_ACCESS_DENIED', doctor: /does not let it in/, stops: true },
  { hresult: '0x80040422', reasonCode: 'DESKTOP_OTHER_MODE', doctor: /wrong mode/ },
]

describe('an hresult without a response', () => {
  let office: WaitingOffice
  let later: Fields[]
  beforeAll(async () => {
    office = await openWaitingOffice({ orders: 1, later: REFUSALS.length })
    await callOnce(office)
    const asked = new Set(office.orders.map(({ Id }) => Id))
    later = (await office.story.books.orders()).filter(({ Id }) => !asked.has(Id))
  }, 60_000)
  afterAll(() => office?.story.end())

  test.each(REFUSALS.map((refusal, nth) => ({ ...refusal, nth })))(
    '$hresult leaves the order waiting, everybody hears why, and it goes when that is over',
    async (refusal) => {
      const { hresult, reasonCode, doctor, stops = false, nth } = refusal
      const order = later[nth] as Fields
      here = await askFor(office, order)
      await spoil('InvoiceAdd', { kind: 'hresult', code: hresult })
      const { status } = await callOnce(here)
      const [posting] = await postingsOf(here)
      expect(posting).toMatchObject({ state: 'PENDING', reasonCode })
      expect(posting?.waitingFor).not.toBeNull()
      expect(status).toMatch(stops ? /^Stopped: .*let us in/ : /1 wait for the next call/)
      expect(status.toUpperCase()).toContain(hresult.toUpperCase())
      expect(words(await doctorSays(here))).toMatch(doctor)
      const explained = await explain(here.story.road, { kind: RecordKind.ORDER, number: String(order.Number) })
      expect(JSON.stringify(explained)).toContain(posting?.reason?.sentence.slice(0, 30))

      await here.story.mend()
      await here.story.pass(LONG_ENOUGH_SECONDS)
      await callOnce(here)
      await expectAllDone()
      expect(words(await doctorSays(here))).toMatch(/^OK/)
    },
  )
})

describe('an answer', () => {
  afterEach(() => here?.story.end())

  const BOMB =
    '<?xml version="1.0"?><!DOCTYPE QBXML [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><QBXML>&c;</QBXML>'

  test.each([
    ['that is cut off in the middle', { kind: 'truncated' }],
    ['with entities of its own', { kind: 'body', body: BOMB }],
    ['that is no XML', { kind: 'body', body: 'QuickBooks is tired' }],
    ['that is empty, without an hresult', { kind: 'lost', code: '' }],
    ['that never came, for QuickBooks broke down afterwards', { kind: 'hresult', code: '0x80040402', when: 'after' }],
    ['that never came, for QuickBooks broke down in the midst', { kind: 'crash' }],
  ])(
    '%s is not believed: in the same call it is found out what QuickBooks did, and all is done once',
    async (_words, fault) => {
      here = await openWaitingOffice({ orders: 3 })
      await spoil('InvoiceAdd', fault)
      expect(await callOnce(here)).toMatchObject({
        outcome: 'finished',
        status: expect.stringContaining('nothing waits'),
      })
      await expectAllDone()
    },
  )

  test('with entities of its own to the first question stops the connection, and says so in the status column', async () => {
    here = await openWaitingOffice({ orders: 3 })
    await spoil('HostQuery', { kind: 'body', body: BOMB })
    const { status } = await callOnce(here)
    expect(status).toMatch(/^Stopped: .*a document type is refused/)
    expect(await invoiceCounts(here)).toEqual(here.orders.map(() => 0))
    await callOnce(here)
    await expectAllDone()
  })

  test('with status 3175 is no refusal: the order is tried again by itself', async () => {
    here = await openWaitingOffice({ orders: 4 })
    await spoil('InvoiceAdd', { kind: 'status', status: 3175 }, { onNth: 3 })
    expect((await callOnce(here)).status).toContain('1 wait for the next call')
    const waiting = (await postingsOf(here)).filter(({ state }) => state !== 'PROCESSED')
    expect(waiting.map(({ state, reasonCode: code }) => [state, code])).toEqual([['PENDING', 'RECORD_IN_USE']])
    await here.story.pass(LONG_ENOUGH_SECONDS)
    expect((await callOnce(here)).status).toContain('nothing waits')
    await expectAllDone()
  })

  test('with status 3200 is no refusal: what was changed meanwhile is read and sent again in the same call', async () => {
    here = await openWaitingOffice({ orders: 4 })
    await spoil('InvoiceAdd', { kind: 'status', status: 3200 }, { onNth: 3 })
    expect((await callOnce(here)).status).toContain('nothing waits')
    await expectAllDone()
  })

  test('that somebody has the record open only makes the order wait, however long that lasts', async () => {
    here = await openWaitingOffice({ orders: 4 })
    await spoil('InvoiceAdd', { kind: 'status', status: 3175 }, {})
    for (let call = 1; call <= 6; call += 1) {
      expect((await callOnce(here)).status).toContain('4 wait for the next call')
      await here.story.pass(LONG_ENOUGH_SECONDS)
    }
    for (const { state, reasonCode, attempts, reason } of await postingsOf(here)) {
      expect([state, reasonCode, attempts]).toEqual(['PENDING', 'RECORD_IN_USE', 0])
      expect(reason?.remedy).toMatch(/tried again by itself.*close the windows in QuickBooks/)
    }
    await here.story.mend()
    expect((await callOnce(here)).status).toContain('nothing waits')
    await expectAllDone()
  })

  test('that QuickBooks cannot read a set: the one order that spoils it fails alone, and all others are posted', async () => {
    here = await openWaitingOffice({ orders: 12 })
    const spoilt = here.orders[6] as Fields
    const posting = await here.story.books.posting(spoilt.Number)
    // Every set with this request in it, wherever in the set it stands.
    const path = ` ${requestIdIn(posting)}`.replace(/ \d+-/, '-')
    await here.story.fault({ system: 'quickbooks-desktop', path, fault: { kind: 'hresult', code: '0x80040400' } })
    expect((await callOnce(here)).status).toContain('nothing waits')
    const refused = await here.story.books.posting(spoilt.Number)
    expect(refused).toMatchObject({ state: 'FAILED', reasonCode: 'QBXML_REFUSED', attempts: 0 })
    expect(refused.reason?.sentence).toMatch(/could not read what was sent: .*parsing/)
    await expectAllDone(here.orders.filter((order) => order !== spoilt))
    expect(await invoiceCounts({ ...here, orders: [spoilt] })).toEqual([0])
    const sets = await here.story.sandbox.fetchControl<{ detail: { requests: string[] } }[]>(
      '/log?system=quickbooks-desktop',
    )
    const tries = sets.filter(({ detail }) => detail.requests.includes('InvoiceAddRq'))
    // Two sets at first; the refused one in halves until one is alone.
    expect(tries.length).toBeLessThanOrEqual(12)
    expect(words(await doctorSays(here))).toMatch(/^OK/)
  })

  test('never comes for a set with one order on which QuickBooks breaks down each time: it fails alone, after some tries', async () => {
    here = await openWaitingOffice({ orders: 12 })
    const spoilt = here.orders[6] as Fields
    const posting = await here.story.books.posting(spoilt.Number)
    const path = ` ${requestIdIn(posting)}`.replace(/ \d+-/, '-')
    await here.story.fault({ system: 'quickbooks-desktop', path, fault: { kind: 'crash' } })
    const others = here.orders.filter((order) => order !== spoilt)
    for (let call = 1; call <= 3; call += 1) {
      await callOnce(here)
      await here.story.pass(LONG_ENOUGH_SECONDS)
    }
    await expectAllDone(others)
    for (let call = 1; call <= 3; call += 1) {
      await here.story.pass(300)
      await callOnce(here)
    }
    const refused = await here.story.books.posting(spoilt.Number)
    expect(refused).toMatchObject({ state: 'FAILED', reasonCode: 'RETRIES_EXHAUSTED' })
    expect(refused.reason?.sentence).toContain('0x80040402')
    expect(await invoiceCounts({ ...here, orders: [spoilt] })).toEqual([0])
  })
})

function requestIdIn({ id, generation, contentHash }: Posting): string {
  const idempotencyKey = `${id}:${generation}:${contentHash}`
  return requestIdOf({ id, position: 0, idempotencyKey, purpose: ExchangePurpose.POST, operation: '', request: '' })
}
