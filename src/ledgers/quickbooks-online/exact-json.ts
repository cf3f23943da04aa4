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
