import type { Answer, Caller, Conversation, Envelope, Mailbox } from '../ledger.ts'
import { forget, isRepetition, messageSetIdIn } from './pack.ts'
import { answerBytesMax } from './read-xml.ts'

/** The statuses of a set that QuickBooks remembers, and has no fitting answer of. */
const BROKEN_STATUSES = ['9001', '9002']

/** Within so many characters an answer has said the status of its set. */
const headLength = 1024

export interface Wire {
  mailbox: Mailbox
  send(envelope: Envelope, right?: { before: Date }): Promise<Answer>
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
  /** Called with each conversation that begins. */
  opened: () => void
}

/** The letterbox that the road and the Web Connector share. What it gives never throws. */
export function openWire(options: WireOptions): Wire {
  let current: Talk | null = null
  return {
    mailbox: {
      open(caller) {
        current?.end('another conversation has begun')
        current = new Talk(caller, options)
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
    caller: () => (current && !current.isOver ? current.caller : null),
  }
}

/** One conversation with the Web Connector: at most one set is under way at any time. */
class Talk implements Conversation {
  readonly caller: Caller
  isOver = false
  readonly #options: WireOptions
  readonly #waiting: Letter[] = []
  #underWay: UnderWay | null = null
  #finished = false
  /** How often the next request was asked for. */
  #asked = 0
  /** Sets whose stored answer was repeated to us, and can be forgotten when the road has taken it in. */
  readonly #repeated: string[] = []
  /** Sets that QuickBooks remembers without an answer: until they are forgotten nothing goes under their ids. */
  readonly #broken: string[] = []
  /** Whoever waits for a change of any of the above. */
  #wakers: (() => void)[] = []

  constructor(caller: Caller, options: WireOptions) {
    this.caller = caller
    this.#options = options
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
      const body =
        this.#forgetNext(this.#broken) ?? this.#handOut() ?? (this.#finished ? this.#forgetNext(this.#repeated) : null)
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
    const deadlineMs = this.#nowMs() + withinMs
    for (;;) {
      if (this.isOver) return 'done'
      if (this.#waiting.length + this.#broken.length > 0) return 'more'
      if (this.#finished) return this.#repeated.length > 0 ? 'more' : 'done'
      if (!(await this.#changed(deadlineMs))) return 'later'
    }
  }

  finish(): void {
    this.#finished = true
    this.#wake()
  }

  end(reason: string): void {
    if (this.isOver) return
    this.isOver = true
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
    this.#rememberToForget(letter.envelope, response)
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

  #rememberToForget({ path }: Envelope, response: string): void {
    const messageSetId = messageSetIdIn(path)
    const status = /<QBXMLMsgsRs[^>]*\smessageSetStatusCode="(\d+)"/.exec(response.slice(0, headLength))?.[1]
    if (messageSetId === null || status === undefined) return
    if (BROKEN_STATUSES.includes(status)) this.#broken.push(messageSetId)
    else if (status === '0' && isRepetition(path)) this.#repeated.push(messageSetId)
  }

  #forgetNext(messageSetIds: string[]): string | null {
    const messageSetId = messageSetIds.shift()
    if (messageSetId === undefined) return null
    this.#underWay = 'our own'
    return forget({ messageSetId, version: this.#options.version() })
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
