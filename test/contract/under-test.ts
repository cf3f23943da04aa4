import type { Ledger } from '../../src/ledgers/ledger.ts'
import type { CompanyRecords } from './documents.ts'
import type { roadOf } from './small-road.ts'

/** An open ledger, and a company behind it that can misbehave on demand. */
export interface CompanyUnderTest {
  ledger: Ledger
  records: CompanyRecords
  /** The next write is saved, and its answer never comes. */
  loseNextAnswer(): Promise<void>
  /** The next write is saved, and its answer is something that nobody knows. */
  garbleNextAnswer(): Promise<void>
  /** The books are closed up to and including a day; null opens them again. */
  closeBooks(day: string | null): Promise<void>
  close(): Promise<void>
}

/** What the sentences of one subject are told of the company that all of them share. */
export interface UnderTest {
  company: () => CompanyUnderTest
  road: () => ReturnType<typeof roadOf>
  nextNumber: () => string
}
