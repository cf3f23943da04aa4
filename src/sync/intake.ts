import type { CrmLogRow, LogCursor, LogPage, WantedStatuses } from '../creatio/creatio.ts'
import type { Connection } from '../domain/connection.ts'
import { LogStatus } from '../domain/log-row.ts'
import { readCursor, writeCursor } from '../storage/sync-runs.ts'
import { oneAhead } from './one-ahead.ts'
import type { Road } from './road.ts'
import { type ReadRows, readRows, saveRows } from './take-page.ts'

/** The statuses are swept apart, so that a few rows of one do not wait behind many of another. */
const SWEEPS: { cursor: string; statuses: LogStatus[] }[] = [
  { cursor: 'order-log-re-process', statuses: [LogStatus.RE_PROCESS] },
  { cursor: 'order-log-processing', statuses: [LogStatus.PROCESSING] },
  { cursor: 'order-log', statuses: [LogStatus.PENDING] },
]
const SWEEP_SECONDS_MAX = 15
/** Log rows are small, and a question for a page of a long log is dear: it brings the rows of so many slices. */
const SLICES_PER_PAGE = 2

const NEW_ROWS = 'order-log-new'
const NEW_STATUSES = [LogStatus.PENDING, LogStatus.RE_PROCESS]
/** While a long sweep goes on, new rows are looked for this often. */
const NEW_ROWS_EVERY_SECONDS = 5
const NEW_ROWS_MAX = 4_000
/** A row that was written before another may become visible after it. */
const NEW_ROWS_OVERLAP_SECONDS = 30

const STRANGE_ROWS = 'order-log-unknown-status'
const STRANGE_ROWS_EVERY_SECONDS = 300
const ZERO_ID = '00000000-0000-0000-0000-000000000000'

/** A part of a page whose orders were read; `after` is where the sweep goes on when it is saved. */
interface Slice {
  read: ReadRows
  after: LogCursor | null
}

export interface IntakeCount {
  read: number
  accepted: number
  skipped: number
}

/**
 * Reads the order log: new rows first, and again every few seconds, then each status page by page from where its last
 * sweep stopped; at its end a sweep begins anew. So a backlog of any size is read in bounded steps, a new row does not
 * wait behind it, and a row whose ModifiedOn nobody maintained is still seen.
 */
export async function intake(road: Road, { connection }: { connection: Connection }): Promise<IntakeCount> {
  const reader = new Reader(road, connection)
  await reader.readNew()
  for (const sweep of SWEEPS) await reader.sweep(sweep)
  await reader.readStrange()
  return reader.count
}

class Reader {
  readonly count: IntakeCount = { read: 0, accepted: 0, skipped: 0 }
  private readonly road: Road
  private readonly connection: Connection
  private newRowsAt = 0

  constructor(road: Road, connection: Connection) {
    this.road = road
    this.connection = connection
  }

  /** Rows that were created since the last look. The first look only finds out where the log ends. */
  async readNew(): Promise<void> {
    const { road } = this
    this.newRowsAt = road.now().getTime()
    const mark = await readCursor(road.database, NEW_ROWS)
    if (mark === null) {
      const end = await road.crm.edgeOfLog('newest')
      if (end) await writeCursor(road.database, { name: NEW_ROWS, value: newMark(end, true), now: road.now() })
      return
    }
    const at = mark as unknown as LogCursor & { ended: string }
    let newest: LogCursor = { createdOn: at.createdOn, id: at.id }
    let after: LogCursor | null = at.ended === 'yes' ? overlapping(newest) : newest
    for (let read = 0; after !== null && read < NEW_ROWS_MAX; ) {
      const page = await this.page(NEW_STATUSES, after, road.limits.intakePageRowsMax)
      await this.take(page.rows)
      read += page.rows.length
      // What is read of the overlap may end before the mark: most of it has been answered since.
      if (page.next && Date.parse(page.next.createdOn) >= Date.parse(newest.createdOn)) newest = page.next
      after = page.next
    }
    // Stopped on the way, it goes on exactly there.
    if (after !== null) newest = after
    await writeCursor(road.database, { name: NEW_ROWS, value: newMark(newest, after === null), now: road.now() })
  }

  /**
   * One status, from where its last sweep stopped, for a while. The next slice is read while one is saved. What was read
   * ahead of the end is dropped: the cursor stands before it.
   */
  async sweep({ cursor, statuses }: { cursor: string; statuses: LogStatus[] }): Promise<void> {
    const { road } = this
    const began = road.now().getTime()
    const start = (await readCursor(road.database, cursor)) as LogCursor | null
    let read = 0
    for await (const slice of oneAhead(this.slices({ statuses, start }))) {
      await this.save(slice.read, { name: cursor, value: slice.after })
      read += slice.read.rows.length
      if (secondsSince(road, this.newRowsAt) >= NEW_ROWS_EVERY_SECONDS) await this.readNew()
      if (secondsSince(road, began) >= SWEEP_SECONDS_MAX || road.signal.aborted) break
    }
    // The last sweep had stopped exactly at the end.
    if (start !== null && read === 0) await this.sweep({ cursor, statuses })
  }

  /** Long pages spare the CRM, short slices our memory; each slice comes with its orders. */
  private async *slices({
    statuses,
    start,
  }: {
    statuses: LogStatus[]
    start: LogCursor | null
  }): AsyncGenerator<Slice> {
    const { intakePageRowsMax: size, intakeRowsMax } = this.road.limits
    let after = start
    let read = 0
    do {
      const { rows, next } = await this.page(statuses, after, Math.min(intakeRowsMax - read, SLICES_PER_PAGE * size))
      for (let from = 0; from === 0 || from < rows.length; from += size) {
        const slice = rows.slice(from, from + size)
        const last = from + size < rows.length ? slice.at(-1) : undefined
        const reached = last ? { createdOn: last.createdOn, id: last.id } : next
        yield { read: await readRows(this.road, slice), after: reached }
      }
      read += rows.length
      after = next
    } while (after !== null && read < intakeRowsMax)
  }

  /** Rows in a status that the profile does not know: nobody asks for them by status, so they are looked for now and then. */
  async readStrange(): Promise<void> {
    const { road } = this
    const mark = await readCursor(road.database, STRANGE_ROWS)
    if (mark?.readAt && secondsSince(road, Date.parse(mark.readAt)) < STRANGE_ROWS_EVERY_SECONDS) return
    let after: LogCursor | null = null
    for (let read = 0; read < road.limits.intakeRowsMax; ) {
      const page = await this.page('unknown', after, road.limits.intakePageRowsMax)
      await this.take(page.rows)
      read += page.rows.length
      after = page.next
      if (after === null) break
    }
    const value = { readAt: road.now().toISOString() }
    await writeCursor(road.database, { name: STRANGE_ROWS, value, now: road.now() })
  }

  private page(statuses: WantedStatuses, after: LogCursor | null, limit: number): Promise<LogPage> {
    return this.road.crm.logRows({ statuses, after, limit })
  }

  private async take(rows: CrmLogRow[]): Promise<void> {
    await this.save(await readRows(this.road, rows))
  }

  private async save(read: ReadRows, cursor?: { name: string; value: LogCursor | null }): Promise<void> {
    const { connection } = this
    const taken = await saveRows(this.road, { connection, read, ...(cursor ? { cursor } : {}) })
    this.count.read += read.rows.length
    this.count.accepted += taken.accepted
    this.count.skipped += taken.skipped
    if (taken.accepted > 0) this.road.wake()
  }
}

function secondsSince(road: Road, began: number): number {
  return (road.now().getTime() - began) / 1000
}

function newMark({ createdOn, id }: LogCursor, ended: boolean): Record<string, string> {
  return { createdOn, id, ended: ended ? 'yes' : 'no' }
}

/** A little before the mark; a mark that is no time of our calendar is taken as it is. */
function overlapping(mark: LogCursor): LogCursor {
  const at = Date.parse(mark.createdOn)
  if (Number.isNaN(at)) return mark
  return { createdOn: new Date(at - NEW_ROWS_OVERLAP_SECONDS * 1000).toISOString(), id: ZERO_ID }
}
