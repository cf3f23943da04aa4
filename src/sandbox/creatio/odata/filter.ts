import { Refusal } from '../refusal.ts'

export type Operator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'
export type LiteralType = 'guid' | 'date' | 'text' | 'number' | 'boolean' | 'null'

export type Operand =
  | { kind: 'path'; path: string[]; fold: boolean }
  | { kind: 'literal'; type: LiteralType; value: string }

export type Expression =
  | { kind: 'and' | 'or'; left: Expression; right: Expression }
  | { kind: 'not'; inner: Expression }
  | { kind: 'compare'; operator: Operator; left: Operand; right: Operand }
  | { kind: 'text'; function: 'contains' | 'startswith' | 'endswith'; left: Operand; right: Operand }

type Token = { kind: 'literal'; type: LiteralType; value: string } | { kind: 'word' | 'mark'; value: string }

const patterns: [RegExp, (text: string) => Token][] = [
  [/'(?:[^']|'')*'/y, (t) => ({ kind: 'literal', type: 'text', value: t.slice(1, -1).replaceAll("''", "'") })],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/iy, (t) => literal('guid', t.toLowerCase())],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)/y, (t) => literal('date', t)],
  [/-?\d+(?:\.\d+)?(?![\w-])/y, (t) => literal('number', t)],
  [/(?:true|false)\b/y, (t) => literal('boolean', t)],
  [/null\b/y, (t) => literal('null', t)],
  [/[A-Za-z_][\w]*(?:\/[A-Za-z_]\w*)*/y, (t) => ({ kind: 'word', value: t })],
  [/[(),]/y, (t) => ({ kind: 'mark', value: t })],
]
const operators = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le'])
const textFunctions = new Set(['contains', 'startswith', 'endswith'])
const nestingMax = 200

/** Reads a $filter. Throws a Refusal (400, body (1)) with the place where it cannot be understood. */
export function parseFilter(text: string): Expression {
  return new Parser(text).parse()
}

function literal(type: LiteralType, value: string): Token {
  return { kind: 'literal', type, value }
}

class Parser {
  readonly #text: string
  readonly #tokens: { token: Token; at: number }[]
  #next = 0
  #nesting = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokenize(text)
  }

  parse(): Expression {
    const expression = this.#or()
    if (this.#next < this.#tokens.length) throw this.#trouble()
    return expression
  }

  #or(): Expression {
    let left = this.#and()
    while (this.#takeWord('or')) left = { kind: 'or', left, right: this.#and() }
    return left
  }

  #and(): Expression {
    let left = this.#term()
    while (this.#takeWord('and')) left = { kind: 'and', left, right: this.#term() }
    return left
  }

  #term(): Expression {
    if (++this.#nesting > nestingMax) throw this.#trouble()
    try {
      if (this.#takeWord('not')) return { kind: 'not', inner: this.#term() }
      if (this.#takeMark('(')) {
        const inner = this.#or()
        this.#needMark(')')
        return inner
      }
      return this.#predicate()
    } finally {
      this.#nesting -= 1
    }
  }

  #predicate(): Expression {
    const called = this.#peek()
    if (called?.kind === 'word' && textFunctions.has(called.value)) {
      this.#next += 1
      this.#needMark('(')
      const left = this.#operand()
      this.#needMark(',')
      const right = this.#operand()
      this.#needMark(')')
      this.#takeTruth()
      return { kind: 'text', function: called.value as 'contains', left, right }
    }
    const left = this.#operand()
    const operator = this.#peek()
    if (operator?.kind !== 'word' || !operators.has(operator.value)) {
      // A boolean column may stand alone.
      if (left.kind !== 'path') throw this.#trouble()
      return { kind: 'compare', operator: 'eq', left, right: { kind: 'literal', type: 'boolean', value: 'true' } }
    }
    this.#next += 1
    return { kind: 'compare', operator: operator.value as Operator, left, right: this.#operand() }
  }

  /** `contains(…) eq true` is what several clients write. */
  #takeTruth(): void {
    const [operator, value] = [this.#tokens[this.#next]?.token, this.#tokens[this.#next + 1]?.token]
    if (operator?.value === 'eq' && value?.kind === 'literal' && value.value === 'true') this.#next += 2
  }

  #operand(): Operand {
    const token = this.#peek()
    if (token?.kind === 'literal') {
      this.#next += 1
      return token
    }
    if (token?.kind !== 'word' || operators.has(token.value)) throw this.#trouble()
    this.#next += 1
    if (token.value !== 'tolower') return { kind: 'path', path: token.value.split('/'), fold: false }
    this.#needMark('(')
    const inner = this.#operand()
    this.#needMark(')')
    return inner.kind === 'path' ? { ...inner, fold: true } : { ...inner, value: inner.value.toLowerCase() }
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next]?.token
  }

  #takeWord(value: string): boolean {
    const token = this.#peek()
    if (token?.kind !== 'word' || token.value !== value) return false
    this.#next += 1
    return true
  }

  #takeMark(value: string): boolean {
    const token = this.#peek()
    if (token?.kind !== 'mark' || token.value !== value) return false
    this.#next += 1
    return true
  }

  #needMark(value: string): void {
    if (!this.#takeMark(value)) throw this.#trouble()
  }

  #trouble(): Refusal {
    const at = this.#tokens[this.#next]?.at ?? this.#text.length
    return syntaxError({ text: this.#text, at })
  }
}

function tokenize(text: string): { token: Token; at: number }[] {
  const tokens: { token: Token; at: number }[] = []
  let at = 0
  scan: while (at < text.length) {
    if (text[at] === ' ') {
      at += 1
      continue
    }
    for (const [pattern, tokenOf] of patterns) {
      pattern.lastIndex = at
      const found = pattern.exec(text)
      if (!found) continue
      tokens.push({ token: tokenOf(found[0]), at })
      at += found[0].length
      continue scan
    }
    throw syntaxError({ text, at })
  }
  return tokens
}

function syntaxError({ text, at }: { text: string; at: number }): Refusal {
  const inner = `Syntax error at position ${at} in '${text}'.`
  return new Refusal({ status: 400, message: `The query specified in the URI is not valid. ${inner}`, inner })
}
