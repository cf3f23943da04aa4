import { sql } from 'kysely'
import { derivation, ENTRY_COLUMNS, setBased } from './commission-derivation.ts'
import { markDownloads } from './commission-downloads.ts'
import type { Database } from './database.ts'

/** From so many on, all are as soon done as these. */
const INVOICES_MAX = 50_000

/**
 * Makes the entries of these invoices again, and of those that share a tier with them; null makes all of the company again.
 * Belongs in a transaction that holds the lock of the company. Gives how many rows there are now.
 */
export async function recomputeEntries(
  transaction: Database,
  args: { connectionId: string; invoiceIds: string[] | null },
): Promise<number> {
  const { connectionId, invoiceIds } = args
  if (invoiceIds === null || invoiceIds.length > INVOICES_MAX) {
    return replaceEntries(transaction, { connectionId, invoiceIds: null })
  }
  if (invoiceIds.length === 0) return 0
  // With those from before: what left a tier changes those that stay in it.
  let known = await sharingTiers(transaction, { connectionId, invoiceIds })
  for (;;) {
    const rows = await replaceEntries(transaction, { connectionId, invoiceIds: known })
    const wider = await sharingTiers(transaction, { connectionId, invoiceIds: known })
    if (wider.length === known.length) return rows
    // What they earn now brought them into tiers of others.
    known = wider
  }
}

/** These invoices, and those that share a tier with them as the entries are now. */
async function sharingTiers(
  transaction: Database,
  { connectionId, invoiceIds }: { connectionId: string; invoiceIds: string[] },
): Promise<string[]> {
  const rules = await tieredRulesOf(transaction, { connectionId, invoiceIds })
  return rules.length === 0 ? invoiceIds : closedUnder(transaction, { connectionId, rules, invoiceIds })
}

/** The invoices that these rules pay, and in turn those that are paid by tiers that they share. */
async function closedUnder(
  transaction: Database,
  args: { connectionId: string; rules: string[]; invoiceIds: string[] },
): Promise<string[]> {
  const { connectionId, rules } = args
  const rows = await transaction.rows(sql<{ invoice_id: string }>`
    select distinct invoice_id from commission_entry where connection_id = ${connectionId} and rule_id = any(${rules}::uuid[]) and kind = 'EARNED'`)
  const invoiceIds = [...new Set([...args.invoiceIds, ...rows.map((row) => row.invoice_id)])]
  const wider = [...new Set([...rules, ...(await tieredRulesOf(transaction, { connectionId, invoiceIds }))])]
  return wider.length === rules.length
    ? invoiceIds
    : closedUnder(transaction, { connectionId, rules: wider, invoiceIds })
}

async function tieredRulesOf(
  transaction: Database,
  { connectionId, invoiceIds }: { connectionId: string; invoiceIds: string[] },
): Promise<string[]> {
  const rows = await transaction.rows(sql<{ id: string }>`
    select id from commission_rate where connection_id = ${connectionId} and mode <> 'FLAT' and id in (
      select rule_id from commission_entry where connection_id = ${connectionId} and invoice_id = any(${invoiceIds}::text[]))`)
  return rows.map(({ id }) => id)
}

async function replaceEntries(
  transaction: Database,
  { connectionId, invoiceIds }: { connectionId: string; invoiceIds: string[] | null },
): Promise<number> {
  await transaction.run(sql`
    delete from commission_entry where connection_id = ${connectionId}
      ${invoiceIds === null ? sql`` : sql`and invoice_id = any(${invoiceIds}::text[])`}`)
  await markDownloads(transaction, { connectionId, invoiceIds })
  const scope = { connectionId, invoiceIds, recordedUntil: null, effectiveUntil: null, whatIf: [] }
  return setBased(transaction, () =>
    transaction.run(sql`insert into commission_entry (${ENTRY_COLUMNS}) ${derivation(scope)}`),
  )
}
