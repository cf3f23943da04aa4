import { CorrectionMethod } from '../domain/kinds.ts'
import { isZero } from '../domain/money.ts'
import type { Posting } from '../domain/posting.ts'
import type { Database } from '../storage/database.ts'
import { type VoidTarget, voidTarget } from '../storage/void-targets.ts'

/** Why an invoice cannot be voided to which something is applied; null when nothing is. */
export function paidWords({ number, total, applied }: Pick<VoidTarget, 'number' | 'total' | 'applied'>): string | null {
  if (isZero(applied)) return null
  return `${applied} of ${total} is applied to invoice ${number ?? ''}, and QuickBooks voids nothing that is paid, in part or whole: remove the payment there first, or correct it with a credit memo`
}

/** The same for a correction, as far as the mirror knows; QuickBooks itself is asked once more before the void is sent. */
export async function paidProblems(
  database: Database,
  { posting, method }: { posting: Pick<Posting, 'connectionId' | 'quickBooksId'>; method: CorrectionMethod },
): Promise<string[]> {
  const { connectionId, quickBooksId } = posting
  if (method !== CorrectionMethod.VOID || !quickBooksId) return []
  const target = await voidTarget(database, { connectionId, quickBooksId })
  const words = target && !target.deleted ? paidWords(target) : null
  return words ? [words] : []
}
