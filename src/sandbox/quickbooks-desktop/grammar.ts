// Reads the shape language of requests.ts, in which each request is one line of text:
//   Name:str41      an element of that type       (no type: an element with children, in brackets)
//   A? B* C+        may be missing, many, at least one      <A | B>  one of them      Word^8  since qbXML 8.0
//   %Word           the shape of that name, written out in its place
export type Particle =
  | { kind: 'element'; name: string; type: string; children: Particle[]; many: boolean; needed: boolean; since: number }
  | { kind: 'choice'; branches: Particle[][]; many: boolean; needed: boolean }

/** Parses a shape. Throws a RangeError on a shape that is written wrongly. */
export function parseShape({ text, words }: { text: string; words: Readonly<Record<string, string>> }): Particle[] {
  const tokens = expanded({ text, words }).match(/[\w:=/,]+|[()<>|?*+^]/g) ?? []
  const reader = new ShapeReader(tokens)
  const particles = reader.sequence()
  if (!reader.atEnd) throw new RangeError(`a shape ends too early: ${text}`)
  return particles
}

function expanded({ text, words }: { text: string; words: Readonly<Record<string, string>> }): string {
  return text.replace(/%(\w+)/g, (_, name: string) => {
    const shape = words[name]
    if (shape === undefined) throw new RangeError(`no shape is called ${name}`)
    return expanded({ text: shape, words })
  })
}

class ShapeReader {
  readonly #tokens: readonly string[]
  #at = 0

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  get atEnd(): boolean {
    return this.#at >= this.#tokens.length
  }

  sequence(): Particle[] {
    const particles: Particle[] = []
    while (!this.atEnd && !['|', '>', ')'].includes(this.#next)) particles.push(this.#particle())
    return particles
  }

  get #next(): string {
    return this.#tokens[this.#at] ?? ''
  }

  #takes(token: string): boolean {
    if (this.#next !== token) return false
    this.#at += 1
    return true
  }

  #particle(): Particle {
    if (this.#takes('<')) {
      const branches = [this.sequence()]
      while (this.#takes('|')) branches.push(this.sequence())
      if (!this.#takes('>')) throw new RangeError('a choice is not closed')
      return { kind: 'choice', branches, ...this.#occurrence() }
    }
    const [name = '', type = ''] = this.#next.split(':')
    this.#at += 1
    const children = this.#takes('(') ? this.sequence() : []
    if (children.length > 0 && !this.#takes(')')) throw new RangeError(`${name} is not closed`)
    const occurrence = this.#occurrence()
    let since = 1
    if (this.#takes('^')) {
      since = Number(this.#next)
      this.#at += 1
    }
    return { kind: 'element', name, type, children, since, ...occurrence }
  }

  #occurrence(): { many: boolean; needed: boolean } {
    if (this.#takes('?')) return { many: false, needed: false }
    if (this.#takes('*')) return { many: true, needed: false }
    if (this.#takes('+')) return { many: true, needed: true }
    return { many: false, needed: true }
  }
}
