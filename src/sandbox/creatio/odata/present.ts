import { entityNamed, type Records, storedIn } from '../records.ts'
import { type Column, type Entity, type Entry, emptyOf } from '../schema.ts'
import type { Expand } from './query.ts'

/** A literal written into JSON as it is, so that 3492.00 keeps its zeros as Creatio's numbers do (Node 21 and later). */
export const rawNumber = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON

/** A row as OData shows it: the chosen columns (all when none are), then the expanded lookups. */
export function present({ record, entity, select, expand, records }: Presentation): Record<string, unknown> {
  const shown: Record<string, unknown> = {}
  const columns = select
    ? select.map((name) => entity.columns.get(name)).filter((c) => c !== undefined)
    : entity.columns.values()
  for (const column of columns) shown[column.name] = presentValue({ record, column, records })
  for (const { navigation, select: inner, expand: deeper } of expand ?? []) {
    const column = entity.navigations.get(navigation)
    if (!column?.reference) continue
    const target = entityNamed(column.reference)
    const row = records.follow({ record, column }) ?? emptyRow({ entity: target, records })
    shown[navigation] = row && present({ record: row, entity: target, select: inner, expand: deeper, records })
  }
  return shown
}

export interface Presentation {
  record: Entry
  entity: Entity
  select?: string[] | undefined
  expand?: Expand[] | undefined
  records: Records
}

export function presentValue({
  record,
  column,
  records,
}: {
  record: Entry
  column: Column
  records: Records
}): unknown {
  const value = storedIn({ record, column })
  if (column.type !== 'decimal') return value
  return presentDecimal({ text: fixed({ text: String(value), scale: column.scale }), id: record.Id, records })
}

function presentDecimal({ text, id, records }: { text: string; id: string; records: Records }): unknown {
  const styles = ['number', 'string', 'suffixed'] as const
  const { moneyStyle } = records.switches
  const style = moneyStyle === 'mixed' ? styles[Number.parseInt(id.slice(0, 4), 16) % 3] : moneyStyle
  if (style === 'string') return text
  return style === 'suffixed' ? `${text}n_____` : rawNumber(text)
}

/** Pads a decimal text with zeros to its column's scale; digits beyond it stay, for a direct write is not rounded. */
function fixed({ text, scale }: { text: string; scale: number }): string {
  const [whole = '0', fraction = ''] = text.split('.')
  return scale === 0 && fraction === '' ? whole : `${whole}.${fraction.padEnd(scale, '0')}`
}

function emptyRow({ entity, records }: { entity: Entity; records: Records }): Entry | null {
  if (records.switches.emptyNavigation === 'null') return null
  const id = entity.columns.get('Id')
  return { Id: String(id && emptyOf(id)) }
}
