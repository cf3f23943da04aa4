import type { Company, QuickBooksRecord } from './company.ts'
import { refValue } from './company.ts'
import { type Entity, entityNamed } from './entity.ts'
import { queryNotValid } from './fault.ts'
import { type Fields, isDecimalField, isFields, type Json, money } from './json-text.ts'
import { type Condition, parseQuery, type Query } from './query-parser.ts'
import { instantOf } from './time.ts'

const maxResultsMax = 1000

/** Runs a query and gives the value of `QueryResponse`. Throws 4000 (not parsed) or 4001 (a property that is not there). */
export function runQuery({ company, text }: { company: Company; text: string }): Fields {
  const query = parseQuery(text)
  const entity = entityNamed(query.entity)
  if (!entity) throw queryNotValid(`Invalid context declaration: ${query.entity}`)
  if (query.maxResults > maxResultsMax) {
    throw queryNotValid(`value ${query.maxResults} is too large. Max allowed value is ${maxResultsMax}.`)
  }
  const where = query.where.map((condition) => ({
    ...condition,
    path: pathOf({ company, entity, field: condition.field }),
  }))
  const orderBy = query.orderBy.map((order) => ({ ...order, path: pathOf({ company, entity, field: order.field }) }))
  const columns = Array.isArray(query.select)
    ? query.select.map((field) => pathOf({ company, entity, field, isFilter: false }))
    : undefined
  const tests = where.map(testOf)
  const found = candidates({ company, entity, where }).filter((record) => tests.every((test) => test(record)))
  if (query.select === 'count') return { totalCount: found.length }
  sort({ records: found, orderBy, isTransaction: entity.sequence === 'transaction' })
  return pageOf({ query, entity, found, columns })
}

function pageOf({ query, entity, found, columns }: PageWork): Fields {
  const first = Math.max(1, query.startPosition)
  const page = found.slice(first - 1, first - 1 + query.maxResults)
  if (page.length === 0) return {}
  const rows = columns ? page.map((record) => projected({ record, columns })) : page
  return { [entity.name]: rows, startPosition: first, maxResults: page.length }
}

interface PageWork {
  query: Query
  entity: Entity
  found: QuickBooksRecord[]
  columns: string[][] | undefined
}

/** A property's path in the spelling of the record; queries may write it in any case. */
function pathOf({ company, entity, field, isFilter = true }: PathWork): string[] {
  const [first = '', ...rest] = field.split('.').filter((part) => part !== '*')
  const known = [...entity.fields.keys()].find((name) => name.toLowerCase() === first.toLowerCase())
  if (!known) throw queryNotValid(`Property ${field} not found for Entity ${entity.name}`)
  const isAllowed =
    (known === 'PrivateNote' && company.settings.privateNoteQueryable) ||
    (known === 'PrimaryEmailAddr' && entity.name === 'Customer' && company.settings.customerEmailQueryable)
  if (isFilter && entity.notQueryable.has(known) && !isAllowed) {
    throw queryNotValid(`property '${field}' is not queryable`)
  }
  const metaData = ['CreateTime', 'LastUpdatedTime']
  const nested = rest.map((part) => metaData.find((name) => name.toLowerCase() === part.toLowerCase()) ?? part)
  return [known, ...nested]
}

interface PathWork {
  company: Company
  entity: Entity
  field: string
  isFilter?: boolean
}

type ResolvedCondition = Condition & { path: string[] }

/** The records to look at: found by an index where a condition allows it, else all. Inactive names stay hidden. */
function candidates({ company, entity, where }: CandidateWork): QuickBooksRecord[] {
  const isAsked = where.some(({ path }) => path[0] === 'Active')
  const narrow = where.find(({ path, operator }) => (operator === '=' || operator === 'IN') && isIndexed(path))
  const records = narrow ? indexed({ company, entity, condition: narrow }) : [...company.table(entity.name).all()]
  return isAsked ? records : records.filter((record) => record.Active !== false)
}

interface CandidateWork {
  company: Company
  entity: Entity
  where: ResolvedCondition[]
}

const isIndexed = ([first]: string[]): boolean => first === 'Id' || first === 'DocNumber' || first === 'CustomerRef'

function indexed({
  company,
  entity,
  condition,
}: Omit<CandidateWork, 'where'> & { condition: ResolvedCondition }): QuickBooksRecord[] {
  return [...new Set(condition.values)].flatMap((value) => {
    if (condition.path[0] === 'DocNumber') return company.numbered({ entityName: entity.name, docNumber: value })
    if (condition.path[0] === 'CustomerRef') return company.ofCustomer({ entityName: entity.name, customerId: value })
    return company.get(entity.name, value) ?? []
  })
}

function valueAt({ record, path }: { record: Fields; path: string[] }): Json | undefined {
  let value: Json | undefined = record
  for (const part of path) value = isFields(value) ? value[part] : undefined
  if (isFields(value) && 'Address' in value) return value.Address
  return isFields(value) && 'value' in value ? refValue(value) : value
}

function testOf({ path, operator, values }: ResolvedCondition): (record: QuickBooksRecord) => boolean {
  const [first = ''] = values
  if (operator === 'LIKE') {
    const pattern = new RegExp(`^${first.split('%').map(escaped).join('[\\s\\S]*')}$`, 'i')
    return (record) => {
      const value = valueAt({ record, path })
      return value !== undefined && pattern.test(String(value))
    }
  }
  return (record) => {
    const value = valueAt({ record, path })
    if (value === undefined || value === null) return operator === '!='
    const compared = values.map((literal) => compare({ path, one: String(value), other: literal }))
    switch (operator) {
      case 'IN':
        return compared.includes(0)
      case '=':
        return compared[0] === 0
      case '!=':
        return compared[0] !== 0
      case '<':
        return (compared[0] ?? 0) < 0
      case '>':
        return (compared[0] ?? 0) > 0
      case '<=':
        return (compared[0] ?? 1) <= 0
      case '>=':
        return (compared[0] ?? -1) >= 0
    }
  }
}

const wholeNumberFields = new Set(['Id', 'SyncToken', 'Level', 'DueDays', 'DiscountDays', 'DayOfMonthDue'])

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Below, at or above zero; NaN where the two cannot be compared, which no operator but != accepts. */
function compare({ path, one, other }: { path: string[]; one: string; other: string }): number {
  const name = path.at(-1) ?? ''
  if (name === 'CreateTime' || name === 'LastUpdatedTime') return instantOf(one) - instantOf(other)
  if (isDecimalField(name)) {
    const [left, right] = [money(one), money(other)]
    return left.isNaN() || right.isNaN() ? Number.NaN : left.comparedTo(right)
  }
  // Document numbers are text even when they are all digits: 007 is not 7.
  if (wholeNumberFields.has(name) && /^\d+$/.test(one + other)) return Number(one) - Number(other)
  const [left, right] = /Date$/.test(name)
    ? [one.slice(0, 10), other.slice(0, 10)]
    : [one.toLowerCase(), other.toLowerCase()]
  if (left === right) return 0
  return left < right ? -1 : 1
}

function sort({ records, orderBy, isTransaction }: SortWork): void {
  const [first] = orderBy
  // Numbers compared as numbers: a long table is sorted for each of its pages.
  const isById = first !== undefined && orderBy.length === 1 && first.path[0] === 'Id'
  if (orderBy.length === 0 || isById) {
    const direction = (isById ? first.descending : isTransaction) ? -1 : 1
    records.sort((one, other) => direction * (Number(one.Id) - Number(other.Id)))
    return
  }
  records.sort((one, other) => {
    for (const { path, descending } of orderBy) {
      const [left, right] = [valueAt({ record: one, path }), valueAt({ record: other, path })]
      const order = compare({ path, one: String(left ?? ''), other: String(right ?? '') })
      if (order) return descending ? -order : order
    }
    return Number(one.Id) - Number(other.Id)
  })
}

interface SortWork {
  records: QuickBooksRecord[]
  orderBy: { path: string[]; descending: boolean }[]
  isTransaction: boolean
}

/** Only the chosen columns; the answer says so with `sparse` and always carries the Id. */
function projected({ record, columns }: { record: QuickBooksRecord; columns: string[][] }): Fields {
  const row: Fields = { domain: 'QBO', sparse: true, Id: record.Id }
  for (const [first = '', second] of columns) {
    const value = record[first]
    if (second === undefined || !isFields(value)) row[first] = value
    else row[first] = { ...(isFields(row[first]) ? row[first] : {}), [second]: value[second] }
  }
  return row
}
