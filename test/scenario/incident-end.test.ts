// The end of the incident at a small scale, on both QuickBooks; the long suites beside this one tell it in full.
import { LedgerKind } from '../../src/domain/kinds.ts'
import { describeEnd } from './incident-end.ts'

const counts = {
  falselyProcessed: 6,
  processed: 3,
  stuckAbsent: 1,
  stuckInQuickBooks: 1,
  timedOutAbsent: 1,
  timedOutInQuickBooks: 1,
  discounted: 1,
  unknownCustomer: 1,
  withoutLogRow: 6,
  cancelled: 1,
  empty: 1,
}

describeEnd({ kind: LedgerKind.QUICKBOOKS_ONLINE, counts, since: '2026-01-02T14:00:00Z' })
describeEnd({ kind: LedgerKind.QUICKBOOKS_DESKTOP, counts, since: '2026-01-02T14:00:00Z' })
