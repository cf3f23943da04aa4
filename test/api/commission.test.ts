import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { strFromU8, unzipSync } from 'fflate'
import { sql } from 'kysely'
import { collectPayments } from '../../src/commission/collect.ts'
import { AdjustmentKind } from '../../src/domain/commission-case.ts'
import { Role } from '../../src/domain/kinds.ts'
import { type PaymentEvent, PaymentRecordState } from '../../src/domain/payment-application.ts'
import { company, payment, sell } from '../commission/company.ts'
import {
  AdjustCommissionDocument,
  CommissionBalanceDocument,
  CommissionDisputesDocument,
  CommissionReportDocument,
  ImportCommissionEarnersDocument,
  LockCommissionPeriodDocument,
  MissingCommissionDocument,
  NoteCommissionDisputeDocument,
  OpenCommissionDisputeDocument,
  PreviewCommissionRateDocument,
  PreviewCommissionSplitDocument,
  RecomputeCommissionDocument,
  SetCommissionRateDocument,
  SetCommissionSplitDocument,
} from './generated/client.ts'
import { collisions, pdfText } from './pdf-text.ts'
import { NOW, type ServedApi, serveApi } from './served-api.ts'

let api: ServedApi
let connectionId: string
const FEBRUARY = { month: '2026-02' }

/** Serves a company that sold two orders, of which a payment paid one in full and one in part. */
async function open(): Promise<void> {
  api = await serveApi()
  connectionId = await company(api.database)
  await api.database.run(sql`update connection set is_default = true`)
  const sale = { date: '2026-02-01', tax: '10.00' }
  await sell(api.database, {
    connectionId,
    sales: [
      { ...sale, invoiceId: '145', orderNumber: 'ORD-1', lines: [['A', '100.00']] },
      { ...sale, invoiceId: '146', orderNumber: 'ORD-2', lines: [['A', '200.00']] },
    ],
  })
  await collect(
    payment({
      recordId: '1',
      date: '2026-02-20',
      pays: [
        ['145', '110.00'],
        ['146', '105.00'],
      ],
    }),
  )
}
const close = () => api.close()

const collect = (...events: PaymentEvent[]) =>
  collectPayments(
    { database: api.database, timeZone: 'UTC', now: () => NOW },
    { connectionId, bring: async () => ({ events }) },
  )

async function plan(): Promise<void> {
  const split = {
    orderNumber: 'ORD-1',
    shares: [
      { rep: 'Ann', sharePercent: '60' },
      { rep: '=Bob, Jr.', sharePercent: '40' },
    ],
  }
  const answers = [
    await api.ask(SetCommissionRateDocument, { input: { percent: '10', effectiveFrom: '2026-01-01' } }),
    await api.ask(SetCommissionSplitDocument, { input: { ...split, effectiveFrom: '2026-01-01' } }),
  ]
  expect(answers.map(({ errors }) => errors)).toEqual([[], []])
}

/** The same, with rates: what was paid earns. */
async function openEarning(): Promise<void> {
  await open()
  await plan()
}

describe('the commission report of what earns', () => {
  beforeAll(openEarning)
  afterAll(close)

  test('shows what payments earned, line by line and tied out, and each reading is recorded', async () => {
    const { data, errors } = await api.ask(CommissionReportDocument, { input: FEBRUARY }, Role.VIEWER)
    expect(errors).toEqual([])
    expect(data?.commissionReport).toMatchObject({
      connectionId,
      from: '2026-02-01',
      to: '2026-02-28',
      openFrom: null,
      base: '200.00',
      amount: '20.00',
      rows: [
        { key: '=Bob, Jr.', entries: 1, base: '40.00', earned: '4.00', amount: '4.00' },
        { key: 'Ann', base: '60.00', amount: '6.00' },
        { key: null, base: '100.00', amount: '10.00' },
      ],
      tieOut: [
        { currency: 'USD', received: '215.00', commissionable: '200.00', excluded: '15.00', difference: '0.00' },
      ],
    })
    expect(data?.commissionReport.entries).toContainEqual({
      kind: 'EARNED',
      rep: 'Ann',
      recordId: '1',
      documentNumber: 'N145',
      orderNumber: 'ORD-1',
      rule: '10 % (all)',
      originOn: null,
      amount: '6.00',
    })
    expect((await api.audit()).at(-1)).toMatchObject({ author: 'viewer', action: 'commissionReport', result: 'OK' })
  })

  test.each([
    ['ORDER', ['ORD-1', 'ORD-2']],
    ['PERIOD', ['2026-02']],
  ])('adds up by %s', async (by, keys) => {
    const { data } = await api.ask(CommissionReportDocument, { input: { ...FEBRUARY, by: by as 'ORDER' } })
    expect(data?.commissionReport.rows.map(({ key }) => key)).toEqual(keys)
    expect(data?.commissionReport.amount).toBe('20.00')
  })
})

describe('the commission report', () => {
  beforeAll(open)
  afterAll(close)

  test('says what is missing and why', async () => {
    const { data } = await api.ask(MissingCommissionDocument, { input: FEBRUARY }, Role.VIEWER)
    expect(data?.missingCommission.rows).toMatchObject([
      { reason: 'NO_EARNER', orderNumber: 'ORD-1', recordId: '1', amount: '100.00' },
      { reason: 'NO_EARNER', orderNumber: 'ORD-2', amount: '100.00' },
      { reason: 'PARTLY_PAID', orderNumber: 'ORD-2', amount: '105.00', detail: '105.00 of 210.00 is paid' },
    ])
  })

  test.each([
    [{}, 'Give a "month"'],
    [{ month: '2026-02', from: '2026-01-01' }, 'either "month" or "from"'],
    [{ from: '2026-03-01', to: '2026-02-01' }, 'the first day comes first'],
    [{ from: '1990-01-01', to: '2026-02-01' }, 'ask for less at once'],
    [{ ...FEBRUARY, connectionId: '0198c1a0-0000-7000-8000-000000000000' }, 'There is no connection'],
    [{ ...FEBRUARY, effectiveUntil: 'now' }, 'no day'],
  ])('of %j is refused, and the refusal recorded', async (input, message) => {
    const { errors } = await api.ask(CommissionReportDocument, { input })
    expect(errors[0]).toMatchObject({
      message: expect.stringContaining(message),
      extensions: { code: 'BAD_USER_INPUT' },
    })
    expect((await api.audit()).at(-1)).toMatchObject({ result: 'ERROR' })
  })
})

describe('what an answer would not heed', () => {
  beforeAll(open)
  afterAll(close)

  test('is refused, and not taken for the answer to it', async () => {
    const rep = { ...FEBRUARY, rep: 'Ann' }
    const quarter = { from: '2026-01-01', to: '2026-03-31', rep: 'Ann' }
    const rate = { percent: '5', effectiveFrom: '2026-01-01' }
    const split = { shares: [{ rep: 'Ann', sharePercent: '100' }], effectiveFrom: '2026-01-01' }
    const asked = [
      await api.ask(CommissionBalanceDocument, { input: quarter }),
      await api.ask(CommissionBalanceDocument, { input: { ...rep, asOf: '2026-03-01T00:00:00Z' } }),
      await api.ask(MissingCommissionDocument, { input: rep }),
      await api.ask(PreviewCommissionRateDocument, { rate, input: rep }),
      await api.ask(PreviewCommissionSplitDocument, { split, input: rep }),
    ]
    expect(asked.map(({ errors }) => errors[0]?.message)).toEqual([
      '"from" means nothing to the balance of a month: leave it out.',
      '"asOf" means nothing to the balance of a month: leave it out.',
      '"rep" means nothing to what is missing: leave it out.',
      '"rep" means nothing to a preview: leave it out.',
      '"rep" means nothing to a preview: leave it out.',
    ])
  })
})

describe('commission is changed', () => {
  beforeEach(open)
  afterEach(close)

  test('by an admin: rates, adjustments, locks, and what comes late shows in the next month', async () => {
    await plan()
    const adjusted = await api.ask(AdjustCommissionDocument, {
      input: {
        rep: 'Ann',
        kind: AdjustmentKind.BONUS,
        amount: '5',
        effectiveOn: '2026-02-28',
        note: 'fair',
        approver: 'Boss',
      },
    })
    expect(adjusted.data?.adjustCommission).toMatchObject({ amount: '5.00', approver: 'Boss' })
    const locked = await api.ask(LockCommissionPeriodDocument, { input: FEBRUARY })
    expect(locked.data?.lockCommissionPeriod).toMatchObject({
      month: '2026-02',
      amount: '25.00',
      entries: 4,
      isIntact: true,
    })
    const again = await api.ask(LockCommissionPeriodDocument, { input: FEBRUARY })
    expect(again.errors[0]?.message).toMatch(/locked already, at 2026-03-01T13:00:00.000Z by admin/)
    await collect(payment({ recordId: '1', version: '1', state: PaymentRecordState.VOIDED }))
    const { data } = await api.ask(CommissionReportDocument, { input: { month: '2026-03' } })
    expect(data?.commissionReport).toMatchObject({ amount: '-20.00', openFrom: '2026-03-01' })
    const balance = await api.ask(CommissionBalanceDocument, { input: { ...FEBRUARY, rep: 'Ann' } })
    expect(balance.data?.commissionBalance).toEqual({
      opening: '0.00',
      earned: '11.00',
      payable: '11.00',
      closing: '0.00',
    })
    const actions = (await api.audit()).map(({ action, result }) => `${action} ${result}`)
    expect(actions).toEqual(
      expect.arrayContaining(['setCommissionRate OK', 'adjustCommission OK', 'lockCommissionPeriod ERROR']),
    )
  })

  test('by the earners of orders, as the CRM has them, and all is derived again when somebody asks', async () => {
    const imported = await api.ask(ImportCommissionEarnersDocument, {
      orders: [{ orderNumber: 'ORD-1', earners: [{ rep: 'Cy', ratePercent: '7' }] }],
    })
    expect(imported.data?.importCommissionEarners).toEqual(['ORD-1'])
    const again = await api.ask(RecomputeCommissionDocument, {})
    expect(again).toMatchObject({ errors: [], data: { recomputeCommission: 4 } })
    const { data } = await api.ask(CommissionReportDocument, { input: { ...FEBRUARY, rep: 'Cy' } })
    expect(data?.commissionReport.rows).toMatchObject([{ key: 'Cy', base: '100.00', amount: '7.00' }])
  })

  test('by nobody else, and a denied attempt is recorded', async () => {
    const { errors } = await api.ask(
      SetCommissionRateDocument,
      { input: { percent: '99', effectiveFrom: '2026-01-01' } },
      Role.OPERATOR,
    )
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN')
    const locking = await api.ask(LockCommissionPeriodDocument, { input: FEBRUARY }, Role.OPERATOR)
    expect(locking.errors[0]?.extensions.code).toBe('FORBIDDEN')
    expect((await api.audit()).map(({ result }) => result)).toEqual(['DENIED', 'DENIED'])
  })

  test('on trial: a preview shows what a rate would have come to', async () => {
    await plan()
    const { data } = await api.ask(PreviewCommissionRateDocument, {
      rate: { rep: 'Ann', percent: '50', effectiveFrom: '2026-01-01' },
      input: FEBRUARY,
    })
    expect(data?.previewCommissionRate).toContainEqual({
      rep: 'Ann',
      amount: '6.00',
      assumedAmount: '30.00',
      difference: '24.00',
    })
  })

  test('on trial: a preview shows what a split would have come to, and refuses one of 101 %', async () => {
    await plan()
    const split = { orderNumber: 'ORD-1', effectiveFrom: '2026-01-01' }
    const all = { ...split, shares: [{ rep: 'Ann', sharePercent: '100' }] }
    const { data } = await api.ask(PreviewCommissionSplitDocument, { split: all, input: FEBRUARY }, Role.VIEWER)
    expect(data?.previewCommissionSplit).toEqual([
      { rep: '=Bob, Jr.', amount: '4.00', assumedAmount: '0.00', difference: '-4.00' },
      { rep: 'Ann', amount: '6.00', assumedAmount: '10.00', difference: '4.00' },
      { rep: null, amount: '10.00', assumedAmount: '10.00', difference: '0.00' },
    ])
    const wrong = { ...all, shares: [...all.shares, { rep: 'Bob', sharePercent: '1' }] }
    const { errors } = await api.ask(PreviewCommissionSplitDocument, { split: wrong, input: FEBRUARY })
    expect(errors[0]?.message).toContain('101 %')
  })

  test('a dispute is opened, answered with a note, and keeps both', async () => {
    const opened = await api.ask(OpenCommissionDisputeDocument, {
      input: { rep: 'Ann', orderNumber: 'ORD-1', text: 'It was mine alone.' },
    })
    const id = opened.data?.openCommissionDispute.id ?? ''
    const noted = await api.ask(
      NoteCommissionDisputeDocument,
      { id, text: 'It was not.', state: 'REJECTED' },
      Role.OPERATOR,
    )
    expect(noted.errors).toEqual([])
    const { data } = await api.ask(CommissionDisputesDocument, {}, Role.VIEWER)
    expect(data?.commissionDisputes.nodes).toMatchObject([
      {
        rep: 'Ann',
        notes: [
          { author: 'admin', state: 'OPEN' },
          { author: 'operator', text: 'It was not.', state: 'REJECTED' },
        ],
      },
    ])
  })
})

describe('a key that is scoped to another connection', () => {
  beforeEach(open)
  afterEach(close)

  test('reads, changes and downloads nothing of this one', async () => {
    await plan()
    const other = await company(api.database)
    const key = await api.issue({ name: 'other company', role: Role.ADMIN, connectionIds: [other] })
    const get = (query: string) => fetch(`${api.url}/reports/commission?${query}`, { headers: { 'x-api-key': key } })
    const foreign = await get(`month=2026-02&connectionId=${connectionId}`)
    expect([foreign.status, await foreign.json()]).toMatchObject([
      400,
      { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    ])
    expect(await (await get(`month=2026-02&connectionId=${other}&format=json`)).json()).toMatchObject({ rows: [] })
    expect(
      await (await get(`month=2026-02&connectionId=${other}&format=json&asOf=2026-02-28T00:00:00Z`)).json(),
    ).toMatchObject({ rows: [] })
  })
})

describe('/reports/commission', () => {
  beforeAll(openEarning)
  afterAll(close)

  const get = (query: string, key: string | null = api.keys.VIEWER) =>
    fetch(`${api.url}/reports/commission?${query}`, { headers: key === null ? {} : { authorization: `Bearer ${key}` } })

  test('gives every line as CSV, in which no text is a formula, and records who asked', async () => {
    const response = await get('month=2026-02')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text\/csv/)
    expect(response.headers.get('content-disposition')).toBe(
      'attachment; filename="commission-2026-02-01-2026-02-28.csv"',
    )
    const lines = (await response.text()).split('\r\n')
    expect(lines).toHaveLength(5)
    expect(lines[0]).toMatch(/^rep,payableOn,effectiveOn,.*,base,amount$/)
    expect(lines[1]).toMatch(/^"'=Bob, Jr\.",2026-02-20,2026-02-20,,EARNED,PAYMENT,1,N145,145,ORD-1,.*,40\.00,4\.00$/)
    expect((await api.audit()).at(-1)).toMatchObject({ author: 'viewer', action: 'downloadCommission', result: 'OK' })
  })

  test('gives a statement of one rep, a summary, and JSON', async () => {
    expect(await (await get('month=2026-02&rep=Ann&format=json')).json()).toMatchObject({
      connectionId,
      rows: [{ rep: 'Ann', orderNumber: 'ORD-1', amount: '6.00' }],
    })
    const house = (await (await get('month=2026-02&house=true&format=json')).json()) as { rows: unknown[] }
    expect(house.rows).toMatchObject([{ rep: null, orderNumber: 'ORD-2', amount: '10.00' }])
    const summary = await (await get('month=2026-02&by=rep')).text()
    expect(summary.split('\r\n').slice(0, 3)).toEqual([
      'key,entries,base,earned,late,adjusted,amount',
      `"'=Bob, Jr.",1,40.00,4.00,0.00,0.00,4.00`,
      'Ann,1,60.00,6.00,0.00,0.00,6.00',
    ])
  })

  test('gives a workbook in which amounts are numbers and texts are no formulas', async () => {
    const response = await get('month=2026-02&format=xlsx')
    expect(response.headers.get('content-type')).toContain('spreadsheetml')
    const files = unzipSync(new Uint8Array(await response.arrayBuffer()))
    const sheet = strFromU8(files['xl/worksheets/sheet1.xml'] ?? new Uint8Array())
    expect(sheet).toContain('<v>6</v>')
    expect(sheet).not.toContain('<f>')
    const texts = Object.values(files)
      .map((file) => strFromU8(file))
      .join()
    for (const text of ['amount', 'ORD-1', '=Bob, Jr.']) expect(texts).toContain(text)
    expect((await get('month=2026-02&format=xlsx&by=rep')).status).toBe(200)
  })

  test('gives the statement of one rep to print, with every line and the sums', async () => {
    const response = await get('month=2026-02&rep=Ann&format=pdf')
    expect(response.headers.get('content-type')).toBe('application/pdf')
    const file = Buffer.from(await response.arrayBuffer())
    const text = pdfText(file)
    for (const part of [
      'Commission of Ann, 2026-02',
      'Earned: 6.00',
      'Payable: 6.00',
      'ORD-1',
      'N145',
      '60.00',
      '6.00',
    ])
      expect(text).toContain(part)
    expect(text).not.toContain('Bob')
    expect(collisions(file, { paperWidth: 792 })).toEqual([])
  })

  test.each([
    'month=2026-02&format=pdf',
    'from=2026-02-01&to=2026-02-28&rep=Ann&format=pdf',
    'month=2026-02&rep=Ann&by=rep&format=pdf',
    'month=2026-02&rep=Ann&asOf=2026-03-01T00:00:00Z&format=pdf',
    'month=2026-02&rep=Ann&effectiveUntil=2026-02-10&format=pdf',
  ])('refuses a PDF of more than one rep and month: %s', async (query) => {
    expect((await get(query)).status).toBe(400)
  })

  test.each([
    ['month=2026-02', null, 401, 'UNAUTHENTICATED'],
    ['month=2026-02', 'no-such-key', 401, 'UNAUTHENTICATED'],
    ['month=2026-99', undefined, 400, 'BAD_USER_INPUT'],
    ['month=2026-02&format=xls', undefined, 400, 'BAD_USER_INPUT'],
    ['month=2026-02&by=day', undefined, 400, 'BAD_USER_INPUT'],
    ['month=2026-02&months=2', undefined, 400, 'BAD_USER_INPUT'],
    ['month=2026-02&asOf=then', undefined, 400, 'BAD_USER_INPUT'],
  ])('refuses %s with the key %s', async (query, key, status, code) => {
    const response = await get(query, key)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] })
  })
})
