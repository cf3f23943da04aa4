import { sql } from 'kysely'
import { AccountMapping } from '../domain/account-mapping.ts'
import type { Database } from './database.ts'

/** Rules that a connection may have, those for all among them: a bound for what a document may cost. */
export const RULES_MAX = 2_000

/**
 * Every version that may hold on some day for a connection: its own rules, and those for all. Versions that were replaced
 * from their first day on hold on none and are left out. `connectionId` null gives those for all alone.
 */
export function versionsFor(
  database: Database,
  { connectionId }: { connectionId: string | null },
): Promise<AccountMapping[]> {
  return database.entities(
    AccountMapping,
    sql`select * from account_mapping
        where (connection_id is null or connection_id = ${connectionId}::uuid)
          and (effective_to is null or effective_to > effective_from)
        order by connection_id nulls last, position, id, version limit ${RULES_MAX + 1}`,
  )
}

/**
 * The rules of a connection and those for all, or of everybody, each in the version that holds on a day, or will; those that have
 * ended by then are left out.
 */
export function mappingsOn(
  database: Database,
  { connectionId, date }: { connectionId: string | null; date: string },
): Promise<AccountMapping[]> {
  return database.entities(
    AccountMapping,
    sql`select * from (
          select distinct on (id) * from account_mapping
          where (${connectionId}::uuid is null or connection_id is null or connection_id = ${connectionId}::uuid)
            and (effective_to is null or (effective_to > effective_from and effective_to > ${date}))
          order by id, (effective_from <= ${date}) desc, version) as held
        order by ship_to is not null, connection_id nulls last, position, id limit ${RULES_MAX}`,
  )
}

/** Every version of a rule, the newest first. */
export function versionsOf(database: Database, ids: readonly string[]): Promise<AccountMapping[]> {
  return database.entities(
    AccountMapping,
    sql`select * from account_mapping where id = any(${[...ids]}::uuid[]) order by id, version desc`,
  )
}

/** Within a transaction: lets nobody else change rules meanwhile, so that what was checked stays so. */
export async function lockMappings(transaction: Database): Promise<void> {
  await transaction.run(sql`lock table account_mapping in share row exclusive mode`)
}

export async function addVersion(transaction: Database, mapping: AccountMapping): Promise<void> {
  await transaction.run(sql`
    insert into account_mapping (id, version, connection_id, name, position, pattern_kind, item, category, line_kind, customer_group,
        tax_state, ship_to, account, target_kind, target, effective_from, effective_to, author, created_at)
    values (${mapping.id}, ${mapping.version}, ${mapping.connectionId}, ${mapping.name}, ${mapping.position}, ${mapping.patternKind},
        ${mapping.item}, ${mapping.category}, ${mapping.lineKind}, ${mapping.customerGroup}, ${mapping.taxState}, ${mapping.shipTo}, ${mapping.account},
        ${mapping.targetKind}, ${mapping.target}, ${mapping.effectiveFrom}, ${mapping.effectiveTo}, ${mapping.author}, ${mapping.createdAt})`)
}

/** Ends the version that holds on a day, so that it holds up to it; one that begins on that day never holds. Those to come too, if asked. */
export async function endVersions(
  transaction: Database,
  { id, from, andLater, author, now }: { id: string; from: string; andLater: boolean; author: string; now: Date },
): Promise<number> {
  return transaction.run(sql`
    update account_mapping set effective_to = greatest(effective_from, ${from}), ended_at = ${now}, ended_by = ${author}
    where id = ${id} and (effective_to is null or (effective_to > ${from} and effective_to > effective_from))
      and (${andLater} or effective_from <= ${from})`)
}
