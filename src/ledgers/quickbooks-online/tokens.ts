import type { Tokens, TokenVault } from '../ledger.ts'
import { type IntuitApp, openSignIn, SignInRefused } from './sign-in.ts'

/** A token is renewed when it has less than this left: it must outlive the way to Intuit. */
const renewSecondsBefore = 60
/** A refresh token that Intuit refused is not sent again for this long: only a person can bring one that works. */
const refusedSeconds = 900

/** Whether a request may go, and with which access token. */
export type Permit =
  | { kind: 'permitted'; accessToken: string }
  | { kind: 'refused'; reason: SignInRefused['reason']; detail: string }
  | { kind: 'unreachable'; detail: string }

export interface Access {
  /** A fresh access token, renewed when need be: once, however many ask. Never throws for what Intuit or the vault does. */
  permit(): Promise<Permit>
  /** QuickBooks refused this token: the next permit renews it, unless somebody else has done so already. */
  refuse(accessToken: string): void
}

/** Keeps the tokens of one company fresh. One renewal at a time: here by a shared promise, across processes by the vault. */
export function openAccess({
  app,
  vault,
  now,
  answerTimeoutSeconds,
}: {
  app: IntuitApp
  vault: TokenVault
  now: () => Date
  answerTimeoutSeconds: number
}): Access {
  const signIn = openSignIn({ app, now, answerTimeoutSeconds })
  let refused: string | null = null
  let renewing: Promise<Tokens> | null = null
  let dead: { refreshToken: string; until: number; refusal: SignInRefused } | null = null

  const secondsLeft = (tokens: Tokens) => (tokens.accessTokenExpiresAt.getTime() - now().getTime()) / 1000
  const isFresh = (tokens: Tokens) => tokens.accessToken !== refused && secondsLeft(tokens) > renewSecondsBefore

  async function renew(newest: Tokens): Promise<Tokens> {
    if (dead?.refreshToken === newest.refreshToken && now().getTime() < dead.until) throw dead.refusal
    try {
      return await signIn.renew(newest)
    } catch (error) {
      if (error instanceof SignInRefused) {
        dead = { refreshToken: newest.refreshToken, until: now().getTime() + refusedSeconds * 1000, refusal: error }
      }
      throw error
    }
  }

  function renewOnce(): Promise<Tokens> {
    renewing ??= vault
      .renew(async (newest) => (isFresh(newest) ? newest : await renew(newest)))
      .finally(() => {
        renewing = null
      })
    return renewing
  }

  return {
    async permit() {
      try {
        const tokens = await vault.read()
        if (tokens === null) return { kind: 'refused', reason: 'RECONNECT', detail: 'the company is not connected' }
        if (isFresh(tokens)) return { kind: 'permitted', accessToken: tokens.accessToken }
        return { kind: 'permitted', accessToken: (await renewOnce()).accessToken }
      } catch (error) {
        if (error instanceof SignInRefused) return { kind: 'refused', reason: error.reason, detail: error.message }
        return { kind: 'unreachable', detail: error instanceof Error ? error.message : String(error) }
      }
    },
    refuse(accessToken) {
      refused = accessToken
    },
  }
}
