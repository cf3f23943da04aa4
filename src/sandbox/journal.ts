import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** One change: a record put, a record deleted, or a single value set. Short keys, because there are many. */
export type JournalLine = { t: string; r: { Id: string } } | { t: string; d: string } | { v: string; x: unknown }

const chunkBytes = 1 << 20

/**
 * An append-only JSONL file. A change is written before `append` returns, so that what was answered to a client survives
 * a SIGKILL of the process (the kernel has the bytes). It does not survive a power failure: nothing here calls fsync.
 */
export class Journal {
  readonly #descriptor: number
  #held: string[] | undefined

  private constructor(path: string) {
    this.#descriptor = openSync(path, 'a')
  }

  /** Replays what is there into `onLine`, rewrites the file as `snapshot()` when it has grown stale or torn, and opens it. */
  static open({ directory, onLine, snapshot }: JournalOptions): Journal {
    mkdirSync(directory, { recursive: true })
    const path = join(directory, 'journal.jsonl')
    const { lines, torn } = existsSync(path) ? replay({ path, onLine }) : { lines: 0, torn: false }
    let live = 0
    for (const _ of snapshot()) live += 1
    if (torn || lines > live * 1.25) rewrite({ path, lines: snapshot() })
    return new Journal(path)
  }

  append(line: JournalLine): void {
    const text = `${JSON.stringify(line)}\n`
    if (this.#held) this.#hold(text)
    else writeSync(this.#descriptor, text)
  }

  /** Writes the changes that `work` makes together: in one write when they are few, in large ones when they are many. */
  together<T>(work: () => T): T {
    if (this.#held) return work()
    this.#held = []
    try {
      return work()
    } finally {
      this.#flush()
      this.#held = undefined
    }
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  #hold(text: string): void {
    this.#held?.push(text)
    if ((this.#held?.length ?? 0) >= 5_000) this.#flush()
  }

  #flush(): void {
    if (this.#held && this.#held.length > 0) writeFully({ descriptor: this.#descriptor, text: this.#held.join('') })
    this.#held = []
  }
}

export interface JournalOptions {
  directory: string
  onLine: (line: JournalLine) => void
  snapshot: () => Iterable<JournalLine>
}

/** Reads line by line in blocks (a large journal does not fit one string). A last line that does not parse was torn by a kill. */
function replay({ path, onLine }: { path: string; onLine: (line: JournalLine) => void }): {
  lines: number
  torn: boolean
} {
  const descriptor = openSync(path, 'r')
  const block = Buffer.alloc(chunkBytes)
  let rest = Buffer.alloc(0)
  let lines = 0
  for (let read = readSync(descriptor, block); read > 0; read = readSync(descriptor, block)) {
    const bytes = Buffer.concat([rest, block.subarray(0, read)])
    const end = bytes.lastIndexOf(10)
    rest = Buffer.from(bytes.subarray(end + 1))
    if (end < 0) continue
    for (const text of bytes.toString('utf8', 0, end).split('\n')) {
      onLine(JSON.parse(text) as JournalLine)
      lines += 1
    }
  }
  closeSync(descriptor)
  return { lines, torn: rest.length > 0 }
}

function rewrite({ path, lines }: { path: string; lines: Iterable<JournalLine> }): void {
  const next = `${path}.next`
  const descriptor = openSync(next, 'w')
  let held: string[] = []
  for (const line of lines) {
    held.push(`${JSON.stringify(line)}\n`)
    if (held.length < 5_000) continue
    writeFully({ descriptor, text: held.join('') })
    held = []
  }
  writeFully({ descriptor, text: held.join('') })
  closeSync(descriptor)
  renameSync(next, path)
}

function writeFully({ descriptor, text }: { descriptor: number; text: string }): void {
  const bytes = Buffer.from(text)
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written)
}
