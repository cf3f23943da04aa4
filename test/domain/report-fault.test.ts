import { expect, test } from '@jest/globals'
import { headcountOn } from '../../src/domain/headcount.ts'
import { isMonth, lastDayOf, monthsBetween, monthsLater } from '../../src/domain/months.ts'
import { ReportFault, reportAmount } from '../../src/domain/report-fault.ts'

test.each([
  ['', '0.00'],
  ['  ', '0.00'],
  ['0', '0.00'],
  ['-0.00', '0.00'],
  ['12', '12.00'],
  ['.5', '0.50'],
  ['-.05', '-0.05'],
  ['1234.5', '1234.50'],
  ['1,234,567.89', '1234567.89'],
  ['-1,234.00', '-1234.00'],
  ['(1,234.00)', '-1234.00'],
  ['1,234.00-', '-1234.00'],
  ['$12.30', '12.30'],
  ['-$12.30', '-12.30'],
  ['$-12.30', '-12.30'],
  ['12.340', '12.34'],
])('an amount that is written "%s" is %s', (text, amount) => {
  expect(reportAmount(text, 'Rent')).toBe(amount)
})

test.each([
  'n/a',
  '-',
  '$',
  '()',
  '(-5.00)',
  '--5',
  '5.00)',
  '(5.00',
  '12.345',
  '1,23.00',
  '1.2.3',
  '1e5',
  '9'.repeat(16),
])('"%s" is no amount', (text) => {
  expect(() => reportAmount(text, 'Rent')).toThrow(ReportFault)
})

test('months are counted over years, and end on their last day', () => {
  expect([monthsLater('2026-01', -1), monthsLater('2025-12', 1), monthsLater('2026-11', -23)]).toEqual([
    '2025-12',
    '2026-01',
    '2024-12',
  ])
  expect(monthsBetween({ from: '2025-11', to: '2026-02' })).toEqual(['2025-11', '2025-12', '2026-01', '2026-02'])
  expect([lastDayOf('2024-02'), lastDayOf('2025-02'), lastDayOf('2025-12')]).toEqual([
    '2024-02-29',
    '2025-02-28',
    '2025-12-31',
  ])
  expect(['2025-13', '2025-00', '2025-1', '202501', '2025-01-01', '', '0000-01'].filter(isMonth)).toEqual([])
})

test('who is employed on a day is told by hire and release, and else by whether QuickBooks has them as active', () => {
  const spell = (active: boolean, hiredOn: string | null, releasedOn: string | null) => ({
    ...{ id: '1', active, hiredOn, releasedOn },
  })
  const on = (day: string, ...spells: ReturnType<typeof spell>[]) => headcountOn(spells, day)
  expect(
    on('2025-06-30', spell(true, null, null), spell(true, '2025-06-30', null), spell(true, '2025-07-01', null)),
  ).toBe(2)
  expect(on('2025-06-30', spell(false, null, '2025-06-30'), spell(false, null, '2025-06-29'))).toBe(1)
  expect(on('2025-06-30', spell(false, '2024-01-01', null))).toBe(0)
  expect(on('2025-06-30', spell(true, null, '2025-12-31'))).toBe(1)
})
