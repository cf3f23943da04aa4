import { describe, expect, test } from '@jest/globals'
import { ACCOUNTS, MONTHS, NET_INCOME } from '../fixtures/profit-and-loss/books.ts'
import { answerTo, desktopReport, desktopRows } from '../fixtures/profit-and-loss/desktop.ts'
import { onlineReport } from '../fixtures/profit-and-loss/online.ts'
import { bodyOf, decode, type Kind, requestIdOf, YEAR } from './readers.ts'

const KINDS: Kind[] = ['ONLINE', 'DESKTOP']

describe.each(KINDS)('a profit and loss from %s', (kind) => {
  test('is what the books say, month by month and account by account', () => {
    const told = decode(kind, bodyOf(kind))
    const statements = 'statements' in told ? told.statements : []
    expect(statements.map(({ month }) => month)).toEqual(MONTHS)
    expect(statements.map(({ netIncome }) => netIncome).join(' ')).toBe(NET_INCOME)
    MONTHS.forEach((_, at) => {
      const shown = statements[at]?.accounts.map(({ section, path, amount }) => `${section} ${path} ${amount}`)
      const booked = ACCOUNTS.map(([section, path, amounts]) => `${section} ${path} ${amounts.split(' ')[at]}`)
      expect(shown?.toSorted()).toEqual(booked.filter((line) => !line.endsWith(' 0.00')).toSorted())
    })
  })

  test.each([
    ['negative amounts in parentheses, and thousands apart', { parentheses: true }],
    ['no column of totals', { total: false }],
  ])('with %s says the same', (_, writing) => {
    expect(decode(kind, bodyOf(kind, writing))).toEqual(decode(kind, bodyOf(kind)))
  })

  test('of two months says the same of them as that of the year', () => {
    const question = { ...YEAR, from: '2025-05', to: '2025-06' }
    const body = bodyOf(kind, { question, months: ['2025-05', '2025-06'] })
    const year = decode(kind, bodyOf(kind))
    const two = decode(kind, body, question)
    expect('statements' in two && two.statements).toEqual('statements' in year && year.statements.slice(4, 6))
  })

  test('whose columns stand in another order is read by what they are, not by their place', () => {
    const months = MONTHS.toReversed()
    const body = bodyOf(kind, { months }).replace('"StartPeriod":"2025-12-01"', '"StartPeriod":"2025-01-01"')
    expect(decode(kind, body)).toEqual(decode(kind, bodyOf(kind)))
  })

  test('on another basis than was asked for is refused', () => {
    expect(decode(kind, bodyOf(kind, { basis: 'Cash' }))).toMatchObject({
      kind: 'faulty',
      reason: 'REPORT_OTHER_BASIS',
      detail: { asked: 'ACCRUAL', told: 'Cash' },
    })
  })

  test('that lacks a month is refused', () => {
    const told = decode(kind, bodyOf(kind, { months: MONTHS.slice(0, 11) }))
    expect(told).toMatchObject({ kind: 'faulty', reason: 'REPORT_INCOMPLETE' })
    expect('detail' in told && told.detail.what).toBe('the column of 2025-12')
  })

  test('whose month holds something else than an amount is refused, and says where', () => {
    expect(decode(kind, bodyOf(kind).replace('"1543.20"', '"n/a"'))).toEqual({
      kind: 'faulty',
      reason: 'REPORT_AMOUNT_UNREADABLE',
      detail: { told: '"n/a"', what: 'Product Sales' },
    })
  })

  test('in which one amount is another one does not add up, and is refused', () => {
    expect(decode(kind, bodyOf(kind).replace('"1543.20"', '"1543.21"'))).toEqual({
      kind: 'faulty',
      reason: 'REPORT_DOES_NOT_ADD_UP',
      detail: { what: 'Total Product Sales', told: '1498.10', sum: '1498.11' },
    })
  })

  test('whose net income is not what its sections make is refused', () => {
    expect(decode(kind, bodyOf(kind).replaceAll('"6905.92"', '"6905.93"'))).toMatchObject({
      reason: 'REPORT_DOES_NOT_ADD_UP',
      detail: { what: 'Net Income', told: '6905.93', sum: '6905.92' },
    })
  })

  test('in which an account is revenue and expense at once is refused', () => {
    const told = decode(kind, bodyOf(kind).replaceAll('"Rent"', '"Shipping Income"'))
    expect(told).toMatchObject({
      reason: 'REPORT_ACCOUNT_TWICE',
      detail: { account: '"Shipping Income"', sections: 'Income and Expenses' },
    })
  })
})

describe('a report of QuickBooks Online', () => {
  test('that says that there is nothing is a year of nothing', () => {
    const report = JSON.parse(onlineReport())
    const body = JSON.stringify({
      Header: { ...report.Header, Option: [{ Name: 'NoReportData', Value: 'true' }] },
      Columns: {},
      Rows: {},
    })
    const told = decode('ONLINE', body)
    expect('statements' in told && told.statements).toHaveLength(12)
    expect('statements' in told && told.statements[3]).toEqual({ month: '2025-04', accounts: [], netIncome: '0.00' })
  })

  test('without rows, that does not say so, is refused', () => {
    const body = JSON.stringify({ ...JSON.parse(onlineReport()), Rows: {} })
    expect(decode('ONLINE', body)).toMatchObject({ reason: 'REPORT_INCOMPLETE', detail: { what: 'every row' } })
  })

  test('in another language is known by the names that it gives its sections for programs', () => {
    const body = onlineReport()
      .replaceAll('Total Income', 'Total des revenus')
      .replace('"Net Income"', '"Bénéfice net"')
    expect(decode('ONLINE', body)).toEqual(decode('ONLINE', onlineReport()))
  })

  test('with accounts in a section that is not known is refused, and names it', () => {
    const body = onlineReport().replace('"group":"OtherIncome"', '"group":"Subsidies"')
    expect(decode('ONLINE', body)).toMatchObject({
      reason: 'REPORT_SECTION_UNKNOWN',
      detail: { section: '"Subsidies"' },
    })
  })

  test('that lost a row of a nested account is refused', () => {
    const report = JSON.parse(onlineReport())
    report.Rows.Row[0].Rows.Row[1].Rows.Row.pop()
    expect(decode('ONLINE', JSON.stringify(report))).toMatchObject({
      reason: 'REPORT_DOES_NOT_ADD_UP',
      detail: { what: 'Total Professional Services', told: '2510.00', sum: '0.00' },
    })
  })

  test('that is no report is not understood, and never a year of nothing', () => {
    for (const body of ['', '<html>', '[]', '{}', '{"Rows":{"Row":[]}}']) {
      expect(['unknown', 'faulty']).toContain(decode('ONLINE', body).kind)
    }
  })
})

describe('a report of QuickBooks Desktop', () => {
  const body = (rows: string[]) => desktopReport(requestIdOf(YEAR), { rows })
  const without = (part: string) => {
    const rows = desktopRows()
    const at = rows.findIndex((row) => row.includes(part))
    if (at < 0) throw new Error(`no row has ${part}`)
    return body(rows.toSpliced(at, 1))
  }

  test('that QuickBooks has nothing to say about is a year of nothing', () => {
    for (const nothing of [body([]), answerTo('GeneralSummaryReportQueryRs', requestIdOf(YEAR), '', '1')]) {
      const told = decode('DESKTOP', nothing)
      expect('statements' in told && told.statements.every(({ accounts }) => accounts.length === 0)).toBe(true)
      expect('statements' in told && told.statements).toHaveLength(12)
    }
  })

  test.each([
    ['a row of an account', 'value="Rent"', 'REPORT_DOES_NOT_ADD_UP'],
    ['what was booked on a parent itself', 'value="Product Sales - Other"', 'REPORT_DOES_NOT_ADD_UP'],
    ['the sum of a section', 'value="Total Expense"', 'REPORT_INCOMPLETE'],
    ['the sum of an account', 'value="Total Payroll Expenses"', 'REPORT_INCOMPLETE'],
    ['the heading of a section', '<TextRow rowNumber="1" value="Income"/>', 'REPORT_SECTION_UNKNOWN'],
    ['the net income', '<TotalRow', 'REPORT_INCOMPLETE'],
  ])('that lost %s is refused', (_, part, reason) => {
    expect(decode('DESKTOP', without(part))).toMatchObject({ kind: 'faulty', reason })
  })

  test('in another language is refused, and names the section', () => {
    expect(
      decode('DESKTOP', desktopReport(requestIdOf(YEAR)).replace('value="Expense"', 'value="Dépenses"')),
    ).toMatchObject({
      reason: 'REPORT_SECTION_UNKNOWN',
      detail: { section: '"Dépenses"' },
    })
  })

  test('whose cells are missing where they are empty is the same report', () => {
    const rows = desktopRows().map((row) => row.replaceAll(/<ColData colID="\d+" value="0\.00"\/>/g, ''))
    expect(decode('DESKTOP', body(rows))).toEqual(decode('DESKTOP', body(desktopRows())))
  })

  test('that says to have rows, and has none, is refused', () => {
    const rowless = body([]).replace('<NumRows>0<', '<NumRows>51<')
    expect(decode('DESKTOP', rowless)).toMatchObject({ reason: 'REPORT_INCOMPLETE', detail: { what: 'every row' } })
  })

  test('that was cut off is not understood', () => {
    const whole = desktopReport(requestIdOf(YEAR))
    expect(decode('DESKTOP', whole.slice(0, whole.length / 2))).toMatchObject({ kind: 'unknown' })
  })
})

describe('employees', () => {
  const question = { kind: 'EMPLOYEES', position: 1 } as const

  test('are read without names from both', () => {
    const online = JSON.stringify({
      QueryResponse: {
        Employee: [
          { Id: '1', Active: true, HiredDate: '2024-02-01' },
          { Id: '2', Active: false, ReleasedDate: '2025-06-30' },
        ],
      },
    })
    const desktop = answerTo(
      'EmployeeQueryRs',
      requestIdOf(question),
      '<EmployeeRet><ListID>1</ListID><IsActive>true</IsActive><HiredDate>2024-02-01</HiredDate></EmployeeRet>' +
        '<EmployeeRet><ListID>2</ListID><IsActive>false</IsActive><ReleasedDate>2025-06-30</ReleasedDate></EmployeeRet>',
    )
    const employees = [
      { id: '1', active: true, hiredOn: '2024-02-01', releasedOn: null },
      { id: '2', active: false, hiredOn: null, releasedOn: '2025-06-30' },
    ]
    expect(decode('ONLINE', online, question)).toEqual({ kind: 'employees', employees, cut: false })
    expect(decode('DESKTOP', desktop, question)).toEqual({ kind: 'employees', employees, cut: false })
  })

  test('that there are none of are none, and a refusal is not', () => {
    expect(decode('ONLINE', '{"QueryResponse":{}}', question)).toMatchObject({ employees: [] })
    const nobody = answerTo('EmployeeQueryRs', requestIdOf(question), '', '1')
    expect(decode('DESKTOP', nobody, question)).toMatchObject({ employees: [] })
    const refused = answerTo('EmployeeQueryRs', requestIdOf(question), '', '3261')
    expect(decode('DESKTOP', refused, question)).not.toMatchObject({ kind: 'employees' })
  })
})
