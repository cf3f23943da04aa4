import type { MappedDocument } from '../domain/document.ts'
import type { Posting } from '../domain/posting.ts'
import type { Change } from '../storage/postings.ts'

/** What a step of the road passes on, and what it sets aside with the change of state that says why. */
export interface Step<T> {
  ready: T[]
  aside: Change[]
}

/** A posting whose names have all become QuickBooks ids. */
export interface MappedPosting {
  posting: Posting
  mapped: MappedDocument
}
