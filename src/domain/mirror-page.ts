import type { MirrorDraft, MirroredEntity } from './mirror.ts'

/** A page of what QuickBooks has of one kind, for the mirror. */
export interface MirrorPage {
  entity: MirroredEntity
  /** From 1. */
  position: number
  /** Where pages go by a cursor: what the page before gave; null for the first. */
  cursor?: string | null
  rowsMax: number
  /** Only what changed since; null for every record. */
  changedSince: Date | null
}

/** Where pages go by a cursor: that of the next one, null after the last; or QuickBooks no longer knows the one it was asked for. */
export type NextPage = { cursor: string | null } | 'FORGOTTEN'

/** What an answer brought for the mirror. */
export interface PulledRecords {
  records: MirrorDraft[]
  /** True when something may have been kept back. */
  cut: boolean
  /** How many there are; null unless that was asked for. */
  count: number | null
  /** QuickBooks' own clock, ISO 8601; null when it did not tell the time. */
  toldAt: string | null
  next?: NextPage
}
