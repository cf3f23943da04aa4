import type { KeyCursor } from '../creatio/keyed-page.ts'
import { dropUnseenRows, keepRowsOfOthers } from '../storage/commission-rows-of-others.ts'
import { onceADay } from './business-day.ts'
import type { Road } from './road.ts'

const PAGE_ROWS_MAX = 500

/** What a reading of the CRM's own table of commission found. */
export interface CommissionRowCount {
  rows: number
  /** Not written from here, and with no payment of QuickBooks behind them. */
  withoutPayment: number
  /** Kept by an earlier reading, and in order or gone since. */
  resolved: number
}

/**
 * Reads the CRM's own table of commission to its end, and keeps the rows of others that have no payment of QuickBooks behind them, for
 * `missingCommission` to list. Nothing is written there. Where the profile names no such table, nothing is kept. Throws CreatioError.
 */
export async function readCommissionRows(road: Road): Promise<CommissionRowCount> {
  const began = road.now()
  const count: CommissionRowCount = { rows: 0, withoutPayment: 0, resolved: 0 }
  let after: KeyCursor | null = null
  do {
    road.signal.throwIfAborted()
    const page = await road.crm.commissionRows({ after, limit: PAGE_ROWS_MAX })
    count.rows += page.rows.length
    if (page.rows.length > 0) {
      count.withoutPayment += await keepRowsOfOthers(road.database, { rows: page.rows, now: road.now() })
    }
    after = page.next
  } while (after !== null)
  count.resolved = await dropUnseenRows(road.database, { seenBefore: began })
  if (count.rows > 0) road.log.info({ ...count }, 'the CRM’s own table of commission was read')
  return count
}

/** Does so once a day, from the hour on. Null when it is not due, or another process has it. */
export function readCommissionRowsDaily(road: Road, { hour }: { hour: number }): Promise<CommissionRowCount | null> {
  return onceADay(road, { name: 'commission-rows-daily', hour, work: () => readCommissionRows(road) })
}

/** Reads the table now, and says what it found. */
export async function compareCommissionRows(road: Road, { say }: { say: (line: string) => void }): Promise<void> {
  const { set } = road.crm.profile.commissionDownload
  if (set === null) {
    say('The profile names no table of commission of the CRM (commissionDownload.set): there is nothing to read.')
    return
  }
  const { rows, withoutPayment, resolved } = await readCommissionRows(road)
  say(`${rows} rows of ${set} were compared with the payments of QuickBooks.`)
  say(`  ${String(withoutPayment).padStart(6)}   were not written from here, and have no payment behind them`)
  say(`  ${String(resolved).padStart(6)}   were found earlier and are in order since, or gone`)
  if (withoutPayment > 0) say('`missingCommission` lists them (WITHOUT_PAYMENT). Nothing is changed in the CRM.')
}
