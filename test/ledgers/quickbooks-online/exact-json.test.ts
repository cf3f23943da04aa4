import { describe, expect, test } from '@jest/globals'
import { decimal } from '../../../src/domain/money.ts'
import { isNumberLiteral, readJson, readJsonByValue } from '../../../src/ledgers/quickbooks-online/exact-json.ts'

/** Every number of a text as the decimal that it is, by its path. */
function numbersOf(value: unknown, path = ''): string[] {
  if (isNumberLiteral(value)) return [`${path} ${decimal(value.rawJSON).toFixed()}`]
  if (value === null || typeof value !== 'object') return [`${path} ${String(value)}`]
  return Object.entries(value).flatMap(([name, member]) => numbersOf(member, `${path}/${name}`))
}

describe('JSON that is read by value', () => {
  test.each([
    [
      '{"Balance":0,"TotalAmt":10.00,"Line":[{"Amount":-0.01,"Qty":3},{"Amount":1234567890.12}],"Void":false,"Memo":null}',
    ],
    ['[1,"2",[3.50,[4]],{}]'],
    ['12.30'],
    ['{"Id":"12345678901234567890","Rate":0.1234567}'],
    ['{"Amount":99999999999999.99}'],
    ['{"Amount":12345678901234567.89,"Small":1e-7,"Other":0.10}'],
    ['{"Text":"a number: 12345678901234567890 in a text"}'],
  ])('has the numbers of the text, to the last digit: %s', (text) => {
    expect(numbersOf(readJsonByValue(text))).toEqual(numbersOf(readJson(text)))
  })

  test('is undefined where the text is not JSON', () => {
    expect(readJsonByValue('<html>')).toBeUndefined()
  })
})
