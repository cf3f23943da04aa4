import type { Database } from '../storage/database.ts'
import type { Road } from './road.ts'

/** What it takes to decide about a discrepancy. */
export type ResolvingRoad = Pick<Road, 'database' | 'crm' | 'ledgerOf' | 'log' | 'now' | 'wake'>

/** What a decision sets going, in the transaction that writes it down. */
export type Effect = (transaction: Database) => Promise<void>
