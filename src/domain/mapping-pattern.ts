import { RE2JS } from 're2js'

/** How a pattern is read. Both ignore case, and neither can take longer than the text and the pattern are long. */
export type PatternKind = 'GLOB' | 'REGEX'

export interface Pattern {
  kind: PatternKind
  text: string
}

const PATTERN_LENGTH_MAX = 200
/** Steps of the machine that a pattern becomes: each character of a text costs at most so many. */
const PROGRAM_STEPS_MAX = 500
/** What is longer is cut before it is matched: nothing in QuickBooks bears so long a name. */
const TEXT_LENGTH_MAX = 500

/** A pattern that cannot be used; the message says why, for people. */
export class PatternError extends Error {}

/**
 * Makes a test of a pattern. A glob is held against the whole text: `*` is any run of characters, `?` any one. A regular
 * expression (RE2's syntax) may match anywhere. Throws PatternError.
 */
export function compilePattern({ kind, text }: Pattern): (text: string) => boolean {
  if (text.trim() === '') throw new PatternError('A pattern is empty: leave it out, or give it some text.')
  if (text.length > PATTERN_LENGTH_MAX) {
    throw new PatternError(`A pattern has ${text.length} characters: ${PATTERN_LENGTH_MAX} are allowed.`)
  }
  const test = kind === 'GLOB' && !text.includes('?') ? segmentTest(text) : machineTest({ kind, text })
  return (value) => test(value.slice(0, TEXT_LENGTH_MAX))
}

/** Why a pattern cannot be used; null when it can. */
export function problemOf(pattern: Pattern): string | null {
  try {
    compilePattern(pattern)
    return null
  } catch (error) {
    if (error instanceof PatternError) return error.message
    throw error
  }
}

/** The parts between the stars, each at its first place after the one before: no star ever has to be tried again. */
function segmentTest(glob: string): (text: string) => boolean {
  const [first = '', ...rest] = glob.toLowerCase().split(/\*+/)
  const last = rest.pop()
  if (last === undefined) return (text) => text.toLowerCase() === first
  return (given) => {
    const text = given.toLowerCase()
    if (!text.startsWith(first)) return false
    let at = first.length
    for (const segment of rest) {
      const found = text.indexOf(segment, at)
      if (found < 0) return false
      at = found + segment.length
    }
    return text.length - last.length >= at && text.endsWith(last)
  }
}

function machineTest({ kind, text }: Pattern): (text: string) => boolean {
  const source = kind === 'REGEX' ? text : globSource(text)
  const machine = compiled({ source, text })
  if (machine.programSize() > PROGRAM_STEPS_MAX) {
    throw new PatternError(
      `The pattern "${text}" is too large: it repeats too much. Write it shorter, or as two rules.`,
    )
  }
  return (value) => machine.test(value)
}

function compiled({ source, text }: { source: string; text: string }): RE2JS {
  try {
    return RE2JS.compile(source, RE2JS.CASE_INSENSITIVE | RE2JS.DOTALL)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new PatternError(
      `The pattern "${text}" is no regular expression that can be used: ${why}. Lookarounds, backreferences and repeats beyond 1000 are not allowed, because they may take for ever.`,
    )
  }
}

function globSource(glob: string): string {
  const parts = glob
    .split(/(\*+|\?)/)
    .map((part) => (part === '?' ? '.' : part.startsWith('*') ? '.*' : RE2JS.quote(part)))
  return `^(?:${parts.join('')})$`
}

/**
 * True when it is proven that whatever the narrow pattern matches, the wide one matches too. Of two regular expressions only
 * equal ones are decided; false means no more than that it is not proven.
 */
export function covers({
  wide,
  narrow,
  testOf = compilePattern,
}: {
  wide: Pattern
  narrow: Pattern
  /** Who compares many gives what was compiled once. */
  testOf?: typeof compilePattern
}): boolean {
  if (wide.kind === narrow.kind && wide.text.toLowerCase() === narrow.text.toLowerCase()) return true
  if (wide.kind === 'GLOB' && /^\*+$/.test(wide.text)) return true
  if (narrow.kind === 'REGEX') return false
  if (wide.kind === 'GLOB') return globCovers(wide.text.toLowerCase(), narrow.text.toLowerCase())
  return !/[*?]/.test(narrow.text) && testOf(wide)(narrow.text)
}

/** Matches the one glob against the signs of the other, of which a star swallows any, and `?` any but a star. */
function globCovers(wide: string, narrow: string): boolean {
  const [begin = ''] = wide.split(/[*?]/, 1)
  if (!narrow.startsWith(begin)) return false
  let reached = new Set(afterStars(wide, 0))
  for (const sign of narrow) {
    const next = new Set<number>()
    for (const at of reached) {
      const own = wide[at]
      if (own === '*') for (const place of afterStars(wide, at)) next.add(place)
      else if (sign !== '*' && own !== undefined && (own === '?' || own === sign))
        for (const place of afterStars(wide, at + 1)) next.add(place)
    }
    reached = next
  }
  return reached.has(wide.length)
}

/** The places from which a glob may go on: a star may also be nothing. */
function afterStars(glob: string, at: number): number[] {
  const places = [at]
  for (let place = at; glob[place] === '*'; place += 1) places.push(place + 1)
  return places
}
