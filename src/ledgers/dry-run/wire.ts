import type { Answer } from '../ledger.ts'

/** Sends nothing, and says so. */
export function send(): Promise<Answer> {
  return Promise.resolve({ kind: 'not-sent', detail: 'a dry run sends nothing', durationMs: 0 })
}
