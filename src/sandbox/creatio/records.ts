import type { Sandbox } from '../context.ts'
import type { Index, Table } from '../store.ts'
import { stampOf } from './instant.ts'
import { zeroGuid } from './lookups.ts'
import { Refusal } from './refusal.ts'
import { type Column, type Entity, type Entry, emptyOf, entities, type Stored } from './schema.ts'
import type { CreatioSwitches } from './switches.ts'

export type ChangeKind = 'insert' | 'update' | 'delete'

export interface Change {
  entity: Entity
  kind: ChangeKind
  record: Entry
}

/** The site's tables with what every write does to them: base columns, references, handlers, and a way back. */
export class Records {
  readonly sandbox: Sandbox
  readonly switches: CreatioSwitches
  readonly #handlers: ((change: Change) => void)[] = []
  #undo: (() => void)[] | undefined

  constructor({ sandbox, switches }: { sandbox: Sandbox; switches: CreatioSwitches }) {
    this.sandbox = sandbox
    this.switches = switches
  }

  /** Handlers run after the row was written, as Creatio's do: one that throws leaves the row where it is. */
  onChange(handler: (change: Change) => void): void {
    this.#handlers.push(handler)
  }

  table(entity: string): Table<Entry> {
    return this.sandbox.store.table<Entry>(`creatio.${entity}`)
  }

  /** The records by the value of one guid or lookup column; the index is made when it is first asked for. */
  byColumn({ entity, column }: { entity: string; column: Column }): Index<Entry> {
    return this.table(entity).index(column.name, (record) => String(record[column.name] ?? zeroGuid))
  }

  /** The row behind a lookup, or undefined for an empty one. */
  follow({ record, column }: { record: Entry; column: Column }): Entry | undefined {
    const id = record[column.name]
    return column.reference && typeof id === 'string' ? this.table(column.reference).get(id) : undefined
  }

  insert({ entity, values }: { entity: Entity; values: Record<string, Stored> }): Entry {
    const id = typeof values.Id === 'string' && values.Id !== zeroGuid ? values.Id : this.sandbox.random.uuid()
    if (this.table(entity.name).get(id)) {
      const inner = `duplicate key value violates unique constraint "PK_${entity.name}_Id"`
      throw new Refusal({ status: 500, message: 'An error has occurred.', inner })
    }
    this.#checkReferences({ entity, values })
    const stamp = stampOf({ now: this.sandbox.clock.now(), id })
    const record: Entry = { CreatedOn: stamp, ModifiedOn: stamp, ...values, Id: id }
    this.put({ entity, record })
    this.#handle({ entity, kind: 'insert', record })
    return this.table(entity.name).get(id) ?? record
  }

  update({ entity, record, values }: { entity: Entity; record: Entry; values: Record<string, Stored> }): Entry {
    this.#checkReferences({ entity, values })
    const ModifiedOn = stampOf({ now: this.sandbox.clock.now(), id: record.Id })
    const changed: Entry = { ...record, ModifiedOn, ...values, Id: record.Id }
    this.put({ entity, record: changed })
    this.#handle({ entity, kind: 'update', record: changed })
    return changed
  }

  remove({ entity, record }: { entity: Entity; record: Entry }): void {
    this.table(entity.name).delete(record.Id)
    this.#undo?.push(() => this.table(entity.name).put(record))
    this.#handle({ entity, kind: 'delete', record })
  }

  /** Writes a row as it is, without handlers. */
  put({ entity, record }: { entity: Entity; record: Entry }): void {
    const table = this.table(entity.name)
    const before = table.get(record.Id)
    table.put(record)
    this.#undo?.push(() => (before ? table.put(before) : table.delete(record.Id)))
  }

  /** Runs a group of changes that happens whole or not at all: on a throw every change is taken back, the newest first. */
  atomically<T>(work: () => T): T {
    const undo: (() => void)[] = []
    this.#undo = undo
    return this.sandbox.store.together(() => {
      try {
        return work()
      } catch (error) {
        this.#undo = undefined
        for (const step of undo.reverse()) step()
        throw error
      } finally {
        this.#undo = undefined
      }
    })
  }

  #handle(change: Change): void {
    for (const handler of this.#handlers) handler(change)
  }

  #checkReferences({ entity, values }: { entity: Entity; values: Record<string, Stored> }): void {
    if (!this.switches.checkReferences) return
    for (const [name, value] of Object.entries(values)) {
      const reference = entity.columns.get(name)?.reference
      if (!reference || value === zeroGuid || this.table(reference).get(String(value))) continue
      const inner = `insert or update on table "${entity.name}" violates foreign key constraint "FK_${entity.name}_${name}"`
      throw new Refusal({ status: 500, message: 'An error has occurred.', inner })
    }
  }
}

/** A column's value, or its type's empty value when nothing was written. */
export function storedIn({ record, column }: { record: Entry; column: Column }): Stored {
  return record[column.name] ?? emptyOf(column)
}

export function entityNamed(name: string): Entity {
  const entity = entities.get(name)
  if (!entity) throw new RangeError(`no entity ${name}`)
  return entity
}
