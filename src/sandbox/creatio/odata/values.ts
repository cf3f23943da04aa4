import { canonicalInstant } from '../instant.ts'
import type { Records } from '../records.ts'
import { Refusal } from '../refusal.ts'
import { type Column, type Entity, emptyOf, type Stored } from '../schema.ts'

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const decimal = /^-?\d+(\.\d+)?$/

/**
 * The columns of a POST or PATCH body as they are stored. Throws a Refusal for a property that the entity lacks (status
 * by setting) and for a value of the wrong type (400). Annotations (`@…`) are passed over; null empties a column.
 */
export function readValues({
  body,
  entity,
  records,
}: {
  body: unknown
  entity: Entity
  records: Records
}): Record<string, Stored> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Refusal({ status: 400, message: 'The request body is not a JSON object.' })
  }
  const values: Record<string, Stored> = {}
  for (const [name, value] of Object.entries(body)) {
    if (name.includes('@')) continue
    const column = entity.columns.get(name)
    if (!column) {
      const inner = `The property '${name}' does not exist on type 'Terrasoft.Configuration.OData.${entity.name}'. Make sure to only use property names that are defined by the type.`
      throw new Refusal({ status: records.switches.unknownPropertyStatus, message: inner })
    }
    values[name] = storedOf({ column, value })
  }
  return values
}

/** One value as its column stores it. Throws a Refusal (400) when the column cannot hold it. */
export function storedOf({ column, value }: { column: Column; value: unknown }): Stored {
  if (value === null) return emptyOf(column)
  const text = typeof value === 'string' ? value : undefined
  switch (column.type) {
    case 'guid':
    case 'lookup':
      if (text !== undefined && guid.test(text)) return text.toLowerCase()
      break
    case 'date': {
      const instant = text === undefined ? undefined : canonicalInstant(text)
      if (instant !== undefined) return instant
      break
    }
    case 'boolean':
      if (typeof value === 'boolean') return value
      break
    case 'integer':
      if (typeof value === 'number' && Number.isInteger(value)) return value
      break
    case 'decimal': {
      const digits = typeof value === 'number' ? String(value) : text
      if (digits !== undefined && decimal.test(digits)) return digits
      break
    }
    case 'text':
      if (text !== undefined) return text
  }
  const inner = `Cannot convert the literal '${String(value)}' to the expected type of column ${column.name}.`
  throw new Refusal({ status: 400, message: inner })
}
