import type { Connection } from '../domain/connection.ts'
import { mirroredInvoices } from '../storage/three-sides.ts'
import type { TheirSide } from './reconcile-classify.ts'
import type { BulkRoad } from './road.ts'
import { theirInvoice } from './sweep-page.ts'

export interface Sides {
  /** Whether the mirror has an invoice of this id, be it gone. */
  knows(quickBooksId: string): boolean
  of(args: { quickBooksId: string | null; number: string | null }): TheirSide
}

/** What the mirror has under these ids and numbers. */
export async function sidesOf(
  road: BulkRoad,
  { connection, ids, numbers }: { connection: Connection; ids: string[]; numbers: string[] },
): Promise<Sides> {
  const reader = road.ledgerOf(connection).mirror
  const found = await mirroredInvoices(road.database, { connectionId: connection.id, ids, numbers })
  return {
    knows: (quickBooksId) => found.byId.has(quickBooksId),
    of({ quickBooksId, number }) {
      const linked = found.byId.get(quickBooksId ?? '')
      const others = (found.byNumber.get(number ?? '') ?? []).filter((one) => one.quickBooksId !== quickBooksId)
      const alike = others.map((one) => theirInvoice(one, reader)).filter(({ record }) => !record?.sale?.voided)
      return { linked: linked ? theirInvoice(linked, reader) : null, alike }
    },
  }
}
