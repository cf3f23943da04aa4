// The incident at its own scale, to its end.
import { LedgerKind } from '../../src/domain/kinds.ts'
import { describeEnd, INCIDENT } from './incident-end.ts'

describeEnd({ kind: LedgerKind.QUICKBOOKS_ONLINE, counts: INCIDENT })
