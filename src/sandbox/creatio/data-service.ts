import type { Answer } from './answer.ts'
import { dataFilter, unquoted } from './data-filter.ts'
import { rawNumber } from './odata/present.ts'
import { match, runQuery } from './odata/query.ts'
import { storedOf } from './odata/values.ts'
import { storedIn } from './records.ts'
import { Refusal } from './refusal.ts'
import { type Column, type Entity, type Entry, entities, type Stored } from './schema.ts'
import type { Site } from './site.ts'
import { postSysSettings, querySysSettings } from './sys-settings.ts'

type Json = Record<string, unknown>

const queries: Record<string, (body: Json, site: Site) => Json> = {
  SelectQuery: select,
  InsertQuery: insert,
  UpdateQuery: update,
  DeleteQuery: remove,
  BatchQuery: batch,
  QuerySysSettings: querySysSettings,
  PostSysSettingsValues: postSysSettings,
}

/** The DataService: every answer is a 200, and a failure says `success: false` with a responseStatus. */
export function serveDataService({ name, body, site }: { name: string; body: string; site: Site }): Answer {
  const headers = { 'Content-Type': 'application/json; charset=utf-8' }
  const query = queries[name]
  if (!query) return { status: 404, headers, body: { Message: `No service ${name}.` } }
  return { status: 200, headers, body: attempt(() => query(JSON.parse(body) as Json, site)) }
}

function attempt(work: () => Json): Json {
  try {
    return work()
  } catch (error) {
    const Message = error instanceof Refusal ? error.inner : String(error)
    const ErrorCode = error instanceof Refusal ? 'DbOperationException' : 'SerializationException'
    return { responseStatus: { ErrorCode, Message, Errors: [] }, rowsAffected: -1, success: false }
  }
}

function select(body: Json, site: Site): Json {
  const { records } = site
  const entity = entityOf(body)
  const wanted = Object.entries(((body.columns as Json)?.items ?? {}) as Record<string, SelectColumn>)
  // A column that is not there vanishes from the answer without a word.
  const columns = wanted.flatMap(([alias, { expression, orderDirection }]) => {
    const column = columnNamed({ entity, name: expression?.columnPath ?? alias })
    return column ? [{ alias, column, orderDirection: orderDirection ?? 0 }] : []
  })
  if (body.allColumns === true)
    for (const column of entity.columns.values()) columns.push({ alias: aliasOf(column), column, orderDirection: 0 })
  const { rows } = runQuery({
    query: {
      filter: dataFilter({ filters: body.filters, entity }),
      expand: [],
      orderBy: columns
        .filter(({ orderDirection }) => orderDirection > 0)
        .map(({ column, orderDirection }) => ({ path: [column.name], descending: orderDirection === 2 })),
      top: typeof body.rowCount === 'number' && body.rowCount >= 0 ? body.rowCount : undefined,
      skip: typeof body.rowsOffset === 'number' && body.rowsOffset > 0 ? body.rowsOffset : 0,
      count: false,
    },
    entity,
    records,
  })
  const shown = rows.map((record) =>
    Object.fromEntries(columns.map(({ alias, column }) => [alias, shownValue({ record, column, site })])),
  )
  const rowConfig = Object.fromEntries(
    columns.map(({ alias, column }) => [alias, { dataValueType: dataValueTypes[column.type] }]),
  )
  return {
    rowConfig,
    rows: shown,
    notFoundColumns: [],
    rowsAffected: shown.length,
    nextPrcElReady: false,
    success: true,
  }
}

function insert(body: Json, site: Site): Json {
  const entity = entityOf(body)
  const record = site.records.insert({ entity, values: columnValues({ body, entity }) })
  return { id: record.Id, rowsAffected: 1, nextPrcElReady: false, success: true }
}

function update(body: Json, site: Site): Json {
  const entity = entityOf(body)
  const values = columnValues({ body, entity })
  const rows = match({ filter: dataFilter({ filters: body.filters, entity }), entity, records: site.records })
  for (const record of rows) site.records.update({ entity, record, values })
  return { rowsAffected: rows.length, nextPrcElReady: false, success: true }
}

function remove(body: Json, site: Site): Json {
  const entity = entityOf(body)
  const rows = match({ filter: dataFilter({ filters: body.filters, entity }), entity, records: site.records })
  for (const record of rows) site.records.remove({ entity, record })
  return { rowsAffected: rows.length, nextPrcElReady: false, success: true }
}

/** Several queries in one transaction; the kind of each is the last word of its __type. */
function batch(body: Json, site: Site): Json {
  const items = (body.items ?? []) as Json[]
  return site.records.atomically(() => {
    const queryResults = items.map((item) => {
      const kind = /(\w+Query)$/.exec(String(item.__type))?.[1] ?? ''
      const query = queries[kind]
      if (!query) throw new Refusal({ status: 400, message: `Unknown query ${String(item.__type)}` })
      return query(item, site)
    })
    return { queryResults, hasErrors: false, success: true }
  })
}

interface SelectColumn {
  expression?: { columnPath?: string }
  orderDirection?: number
}

const dataValueTypes: Record<Column['type'], number> = {
  guid: 0,
  text: 1,
  integer: 4,
  decimal: 5,
  date: 7,
  lookup: 10,
  boolean: 12,
}

function entityOf(body: Json): Entity {
  const name = String(body.rootSchemaName)
  const entity = entities.get(name)
  if (!entity) throw new Refusal({ status: 500, message: `Item with name ${name} not found` })
  return entity
}

/** A column by the DataService's name: a lookup is named without Id. */
function columnNamed({ entity, name }: { entity: Entity; name: string }): Column | undefined {
  return entity.navigations.get(name) ?? entity.columns.get(name)
}

function aliasOf(column: Column): string {
  return column.navigation ?? column.name
}

function columnValues({ body, entity }: { body: Json; entity: Entity }): Record<string, Stored> {
  const items = ((body.columnValues as Json)?.items ?? {}) as Record<string, { parameter?: { value?: unknown } }>
  const values: Record<string, Stored> = {}
  for (const [name, { parameter }] of Object.entries(items)) {
    const column = columnNamed({ entity, name })
    if (column) values[column.name] = storedOf({ column, value: unquoted(parameter?.value ?? null) })
  }
  return values
}

function shownValue({ record, column, site }: { record: Entry; column: Column; site: Site }): unknown {
  const value = storedIn({ record, column })
  if (column.type === 'decimal') return rawNumber(String(value))
  if (column.type !== 'lookup') return value
  const target = site.records.follow({ record, column })
  if (!target) return ''
  return { value, displayValue: String(target.Name ?? target.Number ?? target.BGName ?? '') }
}
