// What the modules make of one another: which of them an entry point reaches, and which exported names somebody takes.
// A file that is started by its path, and not imported, counts as reached when a module or a configuration file names
// it: './global-setup.ts' in jest.config.js, 'dist/main.js' in package.json.
import { posix } from 'node:path'
import { Visitor } from 'oxc-parser'
import { lineAt, type Module, targetOf } from './modules.ts'

/** The modules that no entry point reaches, by import or by path. */
export function unreached({ modules, entries }: { modules: Module[]; entries: readonly string[] }): string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]))
  const reached = new Set<string>()
  const waiting = entries.filter((path) => byPath.has(path))
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const module = byPath.get(path)
    if (!module || reached.has(path)) continue
    reached.add(path)
    waiting.push(...targetsOf(module), ...pathsNamedIn(module))
  }
  return modules.map(({ path }) => path).filter((path) => !reached.has(path))
}

/** The modules that import each other in a loop, types among them: one list of paths for each circle (Tarjan's components). */
export function circlesOf(modules: Module[]): string[][] {
  const byPath = new Map(modules.map((module) => [module.path, module]))
  const met = new Map<string, { index: number; lowest: number }>()
  const path: string[] = []
  const circles: string[][] = []
  const visit = (module: Module): number => {
    const place = { index: met.size, lowest: met.size }
    met.set(module.path, place)
    path.push(module.path)
    for (const target of targetsOf(module)) {
      const next = byPath.get(target)
      if (next && !met.has(target)) place.lowest = Math.min(place.lowest, visit(next))
      else if (path.includes(target)) place.lowest = Math.min(place.lowest, met.get(target)?.index ?? place.lowest)
    }
    if (place.lowest === place.index) {
      const circle = path.splice(path.indexOf(module.path))
      if (circle.length > 1 || targetsOf(module).includes(module.path)) circles.push(circle.sort())
    }
    return place.lowest
  }
  for (const module of modules) if (!met.has(module.path)) visit(module)
  return circles
}

/** The modules that a configuration file names, relative to the repository; a compiled path stands for its source. */
export function pathsNamedInText(text: string): string[] {
  const named = text.match(/[\w./-]+\.(?:ts|tsx|js)\b/g) ?? []
  return named.map((path) => sourceOf(posix.normalize(path.replace(/^\.?\//, ''))))
}

export interface UnusedExport {
  at: string
  name: string
  /** True when only tests take it and its own file does not need it either: it guards nothing. */
  forTestsOnly: boolean
}

/**
 * The exported names of `judged` that no module among `all` takes, or that exist for tests alone. A type that its own
 * file names again is used: it is part of the signature of what the file exports.
 */
export function unusedExports({ judged, all }: { judged: Module[]; all: Module[] }): UnusedExport[] {
  const takers = takersByName(all)
  return judged.flatMap((module) =>
    exportsOf(module).flatMap(({ name, line, isType }): UnusedExport[] => {
      const by = [...(takers.get(`${module.path}#${name}`) ?? []), ...(takers.get(`${module.path}#*`) ?? [])]
      const usedAtHome = timesNamed(module, name) > 1
      const used =
        by.length > 0 ? usedAtHome || !module.path.startsWith('src/') || !by.every(isTest) : isType && usedAtHome
      return used ? [] : [{ at: `${module.path}:${line}`, name, forTestsOnly: by.length > 0 }]
    }),
  )
}

function isTest(path: string): boolean {
  return path.startsWith('test/')
}

function takersByName(all: Module[]): Map<string, string[]> {
  const takers = new Map<string, string[]>()
  for (const { path, uses } of all) {
    for (const { specifier, names } of uses) {
      const target = specifier === null ? null : targetOf({ from: path, specifier })
      if (target === null) continue
      for (const name of names === 'all' ? ['*'] : names) {
        takers.set(`${target}#${name}`, [...(takers.get(`${target}#${name}`) ?? []), path])
      }
    }
  }
  return takers
}

/** Named exports and the default; `export *` exports nothing of its own. */
function exportsOf({ text, parsed }: Module): { name: string; line: number; isType: boolean }[] {
  return parsed.module.staticExports
    .flatMap(({ entries }) => entries)
    .filter(({ exportName }) => exportName.kind !== 'None')
    .map(({ exportName, start, isType }) => ({ name: exportName.name ?? 'default', line: lineAt(text, start), isType }))
}

function timesNamed({ parsed }: Module, name: string): number {
  let times = 0
  new Visitor({
    Identifier: (node) => {
      if (node.name === name) times += 1
    },
  }).visit(parsed.program)
  return times
}

function targetsOf({ path, uses }: Module): string[] {
  return uses.flatMap(({ specifier }) => {
    const target = specifier === null ? null : targetOf({ from: path, specifier })
    return target === null ? [] : [target]
  })
}

/** `new URL('./server.ts', import.meta.url)` and its like: a text that is the relative path of a module. */
function pathsNamedIn({ path, parsed }: Module): string[] {
  const paths: string[] = []
  new Visitor({
    Literal: ({ value }) => {
      if (typeof value !== 'string' || !/\.(ts|tsx|js)$/.test(value)) return
      paths.push(sourceOf(posix.join(posix.dirname(path), value)), sourceOf(value))
    },
  }).visit(parsed.program)
  return paths
}

function sourceOf(path: string): string {
  return path.replace(/^dist\//, 'src/').replace(/\.js$/, '.ts')
}
