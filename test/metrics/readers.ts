// The readers of both kinds of QuickBooks, asked about the months of the books.

import type { FigureQuestion, FigureReader, FiguresTold } from '../../src/ledgers/ledger.ts'
import { openFigures as openDesktop } from '../../src/ledgers/quickbooks-desktop/figures.ts'
import { openFigures as openOnline } from '../../src/ledgers/quickbooks-online/figures.ts'
import { MONTHS } from '../fixtures/profit-and-loss/books.ts'
import { desktopReport } from '../fixtures/profit-and-loss/desktop.ts'
import { onlineReport } from '../fixtures/profit-and-loss/online.ts'
import type { Writing } from '../fixtures/profit-and-loss/tree.ts'

export const READERS = {
  ONLINE: openOnline({ realmId: '9341450000000007' }),
  DESKTOP: openDesktop({ version: () => 13 }),
} as const satisfies Record<string, FigureReader>

export type Kind = keyof typeof READERS

export const YEAR: FigureQuestion = {
  kind: 'PROFIT_AND_LOSS',
  from: MONTHS[0] ?? '',
  to: MONTHS.at(-1) ?? '',
  basis: 'ACCRUAL',
}

/** The answer of either kind to a question, from the books. */
export function bodyOf(
  kind: Kind,
  { question = YEAR, ...writing }: Writing & { basis?: string; rows?: string[]; question?: FigureQuestion } = {},
): string {
  if (kind === 'ONLINE') return onlineReport(writing)
  return desktopReport(requestIdOf(question), writing)
}

/** Under which id Desktop is asked. */
export function requestIdOf(question: FigureQuestion): string {
  return /requestID="([^"]+)"/.exec(READERS.DESKTOP.encode(question).request)?.[1] ?? ''
}

export function decode(kind: Kind, body: string, question = YEAR): FiguresTold {
  const reader = READERS[kind]
  const exchange = { ...reader.encode(question), id: 'one', idempotencyKey: 'one', position: 0 }
  const answer = { kind: 'answered', status: 200, body, contentType: '', intuitTid: null, durationMs: 1 } as const
  return reader.decode({ question, exchange, answer })
}
