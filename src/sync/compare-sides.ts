import type { Comparison } from '../domain/comparison.ts'

/** Both sides of every field that was compared, and the differences in words; none means equal. */
export interface Compared {
  comparison: Comparison[]
  differences: string[]
}

/** Puts fields beside one another as they are compared. */
export class Sides {
  readonly #comparison: Comparison[] = []
  readonly #differences: string[] = []

  /** Compares one field. What stands on neither side is not shown. */
  field(field: string, sides: { ours: string | null; theirs: string | null; line?: number; words?: string }): void {
    const { ours, theirs, line = null } = sides
    if (ours === null && theirs === null) return
    const equal = ours === theirs
    this.#comparison.push({ field, line, ours, theirs, equal })
    if (equal) return
    const what = line === null ? field : `line ${line} ${field}`
    this.#differences.push(sides.words ?? `${what} ${ours ?? 'none'} against ${theirs ?? 'none'}`)
  }

  /** Shows one field of both sides, which does not count. */
  show(field: string, sides: { ours: string | null; theirs: string | null; line: number }): void {
    const { ours, theirs, line } = sides
    if (ours !== null || theirs !== null) this.#comparison.push({ field, line, ours, theirs, equal: ours === theirs })
  }

  differ(words: string): void {
    this.#differences.push(words)
  }

  compared(): Compared {
    return { comparison: this.#comparison, differences: this.#differences }
  }
}

/** QuickBooks returned another kind of record, or one that was voided: nothing else of it is worth comparing. */
export function otherwise(args: { ours: string; theirs: string; words: string }): Compared {
  const sides = new Sides()
  sides.field('state', args)
  return sides.compared()
}
