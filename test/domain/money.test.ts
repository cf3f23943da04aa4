import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decimal, extend, isZero, minus, money, percentOf, plain, roundToCents, sum } from '../../src/domain/money.ts'

/** Decimal text of a whole number of its smallest units. */
function textOf(units: bigint, places: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0')
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`
  return units < 0n ? `-${text}` : text
}

/** Half away from zero, in whole numbers. */
function roundedCents(units: bigint, places: number): bigint {
  if (places <= 2) return units * 10n ** BigInt(2 - places)
  const unit = 10n ** BigInt(places - 2)
  const magnitude = units < 0n ? -units : units
  const rounded = (2n * magnitude + unit) / (2n * unit)
  return units < 0n ? -rounded : rounded
}

const upTo = (most: bigint) => fc.bigInt({ min: -most, max: most })
const cents = upTo(10n ** 16n)
const places = fc.integer({ min: 0, max: 6 })
const small = upTo(10n ** 9n)

describe('money, held against whole numbers of cents', () => {
  test('a sum is exact whatever the number of amounts', () => {
    fc.assert(
      fc.property(fc.array(cents, { maxLength: 50 }), (amounts) => {
        const total = amounts.reduce((all, amount) => all + amount, 0n)
        expect(sum(amounts.map((amount) => textOf(amount, 2)))).toBe(textOf(total, 2))
      }),
    )
  })

  test('a difference is exact, and zero has no sign', () => {
    fc.assert(
      fc.property(cents, cents, (from, amount) => {
        expect(minus(textOf(from, 2), textOf(amount, 2))).toBe(textOf(from - amount, 2))
      }),
    )
    expect(minus('0.00', '0.00')).toBe('0.00')
    expect(money('-0.00')).toBe('0.00')
    expect(roundToCents('-0.004')).toBe('0.00')
  })

  test('price × quantity is rounded once, halves away from zero', () => {
    fc.assert(
      fc.property(small, places, small, places, (price, pricePlaces, quantity, quantityPlaces) => {
        const unitPrice = textOf(price, pricePlaces)
        expect(extend({ unitPrice, quantity: textOf(quantity, quantityPlaces) })).toBe(
          textOf(roundedCents(price * quantity, pricePlaces + quantityPlaces), 2),
        )
      }),
    )
    expect([extend({ unitPrice: '0.005', quantity: '1' }), extend({ unitPrice: '-0.005', quantity: '1' })]).toEqual([
      '0.01',
      '-0.01',
    ])
  })

  test('a percentage is taken at full precision and rounded once', () => {
    fc.assert(
      fc.property(cents, small, places, (amount, percent, percentPlaces) => {
        expect(percentOf({ amount: textOf(amount, 2), percent: textOf(percent, percentPlaces) })).toBe(
          textOf(roundedCents(amount * percent, 2 + percentPlaces + 2), 2),
        )
      }),
    )
  })

  test('an amount in whole cents keeps its value, and nothing else passes for one', () => {
    fc.assert(
      fc.property(cents, (amount) => {
        expect(money(textOf(amount, 2))).toBe(textOf(amount, 2))
      }),
    )
    for (const wrong of ['0.001', '1.005', 'NaN', 'Infinity', '', '1,50', 'ten']) expect(() => money(wrong)).toThrow()
  })

  test('a quantity in its canonical form has no exponent and no trailing zeros, and is the same number', () => {
    fc.assert(
      fc.property(small, fc.integer({ min: 0, max: 12 }), (units, scale) => {
        const text = plain(textOf(units, scale))
        expect(text).toMatch(/^-?\d+(\.\d*[1-9])?$/)
        expect(decimal(text).equals(decimal(textOf(units, scale)))).toBe(true)
      }),
    )
    expect([plain('1e3'), plain('0.10'), plain('-0'), plain('5e-7')]).toEqual(['1000', '0.1', '0', '0.0000005'])
  })

  test('zero is zero in any spelling', () => {
    expect(['0', '0.00', '-0.000', '0e5'].map(isZero)).toEqual([true, true, true, true])
    expect(isZero('0.0001')).toBe(false)
  })
})
