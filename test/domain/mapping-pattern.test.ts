import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { compilePattern, covers, type Pattern, PatternError, problemOf } from '../../src/domain/mapping-pattern.ts'

const glob = (text: string): Pattern => ({ kind: 'GLOB', text })
const regex = (text: string): Pattern => ({ kind: 'REGEX', text })
const letters = (options: { maxLength: number }) => fc.string({ ...options, unit: fc.constantFrom('a', 'b', 'c') })
const globs = fc.string({ maxLength: 6, unit: fc.constantFrom('a', 'b', '*', '?') }).filter((text) => text !== '')

/** The same meaning, by another way: by the end of the glob, with all that it may be tried with. */
function means(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  const [first, rest] = [pattern[0], pattern.slice(1)]
  if (first === '*') return means(rest, text) || (text !== '' && means(pattern, text.slice(1)))
  return text !== '' && (first === '?' || first === text[0]) && means(rest, text.slice(1))
}

describe('a pattern', () => {
  test.each([
    ['TH-*', 'th-100', true],
    ['TH-*', 'xth-100', false],
    ['*throw*', 'Copper Throw, large', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['ab*ba', 'aba', false],
    ['?H-1', 'TH-1', true],
    ['?H-1', 'H-1', false],
    ['a.c', 'abc', false],
    ['*', '', true],
    ['(x)', '(x)', true],
  ])('as a glob, %s against %s is %s', (pattern, text, expected) => {
    expect(compilePattern(glob(pattern))(text)).toBe(expected)
  })

  test('as a glob means what globs mean, whatever its stars and marks', () => {
    fc.assert(
      fc.property(globs, letters({ maxLength: 8 }), (pattern, text) => {
        expect(compilePattern(glob(pattern))(text)).toBe(means(pattern, text))
      }),
    )
  })

  test('as a regular expression may match anywhere, whatever the case, and across lines', () => {
    expect(compilePattern(regex('\\bMRR\\b'))('Services (mrr)')).toBe(true)
    expect(compilePattern(regex('\\bMRR\\b'))('mrrs')).toBe(false)
    expect(compilePattern(regex('^a.b$'))('A\nB')).toBe(true)
  })

  test('that runs for ages elsewhere is answered', () => {
    expect(compilePattern(regex('^(a+)+$'))(`${'a'.repeat(499)}!`)).toBe(false)
  })

  test.each([
    ['a lookahead', regex('(?=a)b'), /Lookarounds, backreferences/],
    ['a backreference', regex('(a)\\1'), /Lookarounds, backreferences/],
    ['brackets that do not close', regex('[a'), /missing closing/],
    ['repeats of repeats', regex('((a{100}){100}){100}'), /repeat/],
    ['a machine that is too large', regex('(?:a|b|c){600}'), /too large/],
    ['too many characters', glob('x'.repeat(201)), /has 201 characters/],
    ['nothing in it', glob('  '), /is empty/],
  ])('with %s is refused in words', (_, pattern, words) => {
    expect(problemOf(pattern)).toMatch(words)
    expect(() => compilePattern(pattern)).toThrow(PatternError)
  })

  test('that can be used has no problem', () => {
    expect(problemOf(glob('a?c*'))).toBeNull()
  })
})

describe('that a pattern covers another', () => {
  test.each([
    [glob('TH-*'), glob('TH-1*'), true],
    [glob('TH-1*'), glob('TH-*'), false],
    [glob('*'), regex('a+'), true],
    [glob('?*'), glob('*'), false],
    [glob('TH-?'), glob('th-1'), true],
    [regex('^TH'), glob('TH-1'), true],
    [regex('^TH'), glob('TH-*'), false],
    [regex('A+'), regex('a+'), true],
  ])('%j over %j: %s', (wide, narrow, expected) => {
    expect(covers({ wide, narrow })).toBe(expected)
  })

  test('is said of no pair of globs of which a text shows the opposite', () => {
    fc.assert(
      fc.property(globs, globs, letters({ maxLength: 7 }), (wide, narrow, text) => {
        fc.pre(covers({ wide: glob(wide), narrow: glob(narrow) }) && compilePattern(glob(narrow))(text))
        expect(compilePattern(glob(wide))(text)).toBe(true)
      }),
    )
  })
})
