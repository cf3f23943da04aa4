import type { Creatio } from '../creatio/creatio.ts'
import type { Database } from '../storage/database.ts'
import type { Road } from './road.ts'

/** One line of the doctor's. */
export interface Finding {
  /** What was looked at, in a word or two. */
  check: string
  /** BAD: it cannot work. WARN: it works, and somebody should know. */
  mark: 'OK' | 'WARN' | 'BAD'
  finding: string
  /** What to do; null when there is nothing to do. */
  remedy: string | null
}

/** How the server is reached, as it is configured. */
export interface PublicAddress {
  publicUrl: string
  /** The address on which the server listens. */
  host: string
  trustedProxy: string | null
}

/** The parts of an installation, each opened when it is first asked for; each throws when it cannot be opened. */
export interface Patient {
  configuration: () => Promise<{ finding: string; played: boolean }>
  database: () => Promise<Database>
  /** Opens the job store and closes it again; gives its name. */
  jobStore: () => Promise<'postgresql' | 'mongodb'>
  /** The CRM, also when there is no database. */
  crm: () => Promise<Creatio>
  road: () => Promise<Road>
  publicAddress: () => PublicAddress
  now: () => Date
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

const MARKS: Record<Finding['mark'], string> = { OK: '✓', WARN: '!', BAD: '✗' }

/** The findings for a terminal: a line each, and the remedy below it. */
export function findingLines(findings: Finding[]): string[] {
  const width = Math.max(...findings.map(({ check }) => check.length))
  return findings.flatMap(({ check, mark, finding, remedy }) => [
    `${MARKS[mark]} ${check.padEnd(width)}  ${finding}`,
    ...(remedy === null ? [] : [`${' '.repeat(width + 4)}→ ${remedy}`]),
  ])
}
