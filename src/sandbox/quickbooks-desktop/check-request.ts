import type { Particle } from './grammar.ts'
import { dayPattern, idPattern, isDay } from './literals.ts'
import type { Element } from './read-xml.ts'
import { CannotParse, Refusal } from './status.ts'
import type { Fields } from './write-xml.ts'

type ElementParticle = Extract<Particle, { kind: 'element' }>

export interface Checking {
  /** The qbXML version of the set. */
  version: number
  /** What becomes of a character that Latin-1 does not have. Throws CannotParse for one that is not taken. */
  latin1: (text: string) => string
}

/**
 * Reads an element's children by the shape: names, order, numbers and literals. What does not fit the schema throws CannotParse
 * (the whole set is refused); a text that is too long, a malformed id or date is remembered as a Refusal of this request alone.
 */
export class RequestReader {
  readonly #checking: Checking
  refusal: Refusal | undefined

  constructor(checking: Checking) {
    this.#checking = checking
  }

  read({ element, particles }: { element: Element; particles: Particle[] }): Fields {
    const fields: Fields = {}
    const end = this.#sequence({ children: element.children, at: 0, particles, fields })
    const rest = element.children[end]
    if (rest) throw new CannotParse(`${rest.name} may not stand there in ${element.name}`)
    if (element.children.length > 0 && element.text.trim() !== '') throw new CannotParse(`text in ${element.name}`)
    return fields
  }

  /** Takes from the children what the particles want, and gives the position after it. */
  #sequence({ children, at, particles, fields }: Walk & { particles: Particle[] }): number {
    let position = at
    for (const particle of particles) {
      const before = position
      position =
        particle.kind === 'element'
          ? this.#elements({ children, at: position, particle, fields })
          : this.#choice({ children, at: position, particle, fields })
      if (particle.needed && position === before && !isNullable(particle)) {
        throw new CannotParse(`${nameOf(particle)} is missing before ${children[position]?.name ?? 'the end'}`)
      }
    }
    return position
  }

  #elements({ children, at, particle, fields }: Walk & { particle: ElementParticle }): number {
    let position = at
    while (children[position]?.name === particle.name) {
      if (this.#checking.version < particle.since)
        throw new CannotParse(`${particle.name} needs version ${particle.since}`)
      const value = this.#value({ element: children[position] as Element, particle })
      if (particle.many) fields[particle.name] = [...asList(fields[particle.name]), value]
      else fields[particle.name] = value
      position += 1
      if (!particle.many) break
    }
    return position
  }

  #choice({ children, at, particle, fields }: Walk & { particle: Extract<Particle, { kind: 'choice' }> }): number {
    const next = children[at]?.name
    const branch = particle.branches.find((particles) => next !== undefined && mayBegin({ particles, next }))
    return branch ? this.#sequence({ children, at, particles: branch, fields }) : at
  }

  #value({ element, particle }: { element: Element; particle: ElementParticle }): string | Fields {
    if (Object.keys(element.attributes).length > 0) throw new CannotParse(`an attribute of ${element.name}`)
    if (particle.children.length > 0) return this.read({ element, particles: particle.children })
    if (element.children.length > 0) throw new CannotParse(`elements in ${element.name}`)
    const value = this.#checking.latin1(element.text)
    this.#checkLiteral({ name: element.name, value, type: particle.type })
    return value
  }

  #checkLiteral({ name, value, type }: { name: string; value: string; type: string }): void {
    const [kind = '', words = ''] = type.split('=')
    const pattern = literals[kind]
    if (value !== '' && pattern && !pattern.test(value)) throw new CannotParse(`${name} cannot be ${value}`)
    if (kind === 'enum' && !words.split(',').includes(value)) throw new CannotParse(`${name} cannot be ${value}`)
    const complaint = complaintAbout({ name, value, kind })
    if (complaint) this.refusal ??= new Refusal(complaint)
  }
}

interface Walk {
  children: Element[]
  at: number
  fields: Fields
}

const literals: Record<string, RegExp> = {
  amount: /^[+-]?\d{1,13}(\.\d{2})?$/,
  number: /^[+-]?\d{1,10}(\.\d{1,5})?$/,
  int: /^\d{1,9}$/,
  bool: /^(true|false|0|1)$/,
  guid: /^(0|\{[\da-fA-F]{8}(-[\da-fA-F]{4}){3}-[\da-fA-F]{12}\})$/,
}

function complaintAbout({ name, value, kind }: { name: string; value: string; kind: string }) {
  const lengthMax = kind.startsWith('str') ? Number(kind.slice(3) || Number.POSITIVE_INFINITY) : undefined
  if (lengthMax !== undefined && value.length > lengthMax) {
    const message = `The string "${value}" in the field "${name}" is too long. The maximum length is ${lengthMax}.`
    return { statusCode: 3070, message }
  }
  if (kind === 'id' && value !== '' && !idPattern.test(value)) {
    return { statusCode: 3000, message: `The given object ID "${value}" in the field "${name}" is invalid.` }
  }
  const isDate = kind === 'date' ? isDay(value) : kind === 'time' ? dayPattern.test(value) : true
  if (value === '' || isDate) return undefined
  return {
    statusCode: 3020,
    message: `There was an error when converting the date value "${value}" in the field "${name}".`,
  }
}

function mayBegin({ particles, next }: { particles: Particle[]; next: string }): boolean {
  for (const particle of particles) {
    if (particle.kind === 'element' && particle.name === next) return true
    if (particle.kind === 'choice' && particle.branches.some((branch) => mayBegin({ particles: branch, next })))
      return true
    if (particle.needed && !isNullable(particle)) return false
  }
  return false
}

function isNullable(particle: Particle): boolean {
  if (!particle.needed) return true
  return particle.kind === 'choice' && particle.branches.some((branch) => branch.every(isNullable))
}

function nameOf(particle: Particle): string {
  if (particle.kind === 'element') return particle.name
  return particle.branches.map(([first]) => (first ? nameOf(first) : 'nothing')).join(' or ')
}

const asList = (value: Fields[string]): (string | Fields)[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value]
