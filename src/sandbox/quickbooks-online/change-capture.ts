import type { Company, QuickBooksRecord } from './company.ts'
import { entityNamed } from './entity.ts'
import { businessRule, invalidString, queryNotValid, requiredMissing, unsupportedOperation } from './fault.ts'
import { type Fields, isFields, type Json } from './json-text.ts'
import { instantOf } from './time.ts'

const objectsMax = 1000
const lookBackDays = 30

/** What has changed since a time, by entity, deletions included: the body of an answer. At most 1000 objects, no paging. */
export function changesSince({ company, entities, changedSince }: ChangeQuery): Fields {
  const names = entities
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  if (names.length === 0) throw requiredMissing(['entities'])
  if (changedSince === '') throw requiredMissing(['changedSince'])
  const since = instantOf(changedSince)
  if (Number.isNaN(since)) throw invalidString({ name: 'changedSince', value: changedSince })
  if (since < company.sandbox.clock.now().getTime() - lookBackDays * 86_400_000) {
    throw businessRule(`changedSince may not be more than ${lookBackDays} days back.`)
  }
  let room = objectsMax
  const sets: Fields[] = []
  for (const name of names) {
    const entity = entityNamed(name)
    if (!entity) throw queryNotValid(`Invalid context declaration: ${name}`)
    if (!entity.can.cdc) throw unsupportedOperation(`cdc ${entity.name}`)
    const found = changed({ company, entityName: entity.name, since }).slice(0, room)
    room -= found.length
    sets.push(found.length === 0 ? {} : { [entity.name]: found, startPosition: 1, maxResults: found.length })
  }
  // The real service does not keep the order of the request either.
  return { CDCResponse: [{ QueryResponse: sets.reverse() }] }
}

export interface ChangeQuery {
  company: Company
  /** Parted by commas. */
  entities: string
  changedSince: string
}

function changed({ company, entityName, since }: { company: Company; entityName: string; since: number }): Json[] {
  const found: { at: number; body: Json }[] = []
  for (const record of company.table(entityName).all()) {
    const at = instantOf(lastUpdated(record))
    if (at >= since) found.push({ at, body: record })
  }
  for (const { entity, recordId, deletedAt } of company.deleted()) {
    const at = instantOf(deletedAt)
    if (entity === entityName && at >= since) {
      found.push({ at, body: { domain: 'QBO', status: 'Deleted', Id: recordId } })
    }
  }
  return found.sort((one, other) => one.at - other.at).map(({ body }) => body)
}

function lastUpdated(record: QuickBooksRecord): string {
  const metaData = record.MetaData
  return isFields(metaData) ? String(metaData.LastUpdatedTime ?? '') : ''
}
