import { describe, expect, test } from '@jest/globals'
import { Visitor } from 'oxc-parser'
import { circlesOf, pathsNamedInText, type UnusedExport, unreached, unusedExports } from './import-graph.ts'
import { filesBelow, lineAt, type Module, modulesBelow, parseModule, readText } from './modules.ts'

const FILE_LINES_MAX = 300
const FUNCTION_LINES_MAX = 70

/** These name the programs that start by their path. */
const CONFIGURATION = /^(package\.json|codegen\.yml|[\w.-]+\.config\.[jt]s)$/
const PROGRAMS = ['src/main.ts', 'src/sandbox/main.ts', 'src/dashboard/main.tsx']

const files = filesBelow('.')
const texts = files
  .filter((path) => /\.(ts|tsx|js|json|yml|yaml|md|graphql|css|html|sh|py|txt|example)$|^[^.]*$|^\.ci\//.test(path))
  .filter((path) => path !== 'package-lock.json')
const src = modulesBelow('src')
const tests = modulesBelow('test')
const migrations = modulesBelow('migrations')
const roots = files
  .filter((path) => /^[^/]+\.config\.[jt]s$/.test(path))
  .map((path) => parseModule({ path, text: readText(path) }))
const everything = [...src, ...tests, ...migrations, ...roots]
const programs = [
  ...PROGRAMS,
  ...files.filter((path) => CONFIGURATION.test(path)).flatMap((path) => pathsNamedInText(readText(path))),
  ...[...migrations, ...roots].map(({ path }) => path),
]

/** A file in which a pattern stands, line by line. */
function linesWith({ path, text, wanted }: { path: string; text: string; wanted: RegExp }): string[] {
  return text.split('\n').flatMap((line, index) => (wanted.test(line) ? [`${path}:${index + 1}`] : []))
}

// The patterns below are written so that they do not match themselves.
const NOTE_TO_SELF = /\b(TO[D]O|FIX[M]E|XX[X]|HAC[K])\b/
const MACHINE_PATH = /(?<![\w.$}])\/(hom[e]|roo[t]|User[s]|wor[k])\/\w|[A-Z]:\\[U]sers/
const SILENCED = /(@ts-(ign[o]re|exp[e]ct-error|noch[e]ck)|bio[m]e-ignore|esl[i]nt-disable)/
const VAGUE_NAME = /(^|[-.])(utils?|common|helpers?|managers?|misc)([-.]|$)/

interface Lock {
  packages: Record<string, { version?: string; integrity?: string; optionalDependencies?: Record<string, string> }>
}

/** The optional packages that others ask for and that are nowhere in the lock file, so that `npm ci` refuses it. */
function missingFromLock({ packages }: Lock): string[] {
  const present = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')))
  const wanted = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).map((name) => ({ name, by: path })),
  )
  return wanted.filter(({ name }) => !present.has(name)).map(({ name, by }) => `${name}, for ${by}`)
}

/** Tests that are skipped, focused or run again until they pass. */
function dodgesOf({ path, text, parsed }: Module): string[] {
  const found: string[] = []
  const add = (what: string, { start }: { start: number }) => found.push(`${path}:${lineAt(text, start)} ${what}`)
  new Visitor({
    MemberExpression: (node) => {
      if (node.property.type !== 'Identifier') return
      const name = node.property.name
      const object = text.slice(node.object.start, node.object.end)
      if (/^(skip|only|todo|failing)$/.test(name) && /^(test|it|describe)\b/.test(object))
        add(`${object}.${name}`, node)
      if (name === 'retryTimes') add(name, node)
    },
    CallExpression: ({ callee, start }) => {
      if (callee.type === 'Identifier' && /^(xit|xtest|xdescribe|fit|fdescribe)$/.test(callee.name)) {
        add(callee.name, { start })
      }
    },
  }).visit(parsed.program)
  return found
}

/** Functions and methods that are too long to be read at once. The callback of a `describe` is a chapter, not a function. */
function longFunctionsOf({ path, text, parsed }: Module): string[] {
  const found: string[] = []
  const measure = ({ start, end }: { start: number; end: number }) => {
    const lines = lineAt(text, end) - lineAt(text, start) + 1
    if (lines > FUNCTION_LINES_MAX) found.push(`${path}:${lineAt(text, start)} has ${lines} lines`)
  }
  new Visitor({
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
  }).visit(parsed.program)
  return found
}

function toSentence({ at, name, forTestsOnly }: UnusedExport): string {
  return forTestsOnly
    ? `${at}: only tests use ${name}, so it guards nothing: delete it, or move it to test/`
    : `${at}: nobody imports ${name}: take \`export\` away, or delete it if its own file does not use it either`
}

describe('the house is tidy', () => {
  test('no file that nobody imports: import it, name it where it is started, or delete it', () => {
    expect(unreached({ modules: src, entries: programs })).toEqual([])
    const suites = tests.map(({ path }) => path).filter((path) => path.endsWith('.test.ts'))
    expect(unreached({ modules: tests, entries: [...suites, ...programs] })).toEqual([])
  })

  test('no files that import each other in a circle: what both need, types too, gets a file of its own', () => {
    expect(circlesOf([...src, ...tests])).toEqual([])
  })

  test('no exported declaration that nobody uses', () => {
    const judged = [...src, ...tests].filter(({ path }) => !programs.includes(path))
    expect(unusedExports({ judged, all: everything }).map(toSentence)).toEqual([])
  })

  test('no note to self: do it, or write it down where people look', () => {
    expect(texts.flatMap((path) => linesWith({ path, text: readText(path), wanted: NOTE_TO_SELF }))).toEqual([])
  })

  test('no test is skipped, focused or run again: mend it or delete it', () => {
    expect(tests.flatMap(dodgesOf)).toEqual([])
  })

  test('no path of somebody’s machine: make it relative, or a setting', () => {
    expect(texts.flatMap((path) => linesWith({ path, text: readText(path), wanted: MACHINE_PATH }))).toEqual([])
  })

  test('no check is silenced: mend what it says', () => {
    expect(everything.flatMap(({ path, text }) => linesWith({ path, text, wanted: SILENCED }))).toEqual([])
  })

  test('package-lock.json names no registry (.npmrc says so to npm), and each package with its version and checksum', () => {
    const lock = JSON.parse(readText('package-lock.json')) as Lock
    const packages = Object.entries(lock.packages).filter(([path]) => path !== '')
    expect(packages.filter(([, entry]) => 'resolved' in entry)).toEqual([])
    expect(packages.filter(([, { version, integrity }]) => !version || !integrity)).toEqual([])
  })

  test('package-lock.json has each package for each platform: take versions that the registry has for all of them', () => {
    expect(missingFromLock(JSON.parse(readText('package-lock.json')) as Lock)).toEqual([])
  })

  test(`no file in src is longer than ${FILE_LINES_MAX} lines: give its second reason to exist a file of its own`, () => {
    const long = src.filter(({ text }) => text.trimEnd().split('\n').length > FILE_LINES_MAX)
    expect(long.map(({ path }) => path)).toEqual([])
  })

  test(`no function in src is longer than ${FUNCTION_LINES_MAX} lines: keep the branches, move the leaves out`, () => {
    expect(src.flatMap(longFunctionsOf)).toEqual([])
  })

  test('no name that says nothing (utils, common, helpers, manager): a helper lives with what it helps', () => {
    const vague = files.filter((path) => path.split('/').some((part) => VAGUE_NAME.test(part)))
    expect(vague).toEqual([])
  })
})

describe('the guard itself', () => {
  const house = (sources: Record<string, string>) =>
    Object.entries(sources).map(([path, text]) => parseModule({ path, text }))

  test('a file is reached through imports and by its path, and an island of two is found', () => {
    const modules = house({
      'src/main.ts': `import './app.ts'\nspawn(new URL('./worker.js', import.meta.url))`,
      'src/app.ts': `const later = await import('./later.ts')`,
      'src/later.ts': '',
      'src/worker.ts': '',
      'src/island.ts': `import './twin.ts'`,
      'src/twin.ts': `import './island.ts'`,
    })
    expect(unreached({ modules, entries: ['src/main.ts'] })).toEqual(['src/island.ts', 'src/twin.ts'])
  })

  test('a circle is found, also one of types and one of itself, and what leads into it is no part of it', () => {
    const modules = house({
      'src/main.ts': `import './a.ts'`,
      'src/a.ts': `import './b.ts'\nimport './low.ts'`,
      'src/b.ts': `import type { C } from './c.ts'`,
      'src/c.ts': `import './a.ts'\nimport './low.ts'`,
      'src/low.ts': '',
      'src/self.ts': `import './self.ts'`,
    })
    expect(circlesOf(modules)).toEqual([['src/a.ts', 'src/b.ts', 'src/c.ts'], ['src/self.ts']])
  })

  test('a program that package.json names by its compiled path is reached', () => {
    expect(pathsNamedInText(`{ "generate": "node dist/api/print-schema.js --out schema" }`)).toEqual([
      'src/api/print-schema.ts',
    ])
  })

  test('an export is used by an import, a re-export, a namespace or import(), and by nothing else', () => {
    const all = house({
      'src/a.ts': [
        'export const taken = 1',
        'export type Renamed = 1',
        'export function idle() {}',
        'export class Proven {}',
        'export function inner() {}',
        'inner()',
        'export enum Forgotten { A }',
        'export interface Shape {}',
        'export function draw(shape: Shape) {}',
      ].join('\n'),
      'src/b.ts': `import { draw, taken } from './a.ts'\nexport { type Renamed as Other } from './a.ts'\n// Forgotten`,
      'src/c.ts': `export const whole = 1`,
      'src/d.ts': `import * as c from './c.ts'\nlet b: import('./b.ts').Other`,
      'test/a.test.ts': `import { Proven, inner } from '../src/a.ts'`,
    })
    expect(unusedExports({ judged: all, all })).toEqual([
      { at: 'src/a.ts:3', name: 'idle', forTestsOnly: false },
      { at: 'src/a.ts:4', name: 'Proven', forTestsOnly: true },
      { at: 'src/a.ts:7', name: 'Forgotten', forTestsOnly: false },
    ])
  })

  test.each([
    `test.skip('a', () => {})`,
    `test.only.each([1])('a', () => {})`,
    `describe.skip('a', () => {})`,
    `const maybe = process.env.CI ? test : test.skip`,
    `test.concurrent.only('a', () => {})`,
    `test.todo('a')`,
    `xit('a', () => {})`,
    `fdescribe('a', () => {})`,
    `jest.retryTimes(3)`,
  ])('a dodge is caught: %s', (text) => {
    expect(dodgesOf(parseModule({ path: 'test/a.test.ts', text }))).toHaveLength(1)
  })

  test('words that only look like a dodge are left alone', () => {
    const text = `// test.skip('a')\nrows.skip(1)\nprofit('a')\nconst s = "test.only"\nplan.test.ready()`
    expect(dodgesOf(parseModule({ path: 'test/a.test.ts', text }))).toEqual([])
  })

  test('a package for another platform that the lock file lost is missed', () => {
    const packages = {
      'node_modules/fast': { optionalDependencies: { 'fast-here': '1.0.0', 'fast-there': '1.0.0' } },
      'node_modules/fast/node_modules/fast-here': { version: '1.0.0' },
    }
    expect(missingFromLock({ packages })).toEqual(['fast-there, for node_modules/fast'])
  })

  test('a long function is measured, with its comments', () => {
    const text = `function long() {\n${'// why\n'.repeat(FUNCTION_LINES_MAX)}}\nconst short = () => 1\n`
    expect(longFunctionsOf(parseModule({ path: 'src/a.ts', text }))).toEqual(['src/a.ts:1 has 72 lines'])
  })

  test.each([
    [NOTE_TO_SELF, `// ${'TO'}DO: later`, '// a method to do it'],
    [MACHINE_PATH, `open('${'/ho'}me/someone/x')`, 'GET /api/home/page'],
    [MACHINE_PATH, `${'/wo'}rk/main/x.ts`, 'a/work/list'],
    [SILENCED, `// @ts-${'ignore'}: why`, 'ignored by git'],
    [VAGUE_NAME, 'string-utils.ts', 'utilisation.ts'],
    [VAGUE_NAME, 'helpers', 'commonwealth'],
  ])('%s catches %j and not %j', (wanted, caught, free) => {
    expect(wanted.test(caught)).toBe(true)
    expect(wanted.test(free)).toBe(false)
  })
})
