import type { Records } from '../records.ts'
import type { Entity, Entry } from '../schema.ts'
import type { Expression } from './filter.ts'

/** Rows that can be counted without being copied. */
export interface Few {
  readonly size: number
  values(): Iterable<Entry>
}

/**
 * The few rows that can match a filter, found through `Id eq …` and `Lookup/Id eq …`, or undefined when only reading the
 * whole table tells. This is what keeps a poll of 100,000 log rows as cheap as a database would make it.
 */
export function candidates(scope: { expression: Expression; entity: Entity; records: Records }): Few | undefined {
  const { expression } = scope
  if (expression.kind === 'compare')
    return expression.operator === 'eq' ? byEquality({ ...scope, expression }) : undefined
  if (expression.kind !== 'and' && expression.kind !== 'or') return undefined
  const left = candidates({ ...scope, expression: expression.left })
  if (expression.kind === 'or') {
    const right = left && candidates({ ...scope, expression: expression.right })
    return left && right ? new Set([...left.values(), ...right.values()]) : undefined
  }
  // A single row is as few as it gets: the other side of the `and` need not be looked up.
  if (left && left.size <= 1) return left
  const right = candidates({ ...scope, expression: expression.right })
  if (!left || !right) return left ?? right
  return left.size <= right.size ? left : right
}

function byEquality({
  expression: { left, right },
  entity,
  records,
}: {
  expression: Extract<Expression, { kind: 'compare' }>
  entity: Entity
  records: Records
}): Few | undefined {
  const [operand, value] = left.kind === 'path' ? [left, right] : [right, left]
  if (operand.kind !== 'path' || value.kind !== 'literal') return undefined
  const [first = '', second] = operand.path
  if (operand.path.length === 1 && first === 'Id' && value.type === 'guid') {
    const record = records.table(entity.name).get(value.value)
    return new Set(record ? [record] : [])
  }
  if (operand.path.length === 2 && second === 'Id' && value.type === 'guid') {
    const column = entity.navigations.get(first)
    return column && records.byColumn({ entity: entity.name, column }).bucket(value.value)
  }
  // Numbers and codes are looked up one at a time by most clients.
  const column = operand.path.length === 1 ? entity.columns.get(first) : undefined
  if (
    column?.type === 'text' &&
    value.type === 'text' &&
    indexedTexts.has(first) &&
    !operand.fold &&
    value.value !== ''
  ) {
    return records.byColumn({ entity: entity.name, column }).bucket(value.value)
  }
  return undefined
}

const indexedTexts = new Set(['Number', 'BGRecordId', 'BGNumberInvoice', 'BGQuickBooksId', 'Code', 'Name'])
