import type { CompanyCheck } from '../ledger.ts'
import { openQuickBooksOnline, type QuickBooksOnlineOptions } from './ledger.ts'
import type { OnlinePace } from './pace.ts'
import { openSignIn, SignInRefused } from './sign-in.ts'
import type { Renewal, Tokens, TokenVault } from './vault.ts'

type Failure = Exclude<Renewal, { tokens: Tokens }>

/** A company let us in: its realm as the redirect says it, and its first tokens. */
export type Grant = { kind: 'granted'; realmId: string; tokens: Tokens } | Failure

/** The beginning and the end of our right to speak to a company, before and after there is a vault. Nothing here throws. */
export interface Grants {
  /** Where to send the admin; `state` comes back with the answer. */
  authorizeUrl(state: string): string
  /** Trades the code of the redirect, whose `state` was checked, for tokens. */
  take(redirect: { url: string; state: string }): Promise<Grant>
  /** The tokens that a refresh token from elsewhere brings. */
  adopt(refreshToken: string): Promise<Exclude<Renewal, { kind: 'unneeded' }>>
  /** Whether these tokens belong to this company: the realm of a redirect is only what a browser said. */
  check(args: { realmId: string; tokens: Tokens }): Promise<CompanyCheck>
  /** Gives the tokens back to Intuit; says why when Intuit did not take them. */
  revoke(tokens: Tokens): Promise<{ revoked: true } | { revoked: false; detail: string }>
}

export function openGrants(
  options: Omit<QuickBooksOnlineOptions, 'realmId' | 'vault' | 'pace'> & { paceOf: (realmId: string) => OnlinePace },
): Grants {
  const { oauth, now, answerTimeoutSeconds = 30 } = options
  const signIn = openSignIn({ app: oauth, now, answerTimeoutSeconds })
  return {
    authorizeUrl: signIn.authorizeUrl,
    async take(redirect) {
      try {
        return { kind: 'granted', ...(await signIn.exchangeCode(redirect)) }
      } catch (error) {
        return failureOf(error)
      }
    },
    async adopt(refreshToken) {
      const unknown = new Date(0)
      const before = { accessToken: '', accessTokenExpiresAt: unknown, refreshTokenExpiresAt: unknown }
      try {
        const tokens = await signIn.renew({ ...before, refreshToken, refreshTokenHardExpiresAt: null })
        return { kind: 'renewed', tokens }
      } catch (error) {
        return failureOf(error)
      }
    },
    check: ({ realmId, tokens }) =>
      openQuickBooksOnline({
        ...options,
        realmId,
        pace: options.paceOf(realmId),
        vault: holding({ tokens, refreshedAt: now() }),
      }).check(),
    async revoke(tokens) {
      try {
        await signIn.revoke(tokens)
        return { revoked: true }
      } catch (error) {
        return { revoked: false, detail: failureOf(error).detail }
      }
    },
  }
}

/** Tokens that are in nobody's vault yet: they are used as they are, and never renewed. */
function holding(kept: { tokens: Tokens; refreshedAt: Date }): TokenVault {
  return {
    read: async () => ({ ...kept, refusal: null }),
    renew: async () => ({
      kind: 'refused',
      reason: 'RECONNECT',
      detail: 'QuickBooks refused tokens that it had just given',
    }),
  }
}

function failureOf(error: unknown): Failure {
  const detail = error instanceof Error ? error.message : String(error)
  return error instanceof SignInRefused
    ? { kind: 'refused', reason: error.reason, detail }
    : { kind: 'unreachable', detail }
}
