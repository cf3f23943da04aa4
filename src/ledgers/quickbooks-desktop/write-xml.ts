import { escapeXml, toLatin1 } from './latin1.ts'
import type { Branch, Choice, Leaf, Part } from './schema/parts.ts'
import { REQUESTS, type RequestName } from './schema/requests.ts'
import { linesOf, type Value, type Values } from './values.ts'

/** Before it QuickBooks answers at once, however long the answer is. */
export const iteratesSince = 5

/** How the pages of a long answer are asked for. */
export interface Iteration {
  iterator: 'Start' | 'Continue' | 'Stop'
  iteratorID?: string
}

/**
 * Writes one request from a plain object. The order is the table's, not the caller's, and what is younger than `version`
 * is left out. Throws a RangeError for a text that QuickBooks cannot store: `checkRequest` says so before.
 */
export function writeRequest({
  name,
  values,
  version,
  iteration,
}: {
  name: RequestName
  values: Values
  version: number
  iteration?: Iteration
}): string {
  const { parts, iterates } = REQUESTS[name]
  const pages = iteration && iterates && version >= iteratesSince ? attributesOf({ ...iteration }) : ''
  return `<${name}Rq${pages}>${writeParts(parts, values, version)}</${name}Rq>`
}

/** Attributes in the order given; those without a value are left out. */
export function attributesOf(attributes: Record<string, string | undefined>): string {
  return Object.entries(attributes)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeXml(value)}"`))
    .join('')
}

function writeParts(parts: readonly Part[], values: Values, version: number): string {
  let xml = ''
  for (const part of parts) xml += writePart(part, values, version)
  return xml
}

function writePart(part: Part, values: Values, version: number): string {
  if ('oneOf' in part) {
    const chosen = chosenOf(part, values)
    return chosen ? writeParts(chosen, values, version) : ''
  }
  const value = values[part.name]
  if (value === undefined || part.since > version) return ''
  if (!isList(value)) return writeElement(part, value, version)
  return value.map((one) => writeElement(part, one, version)).join('')
}

function writeElement(part: Leaf | Branch, value: Value, version: number): string {
  if ('of' in part) {
    if (typeof value === 'string' || isList(value)) throw new RangeError(`${part.name} holds elements, not a text`)
    return `<${part.name}>${writeParts(part.of, value, version)}</${part.name}>`
  }
  if (typeof value !== 'string') throw new RangeError(`${part.name} is a text`)
  const { text, refused } = toLatin1(value)
  if (refused.length > 0) throw new RangeError(`${part.name} has characters beyond Latin-1: ${refused.join(' ')}`)
  return `<${part.name}>${escapeXml(linesOf(part, text))}</${part.name}>`
}

/** The alternative of which something is said; undefined when nothing is. */
export function chosenOf({ oneOf }: Choice, values: Values): readonly Part[] | undefined {
  return oneOf.find((alternative) => alternative.some((part) => isSaid(part, values)))
}

function isSaid(part: Part, values: Values): boolean {
  if ('oneOf' in part) return part.oneOf.some((alternative) => alternative.some((inner) => isSaid(inner, values)))
  return values[part.name] !== undefined
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}
