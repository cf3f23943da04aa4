import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import {
  CommissionAdjustment,
  CommissionDispute,
  CommissionDisputeNote,
  type DisputeState,
} from '../domain/commission-case.ts'
import type { Money } from '../domain/money.ts'
import type { Database } from './database.ts'
import { idFrom, type KeysetPage, keysetPage, type PageRequest } from './pages.ts'

export interface AdjustmentDraft {
  connectionId: string
  rep: string
  kind: string
  amount: Money
  effectiveOn: string
  orderNumber: string | null
  note: string
  approver: string
  author: string
  now: Date
}

export async function saveAdjustment(transaction: Database, draft: AdjustmentDraft): Promise<CommissionAdjustment> {
  const [saved] = await transaction.entities(
    CommissionAdjustment,
    sql`insert into commission_adjustment (id, connection_id, rep, kind, amount, effective_on, order_number, note, approver, author, recorded_at)
        values (${uuidv7()}, ${draft.connectionId}, ${draft.rep}, ${draft.kind}, ${draft.amount}::numeric, ${draft.effectiveOn},
          ${draft.orderNumber}, ${draft.note}, ${draft.approver}, ${draft.author}, ${draft.now})
        returning *`,
  )
  if (!saved) throw new Error('An adjustment was saved and not returned.')
  return saved
}

/** A dispute with its first note. */
export async function openDispute(
  database: Database,
  args: { connectionId: string; rep: string; orderNumber: string; text: string; author: string; now: Date },
): Promise<CommissionDispute> {
  return database.transaction(async (transaction) => {
    const [saved] = await transaction.entities(
      CommissionDispute,
      sql`insert into commission_dispute (id, connection_id, rep, order_number, author, opened_at)
          values (${uuidv7()}, ${args.connectionId}, ${args.rep}, ${args.orderNumber}, ${args.author}, ${args.now}) returning *`,
    )
    if (!saved) throw new Error('A dispute was saved and not returned.')
    await addDisputeNote(transaction, { ...args, disputeId: saved.id, state: 'OPEN' as DisputeState })
    return saved
  })
}

/** Null when there is no such dispute. */
export async function findDispute(database: Database, id: string): Promise<CommissionDispute | null> {
  const wanted = idFrom({ id, what: 'dispute' })
  const [found] = await database.entities(
    CommissionDispute,
    sql`select * from commission_dispute where id = ${wanted}::uuid`,
  )
  return found ?? null
}

export async function addDisputeNote(
  database: Database,
  args: { disputeId: string; connectionId: string; text: string; state: DisputeState; author: string; now: Date },
): Promise<void> {
  await database.run(sql`
    insert into commission_dispute_note (id, connection_id, dispute_id, author, text, state, at)
    values (${uuidv7()}, ${args.connectionId}, ${args.disputeId}, ${args.author}, ${args.text}, ${args.state}, ${args.now})`)
}

/** Newest first. */
export function disputePage(
  database: Database,
  { connectionId, rep, request }: { connectionId: string; rep: string | null; request: PageRequest },
): Promise<KeysetPage<CommissionDispute>> {
  const conditions = [sql`connection_id = ${connectionId}::uuid`, ...(rep === null ? [] : [sql`rep = ${rep}`])]
  return keysetPage(database, {
    entity: CommissionDispute,
    table: sql`commission_dispute`,
    columns: sql`*`,
    conditions,
    request,
  })
}

/** The notes of these disputes, oldest first. */
export function notesOfDisputes(database: Database, disputeIds: readonly string[]): Promise<CommissionDisputeNote[]> {
  return database.entities(
    CommissionDisputeNote,
    sql`select * from commission_dispute_note where dispute_id = any(${disputeIds}::uuid[]) order by id`,
  )
}
