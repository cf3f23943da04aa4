/** What QuickBooks calls the types of its elements, in our words. */
export type Kind =
  | 'text'
  | 'id'
  | 'guid'
  | 'amount'
  | 'price'
  | 'quantity'
  | 'percent'
  | 'date'
  | 'dateTime'
  | 'bool'
  | 'int'
  | 'float'

/** `maybe` is at most one, `many` any number, `some` at least one. */
export type Occurs = 'one' | 'maybe' | 'many' | 'some'

/** An element that holds a value. */
export interface Leaf {
  name: string
  kind: Kind
  occurs: Occurs
  /** The least qbXML version that knows it. */
  since: number
  lengthMax?: number
  /** The only values it takes. */
  values?: readonly string[]
}

/** An element that holds elements, in this order. */
export interface Branch {
  name: string
  occurs: Occurs
  since: number
  of: readonly Part[]
}

/** One of several sequences of elements. */
export interface Choice {
  oneOf: readonly (readonly Part[])[]
  occurs: 'one' | 'maybe'
}

export type Part = Leaf | Branch | Choice

function leaf(kind: Kind) {
  return (name: string): Leaf => ({ name, kind, occurs: 'maybe', since: 1 })
}

export const guid = leaf('guid')
export const amount = leaf('amount')
export const price = leaf('price')
export const quantity = leaf('quantity')
export const percent = leaf('percent')
export const date = leaf('date')
export const dateTime = leaf('dateTime')
export const bool = leaf('bool')
export const int = leaf('int')
export const float = leaf('float')

export function text(name: string, lengthMax?: number): Leaf {
  return { ...leaf('text')(name), ...(lengthMax === undefined ? {} : { lengthMax }) }
}

export function id(name: string): Leaf {
  return { ...leaf('id')(name), lengthMax: 36 }
}

export function oneOf(name: string, values: string): Leaf {
  return { ...leaf('text')(name), values: values.split(' ') }
}

export function branch(name: string, of: readonly Part[]): Branch {
  return { name, occurs: 'maybe', since: 1, of }
}

/** A reference to a record of a list, by its id or by its full name. */
export function ref(name: string, lengthMax?: number): Branch {
  return branch(name, [id('ListID'), text('FullName', lengthMax)])
}

export function choice(...alternatives: (readonly Part[])[]): Choice {
  return { oneOf: alternatives, occurs: 'maybe' }
}

export function must<One extends Part>(part: One): One {
  return { ...part, occurs: 'one' }
}

export function many<One extends Leaf | Branch>(part: One): One {
  return { ...part, occurs: 'many' }
}

export function some<One extends Leaf | Branch>(part: One): One {
  return { ...part, occurs: 'some' }
}

export function since<One extends Leaf | Branch>(version: number, part: One): One {
  return { ...part, since: version }
}
