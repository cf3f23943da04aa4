import type { Answer, Envelope } from '../ledger.ts'
import type { Caller, Conversation, Mailbox } from '../mailbox.ts'
import { Forgetting } from './forgetting.ts'
import { forget } from './pack.ts'
import { answerBytesMax } from './read-xml.ts'

export interface Wire {
  mailbox: Mailbox
  send(envelope: Envelope, right?: { before: Date }): Promise<Answer>
  /** What travelled there is settled: QuickBooks is told to forget its answer, once the road has nothing more to ask. */
  settled(path: string): void
  /** Who is calling now; null when nobody is. */
  caller(): Caller | null
}

/** An envelope that lies in the mailbox, or was handed out and is waited for. */
interface Letter {
  envelope: Envelope
  settle: (answer: Answer) => void
  /** When it was laid in, and from its handing out on when that was. */
  sinceMs: number
  /** From then on it must not leave any more. */
  before: Date | null
}

/** What is under way: a letter of the road, or a set of our own that nobody waits for. */
type UnderWay = Letter | 'our own'

interface WireOptions {
  now: () => Date
  /** Waits, and is interrupted without an error when the signal says so. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  version: () => number
  /** Whether whoever is at the other end has said which company it is: else QuickBooks is told nothing of our own. */
  isKnown: () => boolean
  /** Called with each conversation that begins. */
  opened: () => void
}

/** The letterbox that the road and the Web Connector share. What it gives never throws. */
export function openWire(options: WireOptions): Wire {
  let current: Talk | null = null
  const forgetting = new Forgetting()
  return {
    mailbox: {
      open(caller) {
        current?.end('another conversation has begun')
        current = new Talk(caller, { ...options, forgetting })
        options.opened()
        return current
      },
      current: () => (current?.isOver ? null : current),
    },
    send(envelope, right) {
      if (!current || current.isOver) {
        return Promise.resolve({ kind: 'not-sent', detail: 'the Web Connector is not connected', durationMs: 0 })
      }
      return current.layIn(envelope, right)
    },
    settled: (path) => forgetting.settled(path),
    caller: () => (current && !current.isOver ? current.caller : null),
  }
}

interface TalkOptions extends WireOptions {
  /** Of all conversations: what one of them leaves to be forgotten the next one sees to. */
  forgetting: Forgetting
}

/** One conversation with the Web Connector: at most one set is under way at any time. */
class Talk implements Conversation {
  readonly caller: Caller
  readonly #ending = new AbortController()
  readonly #options: TalkOptions
  readonly #waiting: Letter[] = []
  #underWay: UnderWay | null = null
  #finished = false
  /** How often the next request was asked for. */
  #asked = 0
  /** Whoever waits for a change of any of the above. */
  #wakers: (() => void)[] = []

  constructor(caller: Caller, options: TalkOptions) {
    this.caller = caller
    this.#options = options
  }

  get ended(): AbortSignal {
    return this.#ending.signal
  }

  get isOver(): boolean {
    return this.ended.aborted
  }

  /** The road lays an envelope in, and waits until its answer has come, or cannot come any more. */
  layIn(envelope: Envelope, right?: { before: Date }): Promise<Answer> {
    return new Promise((resolve) => {
      const letter: Letter = { envelope, settle: resolve, sinceMs: this.#nowMs(), before: right?.before ?? null }
      this.#finished = false
      this.#waiting.push(letter)
      this.#wake()
      if (letter.before) void this.#withdrawAt(letter, letter.before)
    })
  }

  async next({ withinMs }: { withinMs: number }): Promise<{ body: string } | 'later' | 'done'> {
    // Whoever asks anew has lost what was handed out, or its answer.
    this.#lose('asked for the next request before this one was answered')
    // Of several that wait only the newest is still listening: nothing may be handed to one who has gone.
    this.#asked += 1
    const turn = this.#asked
    this.#wake()
    const deadlineMs = this.#nowMs() + withinMs
    for (;;) {
      if (this.isOver) return 'done'
      if (turn !== this.#asked) return 'later'
      const body = this.#forget('nextUrgent') ?? this.#handOut() ?? (this.#finished ? this.#forget('nextDue') : null)
      if (body !== null) return { body }
      if (this.#finished) return 'done'
      if (!(await this.#changed(deadlineMs))) return 'later'
    }
  }

  /** The next letter that may still leave; null when there is none. */
  #handOut(): string | null {
    for (let letter = this.#waiting.shift(); letter; letter = this.#waiting.shift()) {
      if (this.#isLate(letter)) this.#settle(letter, TOO_LATE)
      else {
        letter.sinceMs = this.#nowMs()
        this.#underWay = letter
        return letter.envelope.body
      }
    }
    return null
  }

  async answer({
    response,
    hresult,
    message,
    withinMs,
  }: {
    response: string
    hresult: string
    message: string
    withinMs: number
  }): Promise<'more' | 'done' | 'later'> {
    this.#take({ response, hresult, message })
    const { forgetting, isKnown } = this.#options
    const deadlineMs = this.#nowMs() + withinMs
    for (;;) {
      if (this.isOver) return 'done'
      if (this.#waiting.length > 0 || (forgetting.isUrgent && isKnown())) return 'more'
      if (this.#finished) return forgetting.isDue && isKnown() ? 'more' : 'done'
      if (!(await this.#changed(deadlineMs))) return 'later'
    }
  }

  finish(): void {
    this.#finished = true
    this.#wake()
  }

  end(reason: string): void {
    if (this.isOver) return
    this.#ending.abort(new Error(reason))
    this.#lose(reason)
    for (const letter of this.#waiting.splice(0)) this.#settle(letter, { kind: 'not-sent', detail: reason })
    this.#wake()
  }

  /** An answer that nobody waits for is let go: what it answers is lost already, and looked for. */
  #take({ response, hresult, message }: { response: string; hresult: string; message: string }): void {
    const letter = this.#underWay
    this.#underWay = null
    if (letter === null || letter === 'our own') return
    if (response.length > answerBytesMax) {
      this.#settle(letter, { kind: 'lost', detail: `the answer is longer than ${answerBytesMax} bytes` })
      return
    }
    this.#options.forgetting.answered({ ...letter.envelope, response })
    const said = response !== '' || hresult === ''
    const body = said ? response : `${hresult}: ${message}`
    this.#settle(letter, {
      kind: 'answered',
      status: said ? 200 : 500,
      contentType: said ? 'application/qbxml' : 'text/plain',
      body,
      intuitTid: null,
    })
  }

  #forget(next: 'nextUrgent' | 'nextDue'): string | null {
    const { forgetting, isKnown, version } = this.#options
    const messageSetId = isKnown() ? forgetting[next]() : null
    if (messageSetId === null) return null
    this.#underWay = 'our own'
    return forget({ messageSetId, version: version() })
  }

  #lose(detail: string): void {
    const letter = this.#underWay
    this.#underWay = null
    if (letter !== null && letter !== 'our own') this.#settle(letter, { kind: 'lost', detail })
  }

  /** Nobody came for it while it might leave: it never left. */
  async #withdrawAt(letter: Letter, before: Date): Promise<void> {
    while (this.#waiting.includes(letter)) {
      if (this.#isLate(letter)) {
        this.#waiting.splice(this.#waiting.indexOf(letter), 1)
        this.#settle(letter, TOO_LATE)
        return
      }
      await this.#changed(before.getTime())
    }
  }

  /** Looked at right before it leaves, too: a process that was frozen hands out nothing. */
  #isLate({ before }: Letter): boolean {
    return before !== null && this.#options.now() >= before
  }

  #settle(letter: Letter, answer: Unclocked): void {
    letter.settle({ ...answer, durationMs: this.#nowMs() - letter.sinceMs })
  }

  /** Waits for any change; false when the deadline passed without one. */
  async #changed(deadlineMs: number): Promise<boolean> {
    const ms = deadlineMs - this.#nowMs()
    if (ms <= 0) return false
    const interrupt = new AbortController()
    let woken = false
    const change = new Promise<void>((resolve) => {
      this.#wakers.push(() => {
        woken = true
        resolve()
      })
    })
    await Promise.race([change, this.#options.sleep(ms, interrupt.signal)])
    interrupt.abort()
    return woken || this.#nowMs() < deadlineMs
  }

  #wake(): void {
    for (const wake of this.#wakers.splice(0)) wake()
  }

  #nowMs(): number {
    return this.#options.now().getTime()
  }
}

type Unclocked = Answer extends infer One ? (One extends Answer ? Omit<One, 'durationMs'> : never) : never

const TOO_LATE: Unclocked = { kind: 'not-sent', detail: 'the Web Connector did not ask for it in time' }
