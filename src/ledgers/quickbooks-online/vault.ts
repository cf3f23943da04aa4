/** What Intuit gives: an access token for an hour, and a refresh token that brings the next ones. */
export interface Tokens {
  accessToken: string
  refreshToken: string
  accessTokenExpiresAt: Date
  refreshTokenExpiresAt: Date
  /** When the sign-in ends for good, however often it is renewed; null until Intuit has said it. */
  refreshTokenHardExpiresAt: Date | null
}

/** The tokens as they are kept. */
export interface KeptTokens {
  tokens: Tokens
  refreshedAt: Date
  /** Set when Intuit refused the refresh token: it is never sent again, for only a person can bring one that works. */
  refusal: string | null
}

/** Why a renewal is asked for. */
export type RenewalCause = 'SCHEDULE' | 'CALL' | 'PERSON'

/** What came of asking for new tokens. */
export type Renewal =
  | { kind: 'renewed'; tokens: Tokens }
  | { kind: 'unneeded'; tokens: Tokens }
  | { kind: 'refused'; reason: 'RECONNECT' | 'CLIENT_CONFIGURATION'; detail: string }
  | { kind: 'unreachable'; detail: string }

/** Where the tokens of a company are kept; storage fulfils it, sealed, with one renewal at a time across all processes. */
export interface TokenVault {
  read(): Promise<KeptTokens | null>
  /**
   * Calls `ask` with the newest tokens while nobody else can, unless they need it no more; what comes is committed
   * before anyone uses it.
   */
  renew(args: {
    cause: RenewalCause
    isNeeded: (kept: KeptTokens) => boolean
    ask: (newest: Tokens) => Promise<Exclude<Renewal, { kind: 'unneeded' }>>
  }): Promise<Renewal>
}
