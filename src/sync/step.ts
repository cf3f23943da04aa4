import type { MappedDocument } from '../domain/document.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import type { Change } from '../storage/postings.ts'

/** What a step of the road passes on, and what it sets aside with the change of state that says why. */
export interface Step<T> {
  ready: T[]
  aside: Aside[]
}

/** A change that takes a posting off the road; `error` is an error of our own, for the log. */
export type Aside = Change & { error?: unknown }

/** A posting whose names have all become QuickBooks ids. */
export interface MappedPosting {
  posting: Posting
  mapped: MappedDocument
}

/** One posting's part of a step. An error of our own sets that posting aside, and nothing else: the others go on. */
export function alone<T>(posting: Posting, work: () => T): T | Aside {
  try {
    return work()
  } catch (error) {
    const detail = { detail: error instanceof Error ? error.message : String(error) }
    return { id: posting.id, to: PostingState.FAILED, reason: { code: 'INTERNAL_ERROR', detail }, error }
  }
}
