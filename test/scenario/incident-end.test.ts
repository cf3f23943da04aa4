// The end of the incident at a small scale, on both QuickBooks; test/scenario/incident-end.long.test.ts tells it in full.
import { LedgerKind } from '../../src/domain/kinds.ts'
import { describeEnd } from './incident-end.ts'

/** The incident's own shape, a fiftieth of it. */
const counts = {
  falselyProcessed: 13,
  processed: 4,
  stuckAbsent: 1,
  stuckInQuickBooks: 1,
  timedOutAbsent: 1,
  timedOutInQuickBooks: 1,
  discounted: 1,
  unknownCustomer: 1,
  withoutLogRow: 13,
  cancelled: 1,
  empty: 1,
}

describeEnd({ kind: LedgerKind.QUICKBOOKS_ONLINE, counts })
describeEnd({ kind: LedgerKind.QUICKBOOKS_DESKTOP, counts })
