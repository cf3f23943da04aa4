import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Role } from '../../src/domain/kinds.ts'
import { collectMetrics } from '../../src/metrics/collect.ts'
import { recountMetrics } from '../../src/metrics/recount.ts'
import { type Companies, openCompanies } from '../metrics/books.ts'
import { bodyOf, YEAR } from '../metrics/readers.ts'
import { askText } from './client.ts'
import { NOW, type ServedApi, serveApi } from './served-api.ts'

let api: ServedApi
let companies: Companies
let pulled: object[] = []

beforeAll(async () => {
  api = await serveApi({
    pullLedgerMetrics: async (request) => {
      pulled.push(request)
    },
    recountLedgerMetrics: (request) => recountMetrics({ database: api.database, now: () => NOW }, request),
  })
  companies = await openCompanies({ database: api.database, close: async () => undefined })
  await companies.answer('ONLINE', YEAR, bodyOf('ONLINE'))
  await companies.employ('ONLINE', [{}, {}], { from: '2025-01', to: '2025-12' })
  await collectMetrics(companies.books)
})
afterAll(() => api.close())

async function ask(query: string, { key = api.keys[Role.VIEWER] } = {}) {
  const body = { query: query.replaceAll('ONLINE', `"${companies.ids.ONLINE}"`) }
  return askText<Record<string, never>>({ url: api.url, body, headers: { 'x-api-key': key } })
}

const QUARTER = 'connectionId: ONLINE, from: "2025-01", to: "2025-03"'

describe('ledgerMetrics', () => {
  test('gives each figure of each month, in order, with what it is made of', async () => {
    const { data, errors } = await ask(
      `{ ledgerMetrics(${QUARTER}) { month category amount version cause accounts { path section amount rule } } }`,
    )
    expect(errors).toEqual([])
    const metrics = data?.ledgerMetrics as unknown as { month: string; category: string; amount: string }[]
    expect(metrics).toHaveLength(42)
    expect(metrics.slice(0, 14).map(({ month, category, amount }) => `${month} ${category} ${amount}`)).toEqual([
      '2025-01 nrr 2510.00',
      '2025-01 mrr 1510.25',
      '2025-01 orr 4800.00',
      '2025-01 product_sales 1498.10',
      '2025-01 misc_revenue 0.11',
      '2025-01 employee_expense 1937.70',
      '2025-01 owner_comp 600.00',
      '2025-01 owner_comp_taxes 0.00',
      '2025-01 product_cogs 637.34',
      '2025-01 other_expenses 250.00',
      '2025-01 total_revenue 10318.46',
      '2025-01 total_expenses 3425.04',
      '2025-01 net_profit 6893.42',
      '2025-01 employees 2',
    ])
    expect(metrics[4]).toEqual({
      ...{ month: '2025-01', category: 'misc_revenue', amount: '0.11', version: 1, cause: 'FIRST' },
      accounts: [{ path: 'Interest Earned', section: 'OTHER_INCOME', amount: '0.11', rule: 'Other income' }],
    })
  })

  test('leaves an entry in the audit trail for each reading: who, what and when', async () => {
    const before = (await api.audit()).length
    await ask(`{ ledgerMetrics(${QUARTER}) { amount } }`)
    await ask(`{ ledgerMetricMonths(${QUARTER}) { netProfit } }`)
    const id = companies.ids.ONLINE
    const subject = expect.stringContaining(`to 2025-03, from 2025-01, connectionId ${id}`)
    expect((await api.audit()).slice(before)).toEqual([
      expect.objectContaining({
        author: 'viewer',
        action: 'ledgerMetrics',
        subject,
        result: 'OK',
        at: expect.anything(),
      }),
      expect.objectContaining({ author: 'viewer', action: 'ledgerMetricMonths', subject, result: 'OK' }),
    ])
  })

  test('refuses what it is asked wrongly with a code, and records that too', async () => {
    const before = (await api.audit()).length
    const { errors } = await ask('{ ledgerMetrics(connectionId: ONLINE, from: "2025-03", to: "2025-01") { amount } }')
    expect(errors.map(({ message, extensions }) => [extensions.code, message])).toEqual([
      ['BAD_USER_INPUT', '"from" is 2025-03 and "to" is 2025-01: the first month comes first.'],
    ])
    expect((await api.audit())[before]).toMatchObject({ action: 'ledgerMetrics', result: 'ERROR' })
  })

  test('shows a key that is scoped to another connection nothing', async () => {
    const key = await api.issue({ name: 'other', role: Role.ADMIN, connectionIds: [companies.ids.DESKTOP] })
    for (const query of [
      `{ ledgerMetrics(${QUARTER}) { amount } }`,
      `{ ledgerMetricMonths(${QUARTER}) { netProfit } }`,
      '{ ledgerMetricStatus(connectionId: ONLINE) { basis } }',
      'mutation { pullLedgerMetrics(connectionId: ONLINE) { basis } }',
      'mutation { recountLedgerMetrics(connectionId: ONLINE) }',
    ]) {
      const { data, errors } = await ask(query, { key })
      expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('There is no connection')])
      expect(Object.values(data ?? {}).filter((value) => value !== null)).toEqual([])
    }
  })
})

test('ledgerMetricMonths lists what no rule counts, with its dollars, and ties out', async () => {
  const fields = 'month basis version netProfit netIncome difference unmapped { path section amount }'
  const { data } = await ask(`{ ledgerMetricMonths(${QUARTER}) { ${fields} } }`)
  const months = data?.ledgerMetricMonths as unknown as object[]
  expect(months[0]).toEqual({
    ...{ month: '2025-01', basis: 'ACCRUAL', version: 1 },
    ...{ netProfit: '6893.42', netIncome: '6905.92', difference: '12.50' },
    unmapped: [{ path: 'Shipping Income', section: 'INCOME', amount: '12.50' }],
  })
})

test('what QuickBooks answered can be read as it came, by an operator', async () => {
  const { data } = await ask('{ ledgerMetricStatus(connectionId: ONLINE) { answers { id question from to state } } }')
  const status = data?.ledgerMetricStatus as unknown as { answers: { id: string; question: string }[] }
  const report = status.answers.find(({ question }) => question === 'PROFIT_AND_LOSS')
  expect(report).toMatchObject({ from: '2025-01', to: '2025-12', state: 'TAKEN' })
  const query = `{ ledgerMetricAnswer(id: "${report?.id}") }`
  expect((await ask(query)).errors[0]?.extensions.code).toBe('FORBIDDEN')
  expect((await ask(query, { key: api.keys[Role.OPERATOR] })).data?.ledgerMetricAnswer).toBe(bodyOf('ONLINE'))
})

test('figures are asked for, and counted anew, when an operator wants it', async () => {
  pulled = []
  const key = api.keys[Role.OPERATOR]
  const { errors } = await ask('mutation { pullLedgerMetrics(connectionId: ONLINE, months: 6) { basis } }', { key })
  expect(errors).toEqual([])
  expect(pulled).toEqual([{ connectionId: companies.ids.ONLINE, months: 6 }])
  const { data } = await ask('mutation { recountLedgerMetrics(connectionId: ONLINE) }', { key })
  expect(data?.recountLedgerMetrics).toBe(0)
})
