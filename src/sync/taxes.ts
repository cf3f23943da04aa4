import type { Connection } from '../domain/connection.ts'
import type { SalesDocument } from '../domain/document.ts'
import { NO_TAXES, type Taxes } from '../domain/tax-choice.ts'
import { customersToTax, mirroredTaxes } from '../storage/mirror-taxes.ts'
import type { Road } from './road.ts'

/**
 * What the mirror has of the taxes of a company, and of the customers of these documents: by link, else by name. Nothing is asked
 * where no document is taxed, or where QuickBooks lets nobody choose.
 */
export async function taxesFor(
  road: Pick<Road, 'database' | 'ledgerOf'>,
  { connection, documents }: { connection: Connection; documents: SalesDocument[] },
): Promise<Taxes> {
  const { mirror, needs } = road.ledgerOf(connection)
  const taxed = documents.filter((document) => needs(document).some(({ role }) => role === 'SALES_TAX'))
  if (!mirror || taxed.length === 0) return NO_TAXES
  const connectionId = connection.id
  const customers = [...new Map(taxed.map(({ customer }) => [customer.sourceId, customer.name]))]
  const [records, known] = await Promise.all([
    mirroredTaxes(road.database, { connectionId }),
    customersToTax(road.database, {
      connectionId,
      customers: customers.map(([sourceId, name]) => ({ sourceId, name })),
    }),
  ])
  const taxes = mirror.taxesOf(records)
  const byId = new Map(taxes.map((tax) => [tax.id, tax]))
  const byName = new Map(taxes.map((tax) => [tax.name.toLowerCase(), tax]))
  const ofCustomers = new Map(
    known.map(({ sourceId, raw }): [string, string | null] => {
      const own = mirror.taxOfCustomer(raw)
      // Before taxes were read for the first time, nobody can say what it is called.
      if (own === null || taxes.length === 0) return [sourceId, null]
      return [sourceId, own.name ?? byId.get(own.id)?.name ?? `the tax ${own.id}`]
    }),
  )
  return {
    ofCustomer: ({ customer }) => ofCustomers.get(customer.sourceId) ?? null,
    rateOf: (name) => byName.get(name.toLowerCase())?.ratePercent ?? null,
    isOfLines: (name) => byName.get(name.toLowerCase())?.isOfLines === true,
  }
}
