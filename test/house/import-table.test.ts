import { describe, expect, test } from '@jest/globals'
import { type Module, modulesBelow, parseModule, targetOf } from './modules.ts'

const EVERY_ROOM = 'every room but the sandbox'

/** The table of design and ARCHITECTURE.md, Rooms: what each room of src may import, besides itself. */
const MAY_IMPORT: Record<string, readonly string[] | typeof EVERY_ROOM> = {
  domain: [],
  creatio: ['domain'],
  'ledgers/ledger.ts': ['domain', 'ledgers/mailbox.ts'],
  'ledgers/mailbox.ts': [],
  'ledgers/*': ['domain', 'ledgers/ledger.ts', 'ledgers/mailbox.ts'],
  storage: ['domain'],
  sync: ['domain', 'storage', 'creatio', 'ledgers/ledger.ts'],
  commission: ['domain', 'storage', 'ledgers/ledger.ts'],
  metrics: ['domain', 'storage', 'ledgers/ledger.ts'],
  'web-connector': ['domain', 'storage', 'sync', 'ledgers/mailbox.ts'],
  jobs: ['sync', 'commission', 'metrics'],
  api: ['domain', 'storage', 'sync', 'commission', 'metrics'],
  http: [],
  dashboard: [],
  sandbox: [],
  'app.ts': EVERY_ROOM,
  'main.ts': EVERY_ROOM,
  'config.ts': EVERY_ROOM,
  'cli.ts': EVERY_ROOM,
  cli: EVERY_ROOM,
}

const READ = 'Read ARCHITECTURE.md, Rooms.'

/** `src/ledgers/dry-run/wire.ts` is in the room `ledgers/dry-run`, `src/sync/intake.ts` in `sync`, `src/app.ts` in `app.ts`. */
function roomOf(path: string): string {
  const [, first = '', second = ''] = path.split('/')
  return first === 'ledgers' ? `${first}/${second}` : first
}

function rowOf(room: string): string {
  return room.startsWith('ledgers/') && !room.endsWith('.ts') ? 'ledgers/*' : room
}

function homelessnessOf(path: string): string[] {
  return rowOf(roomOf(path)) in MAY_IMPORT
    ? []
    : [`${path} is in no room: src holds ${Object.keys(MAY_IMPORT).join(', ')} and nothing else. ${READ}`]
}

function violationsOf(module: Module): string[] {
  const room = roomOf(module.path)
  const allowed = MAY_IMPORT[rowOf(room)] ?? []
  return module.uses.flatMap(({ specifier, line }) => {
    const at = `${module.path}:${line}`
    if (specifier === null) return [`${at} imports a computed path: write it out, for the table to read. ${READ}`]
    const target = targetOf({ from: module.path, specifier })
    if (target === null) return []
    const rule = ruleBroken({ room, allowed, target })
    return rule === null ? [] : [`${at} imports ${specifier}: ${rule}. ${READ}`]
  })
}

function ruleBroken(args: { room: string; allowed: (typeof MAY_IMPORT)[string]; target: string }): string | null {
  const { room, allowed, target } = args
  if (!target.startsWith('src/')) return 'src imports nothing outside src'
  const other = roomOf(target)
  if (other === room) return null
  if (other === 'sandbox') return 'nothing imports the sandbox; it is a process, started by its path'
  if (allowed === EVERY_ROOM || allowed.includes(other)) return null
  if (room.startsWith('ledgers/') && rowOf(other) === 'ledgers/*') return 'a ledger never imports a sibling'
  return `${room} may import ${allowed.length > 0 ? allowed.join(', ') : 'nothing else in src'}`
}

describe('the import table', () => {
  const house = modulesBelow('src')

  test('every file in src lives in a room of the design', () => {
    expect(house.length).toBeGreaterThan(0)
    expect(house.flatMap(({ path }) => homelessnessOf(path))).toEqual([])
  })

  test('a room imports only what the table allows it', () => {
    expect(house.flatMap(violationsOf)).toEqual([])
  })
})

describe('the guard itself', () => {
  const judge = (path: string, text: string) => violationsOf(parseModule({ path, text }))

  test.each([
    ['an import', `import { post } from '../ledgers/quickbooks-online/wire.ts'`],
    ['an import for its effect', `import '../ledgers/quickbooks-online/wire.ts'`],
    ['an import of a type', `import type { Wire } from '../ledgers/quickbooks-online/wire.ts'`],
    ['a re-export', `export { post } from '../ledgers/quickbooks-online/wire.ts'`],
    ['a re-export of everything', `export * from '../ledgers/quickbooks-online/wire.ts'`],
    ['a dynamic import', `const wire = await import('../ledgers/quickbooks-online/wire.ts')`],
    ['a dynamic import of a template', 'const wire = await import(`../ledgers/quickbooks-online/wire.ts`)'],
    ['typeof import()', `let wire: typeof import('../ledgers/quickbooks-online/wire.ts')`],
    ['a type of import()', `let wire: import('../ledgers/quickbooks-online/wire.ts').Wire`],
    ['an import by assignment', `import wire = require('../ledgers/quickbooks-online/wire.ts')`],
    ['a require', `const wire = require('../ledgers/quickbooks-online/wire.js')`],
    ['an augmentation', `declare module '../ledgers/quickbooks-online/wire.ts' { interface Wire { more: string } }`],
  ])('%s of a forbidden room is caught, and the message says where, what and why', (_, text) => {
    const specifier = text.includes('.js') ? 'wire.js' : 'wire.ts'
    expect(judge('src/sync/dispatch.ts', `// one line above\n${text}\n`)).toEqual([
      `src/sync/dispatch.ts:2 imports ../ledgers/quickbooks-online/${specifier}: sync may import domain, storage, creatio, ledgers/ledger.ts. ${READ}`,
    ])
  })

  test('an import in a comment or in a string is no import', () => {
    const text = `// import '../sandbox/main.ts'\n/* await import('../api/x.ts') */\nconst s = "import '../api/x.ts'"\n`
    expect(judge('src/sync/dispatch.ts', text)).toEqual([])
  })

  test('a computed import is caught, because nobody can read where it leads', () => {
    expect(judge('src/sync/dispatch.ts', 'await import(name)')).toHaveLength(1)
    expect(judge('src/sync/dispatch.ts', `await import(\`../\${room}/wire.ts\`)`)).toHaveLength(1)
    expect(judge('src/sync/dispatch.ts', `await import(\`@scope/\${platform}\`)`)).toEqual([])
  })

  test.each([
    ['src/ledgers/dry-run/wire.ts', '../quickbooks-online/wire.ts', 'a ledger never imports a sibling'],
    [
      'src/ledgers/dry-run/wire.ts',
      '../../storage/database.ts',
      'ledgers/dry-run may import domain, ledgers/ledger.ts, ledgers/mailbox.ts',
    ],
    ['src/app.ts', './sandbox/main.ts', 'nothing imports the sandbox; it is a process, started by its path'],
    ['src/sandbox/creatio/server.ts', '../../domain/money.ts', 'sandbox may import nothing else in src'],
    ['src/dashboard/main.tsx', '../domain/kinds.ts', 'dashboard may import nothing else in src'],
    ['src/domain/posting.ts', '../config.ts', 'domain may import nothing else in src'],
    ['src/app.ts', '../test/fixtures/order.ts', 'src imports nothing outside src'],
  ])('%s may not import %s', (path, specifier, rule) => {
    expect(judge(path, `import '${specifier}'`)).toEqual([`${path}:1 imports ${specifier}: ${rule}. ${READ}`])
  })

  test.each([
    ['src/sync/dispatch.ts', '../domain/posting.ts'],
    ['src/sync/dispatch.ts', './settle.ts'],
    ['src/ledgers/dry-run/wire.ts', '../ledger.ts'],
    ['src/ledgers/dry-run/deep/wire.ts', '../to-request.ts'],
    ['src/app.ts', './ledgers/quickbooks-online/wire.ts'],
    ['src/dashboard/page.tsx', './generated/graphql.ts'],
    ['src/sync/dispatch.ts', 'node:fs'],
  ])('%s may import %s', (path, specifier) => {
    expect(judge(path, `import '${specifier}'`)).toEqual([])
  })

  test.each(['src/strings.ts', 'src/shared/money.ts', 'src/ledgers/pace.ts'])('%s would be in no room', (path) => {
    expect(homelessnessOf(path)).toHaveLength(1)
  })

  test('a file that cannot be parsed fails the guard instead of passing it', () => {
    expect(() => judge('src/sync/dispatch.ts', 'import {')).toThrow('src/sync/dispatch.ts')
  })
})
