/** A number that JavaScript's floats might not keep: 16 or more digits, or an exponent. It may also match inside of a text, which only costs time. */
const NUMBER_AT_RISK = /[:,[]\s*-?(?:[\d.]{16,}|[\d.]+[eE])/

/**
 * Parses JSON without losing a digit. A number of up to 15 digits survives as a float, whose shortest text is the number that was
 * written; where a longer one may be present, every number becomes the text that stood in the source (a reviver is ten times slower,
 * so it is not the rule). Throws SyntaxError.
 */
export function parseExactJson(text: string): unknown {
  return NUMBER_AT_RISK.test(text) ? parseWithSource(text, keepSource) : JSON.parse(text)
}

/** The third argument of a reviver, which the ES2024 types do not know yet. */
const parseWithSource = JSON.parse as (text: string, reviver: typeof keepSource) => unknown

function keepSource(_key: string, value: unknown, context: { source?: string }): unknown {
  return typeof value === 'number' ? (context.source ?? value) : value
}
