import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { errorSentence, errorSentenceOfText } from '../../src/creatio/error-body.ts'
import { parseExactJson } from '../../src/creatio/exact-json.ts'
import { dayIn, readFlag, readGuid, readInstant, readNumber, readText } from '../../src/creatio/values.ts'

describe('what the CRM writes for "missing"', () => {
  test('the zero GUID, the empty text and the year 1 are read as missing', () => {
    expect(readGuid('00000000-0000-0000-0000-000000000000')).toBeNull()
    expect(readText('')).toBeNull()
    expect(readText('  ')).toBeNull()
    expect(readInstant('0001-01-01T00:00:00Z')).toEqual({ readable: true, value: null })
    expect(readNumber('')).toMatchObject({ readable: true, value: null })
    expect(readNumber(null)).toMatchObject({ readable: true, value: null })
    expect(readNumber(undefined)).toMatchObject({ readable: true, value: null })
  })

  test('zero is a number, not a missing one', () => {
    expect(readNumber(0)).toEqual({ readable: true, value: '0' })
    expect(readNumber('0.00')).toEqual({ readable: true, value: '0' })
  })

  test('a GUID is compared in lower case', () => {
    expect(readGuid('C97DB3BC-634D-4C90-8432-EC7141C87640')).toBe('c97db3bc-634d-4c90-8432-ec7141c87640')
    expect(readGuid('not a guid')).toBeNull()
  })

  test('a flag may be a boolean, a text or a bit', () => {
    expect([true, 'true', 1, '1'].map(readFlag)).toEqual([true, true, true, true])
    expect([false, 'false', 0, '', null, undefined].map(readFlag)).toEqual([false, false, false, false, false, false])
  })
})

describe('numbers', () => {
  test.each([
    [3492, '3492'],
    ['3492.00', '3492'],
    ['3492.00n_____', '3492'],
    ['-0.05n', '-0.05'],
    ['1234567890123456.789', '1234567890123456.789'],
    ['0.1234567890123456789', '0.1234567890123456789'],
    ['.5', '0.5'],
    ['1E-7', '0.0000001'],
    ['-0', '0'],
  ])('%p is read as exactly %p', (given, value) => {
    expect(readNumber(given)).toEqual({ readable: true, value })
  })

  test.each([
    ['12,50'],
    ['1.2.3'],
    ['NaN'],
    ['Infinity'],
    ['0x10'],
    ['12 USD'],
    ['1e999'],
    ['9'.repeat(60)],
    ['n____'],
    [{}],
    [[]],
    [true],
    ['   '],
  ])('%p is not a number and is not guessed at', (given) => {
    expect(readNumber(given).readable).toBe(false)
  })

  test('every decimal survives the way through JSON to the last digit, as a number, a text and a padded text', () => {
    const decimals = fc
      .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 12 }))
      .map(([units, places]) => written(units, places))
    fc.assert(
      fc.property(decimals, (decimal) => {
        const expected = canonical(decimal)
        const row = parseExactJson(`{"value":[{"a":${decimal},"b":"${decimal}","c":"${decimal}n_____"}]}`) as {
          value: [Record<string, unknown>]
        }
        for (const column of ['a', 'b', 'c']) {
          expect(readNumber(row.value[0][column])).toEqual({ readable: true, value: expected })
        }
      }),
    )
  })

  test('a number that a float would spoil keeps its digits', () => {
    expect(parseExactJson('{"a":9007199254740993,"b":1.10,"c":true}')).toEqual({
      a: '9007199254740993',
      b: '1.10',
      c: true,
    })
    expect(readNumber((parseExactJson('{"a":0.10000000000000000555}') as { a: unknown }).a)).toEqual({
      readable: true,
      value: '0.10000000000000000555',
    })
  })
})

describe('days', () => {
  test.each([
    ['2024-07-21T03:00:00Z', 'America/Sao_Paulo', '2024-07-21'],
    ['2024-07-21T04:00:00Z', 'America/New_York', '2024-07-21'],
    ['2024-07-21T03:59:59.9999999Z', 'America/New_York', '2024-07-20'],
    ['2024-12-31T22:00:00.123456Z', 'Europe/Helsinki', '2025-01-01'],
    ['2024-03-10T05:00:00Z', 'America/New_York', '2024-03-10'],
    ['2024-11-03T04:00:00Z', 'America/New_York', '2024-11-03'],
    ['2024-07-21T00:00:00+02:00', 'Europe/Berlin', '2024-07-21'],
    ['2024-07-21', 'America/New_York', '2024-07-21'],
    ['2024-07-21T00:00:00', 'Asia/Tokyo', '2024-07-21'],
  ])('%s in %s is %s', (instant, timeZone, day) => {
    expect(dayIn({ instant, timeZone })).toBe(day)
  })

  test('something that is no date is noticed', () => {
    expect(readInstant('21.07.2024')).toEqual({ readable: false, given: '21.07.2024' })
    expect(readInstant('2024-13-45T00:00:00Z').readable).toBe(false)
  })
})

describe('error bodies', () => {
  test('the nested error of OData is read down to its cause', () => {
    const internalexception = { message: 'column "X" does not exist' }
    const body = {
      error: { message: 'An error has occurred.', innererror: { message: 'Query failed', internalexception } },
    }
    expect(errorSentence(body)).toBe('An error has occurred. — Query failed — column "X" does not exist')
  })

  test('both shapes of .NET are read', () => {
    expect(
      errorSentence({
        Message: 'An error has occurred.',
        ExceptionMessage: 'Deadlock',
        ExceptionType: 'X',
        StackTrace: 'at Y',
      }),
    ).toBe('An error has occurred. — Deadlock')
    expect(errorSentence({ Message: 'No HTTP resource was found', MessageDetail: 'No type was found' })).toBe(
      'No HTTP resource was found — No type was found',
    )
  })

  test('a page gives its title', () => {
    expect(errorSentenceOfText('<html><head><title>Runtime Error</title></head></html>')).toBe(
      'a page titled "Runtime Error"',
    )
    expect(errorSentenceOfText('<h1>Service</h1> <p>unavailable</p>')).toBe('Service unavailable')
    expect(errorSentenceOfText('')).toBe('an empty answer')
  })

  test('rows are not mistaken for an error', () => {
    expect(errorSentence({ value: [{ Id: 'x' }] })).toBeNull()
    expect(errorSentence(null)).toBeNull()
    expect(errorSentence('words')).toBeNull()
  })
})

/** Writes units × 10^-places as JSON would. */
function written(units: bigint, places: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0')
  const whole = digits.slice(0, digits.length - places)
  const fraction = digits.slice(digits.length - places)
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

function canonical(decimal: string): string {
  const short = decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal
  return short === '-0' ? '0' : short
}
