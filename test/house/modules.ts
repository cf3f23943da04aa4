// Reads the house for the tests that guard it: every TypeScript module below some folders, parsed and not grepped, so
// that a comment is no import and `await import()` is one. Paths are relative to the repository, with forward slashes.
// What a module asks of another is a `Use`; the tests beside this file say which uses are allowed.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix, resolve } from 'node:path'
import { type ParseResult, parseSync, Visitor } from 'oxc-parser'

export const ROOT = resolve(import.meta.dirname, '../..')

export interface Module {
  path: string
  text: string
  parsed: ParseResult
  uses: Use[]
}

/** One import, of any form. */
export interface Use {
  /** As written; null when it is computed, so that nobody can know it by reading. */
  specifier: string | null
  /** The names that are taken, or all of them (a namespace, `export *`, `import()`); none for `import './x.ts'`. */
  names: string[] | 'all'
  line: number
}

/** What git ignores, and git itself. */
const NOT_OURS = new Set(['.git', 'node_modules', 'dist', 'coverage'])

/** Every file below a folder of the repository that is ours; none when the folder is not there. */
export function filesBelow(folder: string): string[] {
  const inside = resolve(ROOT, folder)
  if (!existsSync(inside)) return []
  return readdirSync(inside, { withFileTypes: true })
    .filter(({ name }) => !NOT_OURS.has(name) && !name.startsWith('.countersign'))
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name)
      return entry.isDirectory() ? filesBelow(path) : [path]
    })
    .sort()
}

/** Every module below a folder. Declarations (`.d.ts`) and generated files are not ours to judge. */
export function modulesBelow(folder: string): Module[] {
  return filesBelow(folder)
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts') && !path.includes('/generated/'))
    .map((path) => parseModule({ path, text: readText(path) }))
}

export function readText(path: string): string {
  return readFileSync(resolve(ROOT, path), 'utf8')
}

/** Throws when the text is no TypeScript: a guard that cannot read must not say that all is well. */
export function parseModule({ path, text }: { path: string; text: string }): Module {
  const parsed = parseSync(path, text)
  const error = parsed.errors[0]
  if (error) throw new SyntaxError(`${path}: ${error.message}`)
  return { path, text, parsed, uses: [...staticUses({ text, parsed }), ...otherUses({ text, parsed })] }
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** The path that a relative specifier means (the source of a `.js` that is compiled from it); null for a package. */
export function targetOf({ from, specifier }: { from: string; specifier: string }): string | null {
  if (!/^\.{0,2}\//.test(specifier)) return null
  const path = specifier.startsWith('/') ? specifier : posix.join(posix.dirname(from), specifier)
  return path.replace(/\.js$/, '.ts').replace(/\.jsx$/, '.tsx')
}

interface Parsed {
  text: string
  parsed: ParseResult
}

function staticUses({ text, parsed }: Parsed): Use[] {
  const imports = parsed.module.staticImports.map(({ start, moduleRequest, entries }) => ({
    specifier: moduleRequest.value,
    line: lineAt(text, start),
    names: entries.some(({ importName }) => importName.kind === 'NamespaceObject')
      ? ('all' as const)
      : entries.map(({ importName }) => importName.name ?? 'default'),
  }))
  const reExports = parsed.module.staticExports
    .flatMap(({ entries }) => entries)
    .flatMap(({ start, moduleRequest, importName }) =>
      moduleRequest === null
        ? []
        : [
            {
              specifier: moduleRequest.value,
              line: lineAt(text, start),
              names: importName.name === null ? ('all' as const) : [importName.name],
            },
          ],
    )
  return [...imports, ...reExports]
}

/** `import()`, `typeof import()`, `import('x').T`, `import x = require()`, `require()` and `declare module './x.ts'`. */
function otherUses({ text, parsed }: Parsed): Use[] {
  const uses: Use[] = []
  const add = (node: { start: number }, specifier: string | null) =>
    uses.push({ specifier, names: 'all', line: lineAt(text, node.start) })
  new Visitor({
    ImportExpression: (node) => add(node, literal(node.source)),
    TSImportType: (node) => add(node, literal(node.source)),
    TSExternalModuleReference: (node) => add(node, literal(node.expression)),
    TSModuleDeclaration: (node) => {
      if (node.id.type === 'Literal') add(node, literal(node.id))
    },
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'require') add(node, literal(node.arguments[0]))
    },
  }).visit(parsed.program)
  return uses
}

interface MaybeLiteral {
  type: string
  value?: unknown
  quasis?: { value: { cooked: string | null } }[]
}

function literal(node: MaybeLiteral | undefined): string | null {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node?.type !== 'TemplateLiteral') return null
  const [head, ...rest] = (node.quasis ?? []).map(({ value }) => value.cooked ?? '')
  if (rest.length === 0) return head ?? null
  // `@scope/${platform}` can only be a package, whatever is filled in.
  return head && /^[@a-z]/.test(head) ? `${head}…` : null
}
