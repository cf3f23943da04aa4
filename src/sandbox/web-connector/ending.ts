import type { Outcome } from './application.ts'

/** How a session comes to its end. */
export interface Ending {
  outcome: Outcome
  status: string
  /** Whether closeConnection is still called. */
  closes: boolean
  /** The status stays, whatever closeConnection answers. */
  isFirm: boolean
}

export const firm = (ending: Omit<Ending, 'isFirm'>): Ending => ({ ...ending, isFirm: true })

/** What authenticate's word means where it is not the company file to open: null when there is work to do. */
export function endingWithoutWork({
  word,
  postponedSeconds,
  closes,
}: {
  word: string
  postponedSeconds: number
  closes: boolean
}): Ending | null {
  switch (word.toLowerCase()) {
    case 'nvu':
      return firm({ outcome: 'not-authenticated', status: 'Not authenticated', closes: false })
    case 'none':
      return firm({ outcome: 'no-work', status: 'No data exchange required', closes })
    case 'busy':
      return firm({ outcome: 'busy', status: 'Application is busy', closes })
    default:
      if (postponedSeconds === 0) return null
      return firm({ outcome: 'postponed', status: 'Update postponed by application', closes })
  }
}

/** The seconds that authenticate may add; anything but a whole number is none. */
export function secondsOf(text: string): number {
  return /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : 0
}
