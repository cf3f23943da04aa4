// The query language: SELECT … FROM … WHERE … AND … ORDERBY … STARTPOSITION … MAXRESULTS. There is no OR, no JOIN and
// no parenthesised condition. Literals stand in apostrophes, an apostrophe inside one is written \' (doubling it is an
// error, as in the real service). Anything else is fault 4000.
import { queryNotParsed } from './fault.ts'

export type Operator = '=' | '!=' | '<' | '>' | '<=' | '>=' | 'LIKE' | 'IN'

export interface Condition {
  field: string
  operator: Operator
  values: string[]
}

export interface Query {
  /** '*', 'count', or the columns. */
  select: '*' | 'count' | string[]
  entity: string
  where: Condition[]
  orderBy: { field: string; descending: boolean }[]
  startPosition: number
  maxResults: number
}

type Token = { kind: 'word' | 'text' | 'number' | 'sign' | 'end'; text: string; at: number }

const tokenPattern =
  /\s+|'((?:[^'\\]|\\.)*)'|(-?\d+(?:\.\d+)?)(?![\w])|([A-Za-z_][\w.]*(?:\.\*)?)|(<=|>=|!=|[=<>(),*])/y

/** Parses one query. Throws fault 4000 with the place of the first thing that does not belong. */
export function parseQuery(text: string): Query {
  return new QueryReader(tokenize(text)).query()
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  tokenPattern.lastIndex = 0
  while (tokenPattern.lastIndex < text.length) {
    const at = tokenPattern.lastIndex
    const found = tokenPattern.exec(text)
    if (!found) throw encountered({ text: text.slice(at, at + 10), at })
    const [, literal, number, word, sign] = found
    if (literal !== undefined) tokens.push({ kind: 'text', text: literal.replace(/\\(.)/g, '$1'), at })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, at })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at })
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, at })
  }
  tokens.push({ kind: 'end', text: '<EOF>', at: text.length })
  return tokens
}

const encountered = ({ text, at }: { text: string; at: number }) =>
  queryNotParsed(`Encountered " "${text}" "" at line 1, column ${at + 1}.`)

class QueryReader {
  readonly #tokens: Token[]
  #position = 0

  constructor(tokens: Token[]) {
    this.#tokens = tokens
  }

  query(): Query {
    this.#expectWord('SELECT')
    const select = this.#selection()
    this.#expectWord('FROM')
    const entity = this.#take('word').text
    const query: Query = { select, entity, where: [], orderBy: [], startPosition: 1, maxResults: 100 }
    if (this.#acceptWord('WHERE')) {
      do query.where.push(this.#condition())
      while (this.#acceptWord('AND'))
    }
    if (this.#acceptWord('ORDERBY')) query.orderBy = this.#ordering()
    else if (this.#acceptWord('ORDER')) {
      this.#expectWord('BY')
      query.orderBy = this.#ordering()
    }
    this.#page(query)
    if (this.#peek().kind !== 'end') throw encountered(this.#peek())
    return query
  }

  #page(query: Query): void {
    for (;;) {
      if (this.#acceptWord('STARTPOSITION')) query.startPosition = this.#wholeNumber()
      else if (this.#acceptWord('MAXRESULTS')) query.maxResults = this.#wholeNumber()
      else return
    }
  }

  #selection(): Query['select'] {
    if (this.#acceptSign('*')) return '*'
    if (this.#acceptWord('COUNT')) {
      this.#expectSign('(')
      this.#expectSign('*')
      this.#expectSign(')')
      return 'count'
    }
    const columns: string[] = []
    do columns.push(this.#take('word').text)
    while (this.#acceptSign(','))
    return columns
  }

  #condition(): Condition {
    const field = this.#take('word').text
    if (this.#acceptWord('IN')) {
      const values: string[] = []
      this.#expectSign('(')
      do values.push(this.#value())
      while (this.#acceptSign(','))
      this.#expectSign(')')
      return { field, operator: 'IN', values }
    }
    if (this.#acceptWord('LIKE')) return { field, operator: 'LIKE', values: [this.#take('text').text] }
    const sign = this.#take('sign')
    if (!/^(=|!=|<|>|<=|>=)$/.test(sign.text)) throw encountered(sign)
    return { field, operator: sign.text as Operator, values: [this.#value()] }
  }

  #value(): string {
    const token = this.#peek()
    const isLiteral = token.kind === 'text' || token.kind === 'number'
    const isTruth = token.kind === 'word' && /^(true|false)$/i.test(token.text)
    if (!isLiteral && !isTruth) throw encountered(token)
    this.#position += 1
    return isTruth ? token.text.toLowerCase() : token.text
  }

  #ordering(): Query['orderBy'] {
    const orderBy: Query['orderBy'] = []
    do {
      const field = this.#take('word').text
      const descending = this.#acceptWord('DESC')
      if (!descending) this.#acceptWord('ASC')
      orderBy.push({ field, descending })
    } while (this.#acceptSign(','))
    return orderBy
  }

  #wholeNumber(): number {
    const token = this.#peek()
    const isWhole = (token.kind === 'number' || token.kind === 'text') && /^\d+$/.test(token.text)
    if (!isWhole) throw encountered(token)
    this.#position += 1
    return Number(token.text)
  }

  #peek(): Token {
    return this.#tokens[this.#position] ?? { kind: 'end', text: '<EOF>', at: 0 }
  }

  #take(kind: Token['kind']): Token {
    const token = this.#peek()
    if (token.kind !== kind) throw encountered(token)
    this.#position += 1
    return token
  }

  #acceptWord(word: string): boolean {
    const token = this.#peek()
    const isIt = token.kind === 'word' && token.text.toUpperCase() === word
    if (isIt) this.#position += 1
    return isIt
  }

  #acceptSign(sign: string): boolean {
    const token = this.#peek()
    const isIt = token.kind === 'sign' && token.text === sign
    if (isIt) this.#position += 1
    return isIt
  }

  #expectWord(word: string): void {
    if (!this.#acceptWord(word)) throw encountered(this.#peek())
  }

  #expectSign(sign: string): void {
    if (!this.#acceptSign(sign)) throw encountered(this.#peek())
  }
}
