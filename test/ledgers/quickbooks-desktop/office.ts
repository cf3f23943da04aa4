import type { Caller, Conversation } from '../../../src/ledgers/ledger.ts'
import {
  openQuickBooksDesktop,
  type QuickBooksDesktop,
  type QuickBooksDesktopOptions,
} from '../../../src/ledgers/quickbooks-desktop/ledger.ts'

export const caller: Caller = {
  qbXmlVersion: '13.0',
  companyFileName: 'C:\\Books\\alder.qbw',
  country: 'US',
  hcpResponse: '',
}

export const ownerId = '{57F3B9B6-86F1-4FCC-B1FF-966DE1813D20}'
export const fileId = '{0E4AE3C4-1B5D-4E13-8B9A-6A2E1C0F9D11}'

export function openDesktop(options: Partial<QuickBooksDesktopOptions> = {}): QuickBooksDesktop {
  return openQuickBooksDesktop({
    expected: async () => ({ ownerId, fileId, companyName: null, companyFileName: null, currency: 'USD' }),
    now: () => new Date(),
    ...options,
  })
}

export interface Said {
  response: string
  hresult?: string
  message?: string
}

/** Plays the office: takes one request after the other and answers each, until there is nothing more to ask. */
export async function playOffice(
  talk: Conversation,
  answer: (body: string) => Said | Promise<Said>,
): Promise<string[]> {
  const taken: string[] = []
  for (;;) {
    const next = await talk.next({ withinMs: 2_000 })
    if (typeof next === 'string') return taken
    taken.push(next.body)
    const said = await answer(next.body)
    await talk.answer({ hresult: '', message: '', ...said, withinMs: 2_000 })
  }
}
