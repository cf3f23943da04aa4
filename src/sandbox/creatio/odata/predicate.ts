import { Decimal } from 'decimal.js'
import { instantKey } from '../instant.ts'
import { entityNamed, type Records, storedIn } from '../records.ts'
import { Refusal } from '../refusal.ts'
import { type Column, type Entity, type Entry, emptyOf } from '../schema.ts'
import type { Expression, LiteralType, Operand, Operator } from './filter.ts'

type Predicate = (record: Entry) => boolean
type Sortable = string | Decimal

export interface Reader {
  column: Column
  read: (record: Entry) => Sortable
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
const edmNames: Record<LiteralType, string> = {
  guid: 'Edm.Guid',
  text: 'Edm.String',
  date: 'Edm.DateTimeOffset',
  boolean: 'Edm.Boolean',
  number: 'Edm.Decimal',
  null: 'null',
}
/** A path may go through two lookups before it names a column. */
const navigationsMax = 2

/**
 * Turns a filter into a test of a row. Throws a Refusal (400) for an unknown property, for operands of different types
 * (a quoted date or guid), and for a lookup's own id column (`StatusId eq …`) unless the site allows it.
 */
export function compile(scope: { expression: Expression; entity: Entity; records: Records }): Predicate {
  const { expression } = scope
  switch (expression.kind) {
    case 'and': {
      const [left, right] = [
        compile({ ...scope, expression: expression.left }),
        compile({ ...scope, expression: expression.right }),
      ]
      return (record) => left(record) && right(record)
    }
    case 'or': {
      const [left, right] = [
        compile({ ...scope, expression: expression.left }),
        compile({ ...scope, expression: expression.right }),
      ]
      return (record) => left(record) || right(record)
    }
    case 'not': {
      const inner = compile({ ...scope, expression: expression.inner })
      return (record) => !inner(record)
    }
    case 'compare':
      return compileComparison({ ...scope, expression })
    case 'text':
      return compileText({ ...scope, expression })
  }
}

/** A reader of the column that a path names, through lookups: `Number`, `Status/Id`, `Order/Account/Name`. */
export function readerOf({ path, entity, records }: { path: string[]; entity: Entity; records: Records }): Reader {
  const names = [...path]
  // `Status/Id` is the lookup's own column: no other row need be read for it.
  if (names.length > 1 && names.at(-1) === 'Id') names.splice(-2, 2, `${names.at(-2)}Id`)
  const name = names.pop() ?? ''
  if (path.length - 1 > navigationsMax) throw depthError()
  const steps: Column[] = []
  let at = entity
  for (const navigation of names) {
    const column = at.navigations.get(navigation)
    if (!column?.reference) throw unknownProperty({ name: navigation, entity: at })
    steps.push(column)
    at = entityNamed(column.reference)
  }
  const column = at.columns.get(name)
  if (!column) throw unknownProperty({ name: path.at(-1) ?? '', entity: at })
  const empty = emptyOf(column)
  return {
    column,
    read: (record) => {
      let row: Entry | undefined = record
      for (const step of steps) row = row && records.follow({ record: row, column: step })
      return sortable({ column, value: row ? storedIn({ record: row, column }) : empty })
    },
  }
}

export function compareSortables(left: Sortable, right: Sortable): number {
  if (typeof left !== 'string' && typeof right !== 'string') return left.comparedTo(right)
  return left < right ? -1 : left > right ? 1 : 0
}

export function unknownProperty({ name, entity }: { name: string; entity: Entity }): Refusal {
  const inner = `Could not find a property named '${name}' on type 'Terrasoft.Configuration.OData.${entity.name}'.`
  return new Refusal({ status: 400, message: `The query specified in the URI is not valid. ${inner}`, inner })
}

export function depthError(): Refusal {
  const inner = 'The request includes a path or $expand deeper than the maximum of 2.'
  return new Refusal({ status: 400, message: `The query specified in the URI is not valid. ${inner}`, inner })
}

function compileComparison({
  expression: { left, right, operator },
  entity,
  records,
}: {
  expression: Extract<Expression, { kind: 'compare' }>
  entity: Entity
  records: Records
}): Predicate {
  const column = columnOf({ operands: [left, right], entity, records })
  const [readLeft, readRight] = [left, right].map((operand) =>
    operandReader({ operand, column, entity, records, operator }),
  )
  const test = tests[operator]
  return (record) => test(compareSortables(readLeft!(record), readRight!(record)))
}

function compileText({
  expression: { left, right, function: name },
  entity,
  records,
}: {
  expression: Extract<Expression, { kind: 'text' }>
  entity: Entity
  records: Records
}): Predicate {
  const column = columnOf({ operands: [left, right], entity, records })
  if (column.type !== 'text') throw incompatible({ column, type: 'text', operator: name })
  const [readLeft, readRight] = [left, right].map((operand) =>
    operandReader({ operand, column, entity, records, operator: name }),
  )
  // Creatio's databases compare text without regard to case here.
  const texts = (record: Entry): [string, string] => [
    String(readLeft!(record)).toLowerCase(),
    String(readRight!(record)).toLowerCase(),
  ]
  if (name === 'contains') return (record) => texts(record)[0].includes(texts(record)[1])
  if (name === 'startswith') return (record) => texts(record)[0].startsWith(texts(record)[1])
  return (record) => texts(record)[0].endsWith(texts(record)[1])
}

const tests: Record<Operator, (order: number) => boolean> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
}

/** The column that decides how both sides are read: that of the first path. */
function columnOf({ operands, entity, records }: { operands: Operand[]; entity: Entity; records: Records }): Column {
  for (const operand of operands) {
    if (operand.kind !== 'path') continue
    const { column } = readerOf({ path: operand.path, entity, records })
    if (column.type === 'lookup' && operand.path.at(-1) !== 'Id' && !records.switches.allowLookupIdFilter) {
      const inner = `Column by path ${operand.path.join('.')} not found in schema ${entity.name}`
      throw new Refusal({ status: 400, message: 'An error has occurred.', inner })
    }
    return column
  }
  throw new Refusal({ status: 400, message: 'The query specified in the URI is not valid. No property in the filter.' })
}

function operandReader({
  operand,
  column,
  entity,
  records,
  operator,
}: {
  operand: Operand
  column: Column
  entity: Entity
  records: Records
  operator: string
}): (record: Entry) => Sortable {
  if (operand.kind === 'path') {
    const { read } = readerOf({ path: operand.path, entity, records })
    return operand.fold ? (record) => String(read(record)).toLowerCase() : read
  }
  if (operand.type !== 'null' && operand.type !== literalTypes[column.type]) {
    throw incompatible({ column, type: operand.type, operator })
  }
  const value = sortable({ column, value: operand.type === 'null' ? emptyOf(column) : operand.value })
  return () => value
}

function incompatible({ column, type, operator }: { column: Column; type: LiteralType; operator: string }): Refusal {
  const types = `'${edmNames[literalTypes[column.type]]}' and '${edmNames[type]}'`
  const inner = `A binary operator with incompatible types was detected. Found operand types ${types} for operator kind '${operator}'.`
  return new Refusal({ status: 400, message: `The query specified in the URI is not valid. ${inner}`, inner })
}

function sortable({ column, value }: { column: Column; value: string | number | boolean }): Sortable {
  switch (column.type) {
    case 'date':
      return instantKey(String(value))
    case 'guid':
    case 'lookup':
      return String(value).toLowerCase()
    case 'decimal':
    case 'integer':
      return new Decimal(String(value))
    default:
      return String(value)
  }
}
