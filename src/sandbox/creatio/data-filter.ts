import type { Expression, LiteralType, Operand, Operator } from './odata/filter.ts'
import { Refusal } from './refusal.ts'
import { type Column, type Entity, entities } from './schema.ts'

interface DataFilter {
  filterType?: number
  comparisonType?: number
  logicalOperation?: number
  isEnabled?: boolean
  items?: Record<string, DataFilter>
  leftExpression?: { columnPath?: string }
  rightExpression?: { parameter?: { value?: unknown } }
  rightExpressions?: { parameter?: { value?: unknown } }[]
}

const comparisons: Record<number, Operator> = { 3: 'eq', 4: 'ne', 5: 'lt', 6: 'le', 7: 'gt', 8: 'ge' }
const textComparisons: Record<number, { function: 'contains' | 'startswith' | 'endswith'; not: boolean }> = {
  9: { function: 'startswith', not: false },
  10: { function: 'startswith', not: true },
  11: { function: 'contains', not: false },
  12: { function: 'contains', not: true },
  13: { function: 'endswith', not: false },
  14: { function: 'endswith', not: true },
}
const literalTypes: Record<Column['type'], LiteralType> = {
  guid: 'guid',
  lookup: 'guid',
  text: 'text',
  date: 'date',
  boolean: 'boolean',
  integer: 'number',
  decimal: 'number',
}

/**
 * A DataService filter as the expression that OData filters become too, or undefined for none. Understood are groups
 * (filterType 6), comparisons (1), is-null (2) and in (4); a filter on a column that is not there vanishes, as it does there.
 */
export function dataFilter({ filters, entity }: { filters: unknown; entity: Entity }): Expression | undefined {
  return filters ? expressionOf({ filter: filters as DataFilter, entity }) : undefined
}

function expressionOf({ filter, entity }: { filter: DataFilter; entity: Entity }): Expression | undefined {
  if (filter.isEnabled === false) return undefined
  if (filter.items) {
    const kind = filter.logicalOperation === 1 ? 'or' : 'and'
    return joined({ kind, parts: Object.values(filter.items).map((item) => expressionOf({ filter: item, entity })) })
  }
  const column = columnAt({ path: filter.leftExpression?.columnPath ?? '', entity })
  if (!column) return undefined
  const comparison = filter.comparisonType ?? 3
  if (comparison === 1 || comparison === 2) {
    const right: Operand = { kind: 'literal', type: 'null', value: 'null' }
    return { kind: 'compare', operator: comparison === 1 ? 'eq' : 'ne', left: column.operand, right }
  }
  const rights = filter.rightExpressions ?? (filter.rightExpression ? [filter.rightExpression] : [])
  const parts = rights.map(({ parameter }) => {
    const right: Operand = {
      kind: 'literal',
      type: literalTypes[column.type],
      value: String(unquoted(parameter?.value ?? '')),
    }
    return comparisonOf({ comparison, left: column.operand, right })
  })
  return joined({ kind: 'or', parts })
}

function comparisonOf({ comparison, left, right }: { comparison: number; left: Operand; right: Operand }): Expression {
  const operator = comparisons[comparison]
  if (operator) return { kind: 'compare', operator, left, right }
  const text = textComparisons[comparison]
  if (!text) throw new Refusal({ status: 400, message: `Comparison type ${comparison} is not supported` })
  const inner: Expression = { kind: 'text', function: text.function, left, right }
  return text.not ? { kind: 'not', inner } : inner
}

function joined({ kind, parts }: { kind: 'and' | 'or'; parts: (Expression | undefined)[] }): Expression | undefined {
  return parts
    .filter((part) => part !== undefined)
    .reduce<Expression | undefined>((left, right) => (left ? { kind, left, right } : right), undefined)
}

/** `Status`, `Status.Id` and `Account.Name` as OData paths: a lookup by itself is its id. */
function columnAt({
  path,
  entity,
}: {
  path: string
  entity: Entity
}): { operand: Operand; type: Column['type'] } | undefined {
  const names = path.split('.')
  let at: Entity | undefined = entity
  for (const name of names.slice(0, -1)) at = entities.get(at?.navigations.get(name)?.reference ?? '')
  const last = names.at(-1) ?? ''
  const navigation = at?.navigations.get(last)
  const column = navigation ?? at?.columns.get(last)
  if (!column) return undefined
  return { operand: { kind: 'path', path: navigation ? [...names, 'Id'] : names, fold: false }, type: column.type }
}

/** Dates come with quotation marks of their own. */
export function unquoted(value: unknown): unknown {
  return typeof value === 'string' && /^".*"$/.test(value) ? value.slice(1, -1) : value
}
