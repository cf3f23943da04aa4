/**
 * The letterbox of a ledger that cannot call, but is called: the road lays envelopes in and waits; whoever calls takes
 * them out and brings the answers.
 */
export interface Mailbox {
  /** Begins a conversation; one that was still open is over, and what it had under way is lost. */
  open(caller: Caller): Conversation
  current(): Conversation | null
}

/** What the caller said of the QuickBooks that it stands beside. */
export interface Caller {
  /** The newest qbXML version that is understood there, such as `13.0`. */
  qbXmlVersion: string
  companyFileName: string
  country: string
  /** Host, company and preferences, as the caller sent them with its first call; empty when they are not known. */
  hcpResponse: string
}

export interface Conversation {
  /** Aborted when it is over: nothing that is laid in leaves any more. */
  readonly ended: AbortSignal
  /** The road's next envelope; `later` when none came within the wait, `done` when the road has nothing more to ask. */
  next(args: { withinMs: number }): Promise<{ body: string } | 'later' | 'done'>
  /** Hands an answer to the road, and waits until it wants more, has nothing more to ask, or the wait is over. */
  answer(args: {
    response: string
    hresult: string
    message: string
    withinMs: number
  }): Promise<'more' | 'done' | 'later'>
  /** The road has nothing more to ask. */
  finish(): void
  /** The caller is gone: what is under way is lost. */
  end(reason: string): void
}
