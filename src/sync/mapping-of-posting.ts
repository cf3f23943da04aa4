import type { LineMapping } from '../domain/account-mapping.ts'
import type { Connection } from '../domain/connection.ts'
import { isSale } from '../domain/document.ts'
import { compileMappings } from '../domain/mapping-choice.ts'
import type { Posting } from '../domain/posting.ts'
import { NO_TAXES } from '../domain/tax-choice.ts'
import type { Road } from './road.ts'
import { chooseForDocument } from './sale-plan.ts'

const NO_RULES = compileMappings([])

/**
 * With what the lines of a posting were booked when it was last made ready. A posting for which no rule matched keeps
 * nothing: then the defaults counted, and are said. Nothing before it was made ready.
 */
export function mappingOfPosting(
  { ledgerOf }: Pick<Road, 'ledgerOf'>,
  { posting, connection }: { posting: Posting; connection: Connection },
): LineMapping[] {
  const { document, mapping, sentAt, quickBooksId } = posting
  if (mapping) return mapping
  if (!isSale(document) || (sentAt === null && quickBooksId === null)) return []
  return chooseForDocument(document, { rules: NO_RULES, needs: ledgerOf(connection).needs(document), taxes: NO_TAXES })
}
