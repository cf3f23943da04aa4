import { createHash } from 'node:crypto'
import type { CrmLogRow, CrmOrder } from '../creatio/creatio.ts'
import type { OrderReading } from '../creatio/to-document.ts'
import { contentHash, isSale, type SalesDocument } from '../domain/document.ts'
import { LogStatus } from '../domain/log-row.ts'
import type { Posting } from '../domain/posting.ts'
import type { ReasonCode, ReasonDetail } from '../domain/reason.ts'
import { ResetAction } from '../domain/reset-plan.ts'
import { LIVE_STATES, PostingState } from '../domain/transitions.ts'
import type { PostingDraft } from '../storage/postings.ts'
import { decide, draftOf } from './eligibility.ts'

/** A log row, or an order without one, with all that a decision about it rests on. */
export interface Candidate {
  row: CrmLogRow | null
  sourceId: string | null
  order: CrmOrder | null
  reading: OrderReading | null
  posting: Posting | null
  connectionId: string
}

/** What is to become of it. `look`: QuickBooks is to be asked first whether it has the document. */
export type Verdict =
  | { kind: 'look'; draft: PostingDraft; document: SalesDocument }
  | { kind: 'tell'; posting: Posting; how: 'POSTING' | 'RECORD'; reason: Why }
  | { kind: 'rest'; action: ResetAction.SKIP | ResetAction.REFUSE; reason: Why }

interface Why {
  code: ReasonCode
  detail: ReasonDetail
}

/** Reasons for which intake leaves a row alone, and a person has something to decide all the same. */
const REFUSED: ReasonCode[] = ['CHANGED_AFTER_POSTING', 'DELETED_AFTER_POSTING', 'ORDER_UNREADABLE', 'INTERNAL_ERROR']

/**
 * Decides as intake would if the row were set to Re-Process now, so that a reset never does what intake would not. Pure:
 * QuickBooks is asked later about what is left to look for.
 */
export function classify(candidate: Candidate): Verdict {
  const { row, order, reading, posting, connectionId } = candidate
  const orderNumber = order?.number ?? posting?.orderNumber ?? null
  if (posting && isLive(posting)) return rest(ResetAction.SKIP, 'POSTING_UNDER_WAY', { orderNumber })
  if (row === null) {
    if (!reading || !candidate.sourceId) return rest(ResetAction.SKIP, 'ORDER_NOT_FOUND', {})
    return ofDraft(draftOf({ connectionId, sourceId: candidate.sourceId, orderNumber, reading }))
  }
  const asked = { ...row, status: LogStatus.RE_PROCESS }
  const decision = decide({ row: asked, reading, orderNumber, posting, connectionId })
  switch (decision.kind) {
    case 'post':
      return ofDraft(decision.draft)
    case 'tell-again':
      return posting
        ? { kind: 'tell', posting, how: 'POSTING', reason: notTold(posting) }
        : rest(ResetAction.SKIP, 'POSTING_UNDER_WAY', { orderNumber })
    case 'answer':
      // The invoice is proven, and the id that the CRM was told is gone from its record.
      if (decision.reason === 'ECHO' && posting?.state === PostingState.PROCESSED && order && !order.quickBooksId)
        return { kind: 'tell', posting, how: 'RECORD', reason: notTold(posting) }
      return rest(
        REFUSED.includes(decision.reason) ? ResetAction.REFUSE : ResetAction.SKIP,
        decision.reason,
        decision.detail,
      )
    case 'join':
    case 'later':
      return rest(ResetAction.SKIP, 'POSTING_UNDER_WAY', { orderNumber })
  }
}

/** What a decision rests on, in one word: another word, another world. The CRM's message and times of no meaning are left out. */
export function worldOf({ row, sourceId, order, reading, posting }: Candidate, verdict: Verdict): string {
  const content =
    verdict.kind === 'look'
      ? verdict.draft.contentHash
      : reading?.kind === 'document'
        ? contentHash(reading.document)
        : (reading?.reason ?? null)
  const facts = [
    row?.id ?? null,
    row?.status ?? row?.rawStatus ?? null,
    row?.action ?? row?.rawAction ?? null,
    sourceId,
    order?.quickBooksId ?? null,
    content,
    posting && [posting.id, posting.state, posting.generation, posting.contentHash, posting.quickBooksId],
  ]
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, 22)
}

function isLive({ state }: Posting): boolean {
  return (LIVE_STATES as readonly PostingState[]).includes(state)
}

function ofDraft(draft: PostingDraft): Verdict {
  if (draft.state === PostingState.PENDING && isSale(draft.document))
    return { kind: 'look', draft, document: draft.document }
  const action = draft.state === PostingState.SKIPPED ? ResetAction.SKIP : ResetAction.REFUSE
  return rest(action, draft.reason?.code ?? 'INTERNAL_ERROR', draft.reason?.detail ?? {})
}

function notTold({ documentNumber }: Posting): Why {
  return { code: 'CRM_NOT_TOLD', detail: { documentNumber } }
}

function rest(action: ResetAction.SKIP | ResetAction.REFUSE, code: ReasonCode, detail: ReasonDetail): Verdict {
  return { kind: 'rest', action, reason: { code, detail } }
}
