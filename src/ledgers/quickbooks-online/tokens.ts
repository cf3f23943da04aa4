import { type IntuitApp, openSignIn, type SignIn, SignInRefused } from './sign-in.ts'
import type { KeptTokens, Renewal, RenewalCause, Tokens, TokenVault } from './vault.ts'

/** A token is renewed for a call when it has less than this left: it must outlive the way to Intuit. */
const renewSecondsBefore = 60
/** A client that Intuit does not know is not presented again for this long: only other settings help. */
const misconfiguredSeconds = 900
/** Waits after Intuit could not be asked, one after the other; the last one stays. */
const unreachableSeconds = [5, 10, 20, 40, 60]

type Refusal = Extract<Renewal, { kind: 'refused' }>
type Silence = Extract<Renewal, { kind: 'unreachable' }>

type Asked = Exclude<Renewal, { kind: 'unneeded' }>

interface Rest {
  until: number
  outcome: Refusal | Silence
  silences: number
}

/** Whether a request may go, and with which access token. */
export type Permit = { kind: 'permitted'; accessToken: string } | Refusal | Silence

export interface Access {
  /** A fresh access token, renewed when need be: once, however many ask. Never throws for what Intuit or the vault does. */
  permit(): Promise<Permit>
  /** Stands for the sign-in as it was seen last: another object after each renewal, whoever made it. */
  session(): object
  /** QuickBooks refused this token: the next permit renews it, unless somebody else has done so already. */
  refuse(accessToken: string): void
  /**
   * Renews the tokens before a call needs it: those with less than `secondsLeft`, or whatever they are when a person asks,
   * who may also have a refused one sent again. Never throws for what Intuit or the vault does.
   */
  renew(args: { cause: 'SCHEDULE' | 'PERSON'; secondsLeft: number }): Promise<Renewal>
}

/**
 * Keeps the tokens of one company fresh. One renewal at a time: here by a shared promise, across processes by the vault.
 * A refusal is final until a person acts; silence is met with longer and longer waits.
 */
export function openAccess({
  app,
  vault,
  locked = null,
  now,
  answerTimeoutSeconds,
}: {
  app: IntuitApp
  vault: TokenVault
  /** Why no token of this company may be used or sent; null when they may. */
  locked?: string | null
  now: () => Date
  answerTimeoutSeconds: number
}): Access {
  const signIn = openSignIn({ app, now, answerTimeoutSeconds })
  let refused: string | null = null
  let renewing: Promise<Renewal> | null = null
  let resting: Rest | null = null
  let session = { refreshedAt: 0 }

  const secondsLeft = ({ accessTokenExpiresAt }: Tokens) => (accessTokenExpiresAt.getTime() - now().getTime()) / 1000
  const isFresh = ({ tokens }: KeptTokens) => tokens.accessToken !== refused && secondsLeft(tokens) > renewSecondsBefore

  async function ask(newest: Tokens): Promise<Asked> {
    const outcome = await asked(signIn, newest)
    resting = restAfter(outcome, { resting, now: now() })
    return outcome
  }

  async function renewUnlessResting(args: {
    cause: RenewalCause
    isNeeded: (kept: KeptTokens) => boolean
  }): Promise<Renewal> {
    if (locked !== null) return { kind: 'refused', reason: 'CLIENT_CONFIGURATION', detail: locked }
    if (resting && args.cause !== 'PERSON' && now().getTime() < resting.until) return resting.outcome
    return vault.renew({ ...args, ask }).catch((error: unknown) => ({ kind: 'unreachable', detail: wordsOf(error) }))
  }

  function renewOnce(args: Parameters<typeof renewUnlessResting>[0]): Promise<Renewal> {
    renewing ??= renewUnlessResting(args).finally(() => {
      renewing = null
    })
    return renewing
  }

  return {
    async permit() {
      if (locked !== null) return { kind: 'refused', reason: 'CLIENT_CONFIGURATION', detail: locked }
      const kept = await vault.read().catch((error: unknown) => ({ unreadable: wordsOf(error) }))
      if (kept === null) return notConnected
      if ('unreadable' in kept) return { kind: 'unreachable', detail: kept.unreadable }
      const refreshedAt = kept.refreshedAt.getTime()
      if (refreshedAt !== session.refreshedAt) session = { refreshedAt }
      if (isFresh(kept)) return { kind: 'permitted', accessToken: kept.tokens.accessToken }
      if (kept.refusal !== null) return { kind: 'refused', reason: 'RECONNECT', detail: kept.refusal }
      const renewal = await renewOnce({ cause: 'CALL', isNeeded: (newest) => !isFresh(newest) })
      return 'tokens' in renewal ? { kind: 'permitted', accessToken: renewal.tokens.accessToken } : renewal
    },
    session: () => session,
    refuse(accessToken) {
      refused = accessToken
    },
    renew({ cause, secondsLeft: wanted }) {
      const askedAt = now()
      const isDue = ({ tokens, refreshedAt, refusal }: KeptTokens) =>
        cause === 'PERSON' ? refreshedAt <= askedAt : refusal === null && secondsLeft(tokens) <= wanted
      return renewUnlessResting({ cause, isNeeded: isDue })
    },
  }
}

/** Asks Intuit; what it says, and that it says nothing, are outcomes. */
function asked(signIn: SignIn, newest: Tokens): Promise<Asked> {
  return signIn.renew(newest).then(
    (tokens) => ({ kind: 'renewed', tokens }),
    (error: unknown) =>
      error instanceof SignInRefused
        ? { kind: 'refused', reason: error.reason, detail: error.message }
        : { kind: 'unreachable', detail: wordsOf(error) },
  )
}

/** What must not be asked again at once. A refused token is remembered in the vault, for every process and for good. */
function restAfter(outcome: Asked, { resting, now }: { resting: Rest | null; now: Date }): Rest | null {
  if (outcome.kind === 'unreachable') {
    const silences = (resting?.outcome.kind === 'unreachable' ? resting.silences : 0) + 1
    const seconds = unreachableSeconds[Math.min(silences, unreachableSeconds.length) - 1] ?? 0
    return { until: now.getTime() + seconds * 1000, outcome, silences }
  }
  if (outcome.kind === 'refused' && outcome.reason === 'CLIENT_CONFIGURATION') {
    return { until: now.getTime() + misconfiguredSeconds * 1000, outcome, silences: 0 }
  }
  return null
}

const notConnected: Refusal = { kind: 'refused', reason: 'RECONNECT', detail: 'the company is not connected' }

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
