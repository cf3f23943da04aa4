// The room of the dry run: a ledger that says exactly what another one would send, and sends nothing. It is handed the pure
// functions of a connection's own ledger, for a ledger never imports a sibling; what would reach QuickBooks is not among
// them, so that nothing can leave here: `send` (wire) tells every caller so, and `check` fails.
import type { Ledger } from '../ledger.ts'
import { openPace } from './pace.ts'
import { send } from './wire.ts'

/** The part of a ledger that touches no network. */
export type PureLedger = Omit<Ledger, 'send' | 'check' | 'reach' | 'pace' | 'mailbox'>

/** Opens a dry run of a ledger. */
export function openDryRun(ledger: PureLedger): Ledger {
  const { kind, limits, refusesTakenNumbers, booksLinesToAccounts, deletes, unapplies, mirror, figures } = ledger
  const { needs, answers, idOf, problems, losses, encode, pack, packAgain, askAgain, decode } = ledger
  return {
    ...{ kind, limits, refusesTakenNumbers, booksLinesToAccounts, deletes, unapplies },
    ...{ needs, answers, idOf, problems, losses, encode, pack, packAgain, decode },
    ...(askAgain ? { askAgain } : {}),
    ...(mirror ? { mirror } : {}),
    ...(figures ? { figures } : {}),
    pace: openPace(),
    reach: () => null,
    send,
    check: () => Promise.reject(new Error('A dry run asks QuickBooks nothing.')),
  }
}
