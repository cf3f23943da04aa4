import { describe, expect, test } from '@jest/globals'
import { Visitor } from 'oxc-parser'
import { lineAt, type Module, modulesBelow, parseModule } from './modules.ts'

/** Something that is spoken in some rooms only. `speaks` gives the offsets at which a module speaks it. */
interface Dialect {
  only: RegExp
  speaks: (module: Module) => number[]
  rule: string
}

const PARTS = 'Edges translate; the middle speaks canonical.'
const WHEN = 'Take `now` (or a seed) as an argument, so that the simulation runs the same code (law 12).'
const EXACT = 'Money is decimal and exact: use domain/money.ts (law 8).'

/** The rooms in which a clock is read and handed on; embedded-postgres and its lock wait for processes of the real world. */
const REAL_TIME =
  /^src\/((app|main|config|cli)\.ts$|(jobs|api|http|dashboard|sandbox)\/|storage\/(embedded-postgres|start-lock)\.ts$)/

const DIALECTS: Record<string, Dialect> = {
  SQL: {
    only: /^(src\/storage|migrations)\//,
    speaks: (module) => [...sqlImports(module), ...calls(module, /^\w+\.execute$/)],
    rule: 'SQL is spoken in src/storage and migrations only: add a function there that says what you mean.',
  },
  'the column names of Creatio': {
    only: /^src\/(creatio|sandbox)\//,
    speaks: (module) => words(module, /\bBG[A-Z][A-Za-z]/),
    rule: `A name of Creatio's columns (BG…) belongs to src/creatio. ${PARTS}`,
  },
  'the ids of QuickBooks Desktop': {
    only: /^src\/(ledgers\/quickbooks-desktop|sandbox)\//,
    speaks: (module) => words(module, /\bTxn(Line)?ID/),
    rule: `TxnID belongs to src/ledgers/quickbooks-desktop. ${PARTS}`,
  },
  'the clock': {
    only: REAL_TIME,
    speaks: (module) => [...calls(module, /^(Date\.now|Date)$/), ...newDates(module)],
    rule: `The clock is read at the edge. ${WHEN}`,
  },
  chance: {
    only: /^src\/dashboard\//,
    speaks: (module) => calls(module, /^Math\.random$/),
    rule: `Math.random has no seed. ${WHEN}`,
  },
  'rounding of floats': {
    only: /^src\/(domain\/money\.ts$|dashboard\/|sandbox\/)/,
    speaks: (module) => calls(module, /^(parseFloat|Number\.parseFloat|\w+\.toFixed)$/),
    rule: EXACT,
  },
}

function violationsOf(name: string, modules: Module[]): string[] {
  const dialect = DIALECTS[name]
  if (!dialect) throw new RangeError(`no dialect ${name}`)
  const places = modules
    .filter(({ path }) => !dialect.only.test(path))
    .flatMap((module) => dialect.speaks(module).map((offset) => `${module.path}:${lineAt(module.text, offset)}`))
  return [...new Set(places)].map((place) => `${place}: ${dialect.rule}`)
}

/** The `sql` tag and its like, of kysely or of MikroORM, and the driver itself. */
function sqlImports({ parsed }: Module): number[] {
  return parsed.module.staticImports
    .filter(({ moduleRequest, entries }) => {
      const names = entries.filter(({ isType }) => !isType).map(({ importName }) => importName.name ?? 'all')
      if (/^(kysely|pg)$/.test(moduleRequest.value)) return names.length > 0
      return moduleRequest.value.startsWith('@mikro-orm/') && names.some((name) => /^(sql|raw)$/.test(name))
    })
    .map(({ start }) => start)
}

/** The calls of `name(…)` or `anything.name(…)`; of a longer path, its last two parts count. */
function calls({ parsed }: Module, called: RegExp): number[] {
  const offsets: number[] = []
  new Visitor({
    CallExpression: ({ callee, start }) => {
      if (callee.type === 'Identifier' && called.test(callee.name)) offsets.push(start)
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier' || callee.computed) return
      const object = callee.object.type === 'Identifier' ? callee.object.name : 'something'
      if (called.test(`${object}.${callee.property.name}`)) offsets.push(start)
    },
  }).visit(parsed.program)
  return offsets
}

/** `new Date()` reads the clock; `new Date(time)` does not. */
function newDates({ parsed }: Module): number[] {
  const offsets: number[] = []
  new Visitor({
    NewExpression: ({ callee, arguments: given, start }) => {
      if (callee.type === 'Identifier' && callee.name === 'Date' && given.length === 0) offsets.push(start)
    },
  }).visit(parsed.program)
  return offsets
}

/** The names and texts of the code that match; comments may explain what they like. */
function words({ parsed }: Module, wanted: RegExp): number[] {
  const offsets: number[] = []
  const look = (text: unknown, { start }: { start: number }) => {
    if (typeof text === 'string' && wanted.test(text)) offsets.push(start)
  }
  new Visitor({
    Identifier: (node) => look(node.name, node),
    PrivateIdentifier: (node) => look(node.name, node),
    JSXIdentifier: (node) => look(node.name, node),
    JSXText: (node) => look(node.value, node),
    Literal: (node) => look(node.value, node),
    TemplateElement: (node) => look(node.value.raw, node),
  }).visit(parsed.program)
  return offsets
}

describe('a dialect is spoken at home only', () => {
  const house = modulesBelow('src')

  test.each(Object.keys(DIALECTS))('%s', (name) => {
    expect(violationsOf(name, house)).toEqual([])
  })
})

describe('the guard itself', () => {
  const heard = (name: string, text: string, path = 'src/sync/dispatch.ts') =>
    violationsOf(name, [parseModule({ path, text })]).length

  test.each([
    ['SQL', `import { sql } from 'kysely'`],
    ['SQL', `import { raw } from '@mikro-orm/postgresql'`],
    ['SQL', `import pg from 'pg'`],
    ['SQL', `await query.execute(connection)`],
    ['SQL', `await database.kysely().execute(connection)`],
    ['the column names of Creatio', `const field = 'BGErrorMessage'`],
    ['the column names of Creatio', `const text = \`set \${name} to Order.BGQuickBooksId\``],
    ['the column names of Creatio', `row.BGNumberInvoice = 1`],
    ['the ids of QuickBooks Desktop', `const { TxnID } = answer`],
    ['the ids of QuickBooks Desktop', `const query = '<TxnLineID>'`],
    ['the clock', `const now = new Date()`],
    ['the clock', `const now = Date.now()`],
    ['chance', `const jitter = Math.random()`],
    ['rounding of floats', `const total = parseFloat(text)`],
    ['rounding of floats', `const total = (net * rate).toFixed(2)`],
  ])('%s is heard in: %s', (name, text) => {
    expect(heard(name, text)).toBe(1)
  })

  test.each([
    ['SQL', `import type { RawBuilder } from 'kysely'`],
    ['SQL', `execute(plan)`],
    ['the column names of Creatio', `// writes BGErrorMessage and its siblings\nconst bgColor = 'BG'`],
    ['the clock', `const took = performance.now() - began`],
    ['the clock', `const due = new Date(now.getTime() + 1000)`],
  ])('%s is not heard in: %s', (name, text) => {
    expect(heard(name, text)).toBe(0)
  })

  test('each dialect may be spoken at home', () => {
    expect(heard('SQL', `await query.execute(kysely)`, 'src/storage/postings.ts')).toBe(0)
    expect(heard('the column names of Creatio', `const field = 'BGErrorMessage'`, 'src/creatio/profile.ts')).toBe(0)
    expect(heard('the ids of QuickBooks Desktop', `'TxnID'`, 'src/ledgers/quickbooks-desktop/wire.ts')).toBe(0)
    expect(heard('the ids of QuickBooks Desktop', `'TxnID'`, 'src/ledgers/quickbooks-online/wire.ts')).toBe(1)
    expect(heard('the clock', `new Date()`, 'src/app.ts')).toBe(0)
  })
})
