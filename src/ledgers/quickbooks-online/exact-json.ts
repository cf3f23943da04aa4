/** A number of a JSON text, kept as the literal that it was written with: no float ever stands between. */
export interface NumberLiteral {
  readonly rawJSON: string
}

/** What the standard library's types do not know yet: number literals written and read verbatim. */
interface ExactJson {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown
  rawJSON(text: string): NumberLiteral
  isRawJSON(value: unknown): value is NumberLiteral
  stringify(value: unknown): string
}

const exact = JSON as unknown as ExactJson

/** Writes JSON; number literals keep their digits. The same value gives the same bytes. */
export function writeJson(value: unknown): string {
  return exact.stringify(value)
}

/** Reads JSON with every number as its literal. Gives undefined for a text that is not JSON. */
export function readJson(text: string): unknown {
  try {
    return exact.parse(text, (_key, value, { source }) =>
      typeof value === 'number' && source !== undefined ? exact.rawJSON(source) : value,
    )
  } catch {
    return undefined
  }
}

/** A number that a float might not keep: 16 digits or more, or an exponent. It may match inside of a text, which only costs time. */
const NUMBER_AT_RISK = /[:,[]\s*-?(?:[\d.]{16,}|[\d.]+[eE])/

/**
 * Reads JSON whose numbers keep their value, and perhaps not all the zeros that they were written with: much faster, for a
 * float of up to 15 digits has just one shortest text. Gives undefined for a text that is not JSON.
 */
export function readJsonByValue(text: string): unknown {
  if (NUMBER_AT_RISK.test(text)) return readJson(text)
  try {
    return withLiterals(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** The value itself, with each number in it replaced. */
function withLiterals(value: unknown): unknown {
  if (typeof value === 'number') return exact.rawJSON(String(value))
  if (value === null || typeof value !== 'object') return value
  const members = value as Record<string, unknown>
  for (const name of Object.keys(members)) {
    const member = members[name]
    if (typeof member === 'number' || typeof member === 'object') members[name] = withLiterals(member)
  }
  return value
}

/** A decimal string as a JSON number of exactly these digits. Throws on anything else. */
export function numberLiteral(digits: string): NumberLiteral {
  return exact.rawJSON(digits)
}

export function isNumberLiteral(value: unknown): value is NumberLiteral {
  return exact.isRawJSON(value) && !/^["ntf]/.test(value.rawJSON)
}

/** The members of a JSON object; none when the value is anything else. */
export function membersOf(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
