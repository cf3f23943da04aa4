import fc from 'fast-check'
import type { Leaf, Part } from '../../../src/ledgers/quickbooks-desktop/schema/parts.ts'
import type { Value, Values } from '../../../src/ledgers/quickbooks-desktop/values.ts'

/** Texts that have spoiled qbXML before: markup, control characters, typography, entities, accents, quotes. */
const HOSTILE = [
  '<!DOCTYPE x [<!ENTITY a "b">]>&a;',
  ']]>',
  '<![CDATA[x]]>',
  '&#0;&#x1F600;',
  'O\'Leary & Daughters "GmbH"',
  '\u0000\u0001\u001b[31m\u007f',
  'caf\u00e9 \u00c5ngstr\u00f6m \u00df \u00ff',
  'e\u0301 decomposed',
  '\u201csmart\u201d \u2018quotes\u2019 \u2013 \u2014 \u2026 \u20ac \u2122',
  '\u0141\u00f3d\u017a \u0160koda \u0151 \ufb01',
  'tab\tnew\nline\r\nreturn\r',
  '--> <?xml version="1.0"?>',
  '   ',
  '%s %n {0} {{x}}',
]

/** What QuickBooks can store, and what has spoiled qbXML before. */
export const hostileText = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary-ascii', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
)

const digits = (min: number, max: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }).map((list) => list.join(''))

const literal = (whole: number, decimals: fc.Arbitrary<string>) =>
  fc
    .tuple(fc.constantFrom('', '-', '+'), digits(1, whole), decimals)
    .map(([sign, before, after]) => `${sign}${before}${after}`)

const fiveDecimals = fc.oneof(
  fc.constant(''),
  digits(1, 5).map((text) => `.${text}`),
)

const day = fc
  .date({ min: new Date('1990-01-01T00:00:00Z'), max: new Date('2090-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

const LITERALS: Record<Exclude<Leaf['kind'], 'text' | 'id'>, fc.Arbitrary<string>> = {
  amount: literal(
    13,
    digits(2, 2).map((text) => `.${text}`),
  ),
  price: literal(10, fiveDecimals),
  quantity: literal(10, fiveDecimals),
  percent: literal(10, fiveDecimals),
  date: day,
  dateTime: day.map((text) => `${text}T06:30:00`),
  bool: fc.constantFrom('true', 'false'),
  int: fc.integer({ min: 1, max: 1000 }).map(String),
  float: fc.constantFrom('1', '0.9', '1.25'),
  guid: fc.uuid().map((uuid) => `{${uuid}}`),
}

/** A text of an element, hostile, and as long as it may be at most when it is Latin-1. */
function textOf({ lengthMax = 100 }: Leaf): fc.Arbitrary<string> {
  const latin = fc.string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((code) => code < 0x7f || code >= 0xa0)
      .map((code) => String.fromCharCode(code)),
    maxLength: Math.min(lengthMax, 200),
  })
  return fc.oneof(
    latin,
    fc.constantFrom(...HOSTILE).map((text) => text.slice(0, Math.floor(lengthMax / 4))),
  )
}

function oneValueOf(part: Exclude<Part, { oneOf: unknown }>): fc.Arbitrary<Value> {
  if ('of' in part) return valuesOf(part.of)
  if (part.values) return fc.constantFrom(...part.values)
  if (part.kind === 'id') return fc.stringMatching(/^[0-9A-F]{1,8}-[0-9]{1,10}$/)
  return part.kind === 'text' ? textOf(part) : LITERALS[part.kind]
}

/** Everything that a table allows: elements there or not, once or several times, one alternative or another. */
export function valuesOf(parts: readonly Part[]): fc.Arbitrary<Values> {
  return fc.tuple(...parts.map(partOf)).map((all) => Object.assign({}, ...all) as Values)
}

function partOf(part: Part): fc.Arbitrary<Values> {
  if ('oneOf' in part) {
    const alternatives = part.oneOf.map(valuesOf)
    const nothing = fc.constant<Values>({})
    return part.occurs === 'one'
      ? fc.oneof(...alternatives.map((one) => one.filter((values) => Object.keys(values).length > 0)))
      : fc.oneof(nothing, ...alternatives)
  }
  const one = oneValueOf(part)
  const said = (value: fc.Arbitrary<Value>) => value.map((given): Values => ({ [part.name]: given }))
  switch (part.occurs) {
    case 'one':
      return said(one)
    case 'maybe':
      return fc.oneof({ weight: 2, arbitrary: fc.constant<Values>({}) }, { weight: 1, arbitrary: said(one) })
    case 'many':
      return said(fc.array(one, { maxLength: 3 }))
    case 'some':
      return said(fc.array(one, { minLength: 1, maxLength: 3 }))
  }
}
