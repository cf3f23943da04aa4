import { toLatin1 } from './latin1.ts'
import type { Branch, Leaf, Part } from './schema/parts.ts'
import { REQUESTS, type RequestName } from './schema/requests.ts'
import { linesOf, problemOf, type Value, type Values } from './values.ts'
import { chosenOf, isList } from './write-xml.ts'

/**
 * What QuickBooks would not take of a request, each with its field, all at once; empty when it may be sent. The same
 * table says it that the request is written from.
 */
export function checkRequest({
  name,
  values,
  version,
}: {
  name: RequestName
  values: Values
  version: number
}): string[] {
  const { parts, since, iterates: _ } = REQUESTS[name]
  if (since > version) return [`${name} needs qbXML ${since}, this QuickBooks speaks ${version}`]
  return checkParts({ parts, values, version, at: '' })
}

interface Place {
  values: Values
  version: number
  /** The path to the element, for people: `InvoiceAdd, InvoiceLineAdd 2`. */
  at: string
}

function checkParts({ parts, ...place }: Place & { parts: readonly Part[] }): string[] {
  const known = knownIn(parts)
  const strangers = Object.entries(place.values).filter(([name, value]) => value !== undefined && !known.has(name))
  return [
    ...parts.flatMap((part) => checkPart(part, place)),
    ...strangers.map(([name]) => `${pathOf(place.at, name)} is not an element that QuickBooks knows here`),
  ]
}

/** The names in a part of the table, gathered once. */
const KNOWN = new WeakMap<readonly Part[], Set<string>>()

function knownIn(parts: readonly Part[]): Set<string> {
  const known = KNOWN.get(parts) ?? new Set(namesOf(parts))
  KNOWN.set(parts, known)
  return known
}

function namesOf(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => ('oneOf' in part ? part.oneOf.flatMap(namesOf) : [part.name]))
}

function checkPart(part: Part, place: Place): string[] {
  if ('oneOf' in part) {
    const chosen = chosenOf(part, place.values)
    if (chosen) return [...chosen.flatMap((inner) => checkPart(inner, place)), ...beside(part.oneOf, chosen, place)]
    const names = part.oneOf.map((alternative) => namesOf(alternative)[0]).join(' or ')
    return part.occurs === 'one' ? [`${pathOf(place.at, names)} is missing`] : []
  }
  const { name, occurs, since } = part
  const path = pathOf(place.at, name)
  const value = place.values[name]
  if (value === undefined) return occurs === 'one' || occurs === 'some' ? [`${path} is missing`] : []
  if (since > place.version) return []
  const several = isList(value) ? value : [value]
  if (several.length === 0 && occurs === 'some') return [`${path} is missing`]
  if (several.length !== 1 && (occurs === 'one' || occurs === 'maybe'))
    return [`${path} stands ${several.length} times`]
  return several.flatMap((one, index) =>
    checkElement(part, { ...place, value: one, at: several.length > 1 ? `${path} ${index + 1}` : path }),
  )
}

/** What is said of the alternatives that were not chosen. */
function beside(alternatives: readonly (readonly Part[])[], chosen: readonly Part[], { values, at }: Place): string[] {
  const own = new Set(namesOf(chosen))
  const others = alternatives.flatMap(namesOf).filter((name) => !own.has(name) && values[name] !== undefined)
  return [...new Set(others)].map((name) => `${pathOf(at, name)} cannot stand beside ${[...own][0]}`)
}

function checkElement(part: Leaf | Branch, { value, ...place }: Place & { value: Value }): string[] {
  if ('of' in part) {
    if (typeof value === 'string' || isList(value)) return [`${place.at} holds elements, not a text`]
    return checkParts({ ...place, parts: part.of, values: value })
  }
  if (typeof value !== 'string') return [`${place.at} is a text`]
  const { text, refused } = toLatin1(value)
  if (refused.length > 0) {
    const shown = refused.slice(0, 10).join(' ')
    return [`${place.at} has characters that QuickBooks Desktop cannot store: ${shown}`]
  }
  const problem = problemOf(part, linesOf(part, text))
  return problem === null ? [] : [`${place.at} ${problem}`]
}

function pathOf(at: string, name: string): string {
  return at === '' ? name : `${at}, ${name}`
}
