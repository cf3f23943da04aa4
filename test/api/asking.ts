import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'

type Field = GraphQLField<unknown, unknown>

interface Wish {
  /** The literal for an id, instead of one that names nothing. */
  id?: string
  text?: string
  /** How many levels of objects are asked for below the field; 0 asks for their names alone. */
  levels?: number
  /** Also the arguments that may be left out. */
  everything?: boolean
}

/** Asks one field of the root with arguments that fit it, whatever it is called. */
export function asking(operation: 'query' | 'mutation', field: Field, wish: Wish = {}): string {
  return `${operation} { ${selectionOf(field, wish, wish.levels ?? 0)} }`
}

function selectionOf(field: Field, wish: Wish, levels: number): string {
  const given = field.args.filter((argument) => wish.everything || isNeeded(argument) || argument.name === 'first')
  const texts = given.map((argument) => `${argument.name}: ${literalOf(argument.type, wish, argument.name)}`)
  return `${field.name}${texts.length > 0 ? `(${texts.join(', ')})` : ''}${bodyOf(field.type, wish, levels)}`
}

function bodyOf(type: GraphQLOutputType, wish: Wish, levels: number): string {
  const named = getNamedType(type)
  if (!isObjectType(named)) return ''
  const fields = Object.values(named.getFields()).filter(
    (field) => !field.args.some(isNeeded) && (levels > 0 || !isObjectType(getNamedType(field.type))),
  )
  const chosen = levels > 0 ? fields.map((field) => selectionOf(field, { ...wish, everything: false }, levels - 1)) : []
  return ` { ${['__typename', ...chosen].join(' ')} }`
}

function isNeeded({ type, defaultValue }: GraphQLArgument): boolean {
  return isNonNullType(type) && defaultValue === undefined
}

function literalOf(type: GraphQLInputType, wish: Wish, name: string): string {
  if (isNonNullType(type)) return literalOf(type.ofType, wish, name)
  if (isListType(type)) return `[${literalOf(type.ofType, wish, name)}]`
  if (isEnumType(type)) return type.getValues()[0]?.name ?? ''
  if (isInputObjectType(type)) {
    const isWished = (one: GraphQLInputType) => isNonNullType(one) || (wish.everything && one.toString() === 'ID')
    const fields = Object.values(type.getFields()).filter((one) => isWished(one.type))
    return `{ ${fields.map((one) => `${one.name}: ${literalOf(one.type, wish, one.name)}`).join(', ')} }`
  }
  switch (type.toString()) {
    case 'Int':
      return '5'
    case 'Boolean':
      return 'true'
    case 'ID':
      return JSON.stringify(wish.id ?? '2026-01-01T00:00:00Z')
    case 'DateTimeISO':
      return '"2027-01-01T00:00:00Z"'
    default:
      return JSON.stringify(wish.text ?? '2026-01-01T00:00:00Z')
  }
}
