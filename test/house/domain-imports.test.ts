// That a domain file may be imported first, read from the imports: domain-imports.long.test.ts tries each. No circle is left to enter at
// the wrong place (tidy.test.ts), so all that whoever comes first can lack is the polyfill of metadata.
import { describe, expect, test } from '@jest/globals'
import { type Module, modulesBelow, parseModule, targetOf } from './modules.ts'

/** What brings the polyfill; whoever decorates for the API needs it, and its package does not bring it. */
const BRINGERS = ['reflect-metadata', '@mikro-orm/decorators/legacy']
const DECORATES = /^@(ObjectType|InputType|ArgsType|Field)\b/m

/** What a module imports when it runs; types are gone by then. */
function importsOf({ parsed }: Module): string[] {
  return parsed.program.body.flatMap((node) => {
    if (node.type === 'ImportDeclaration') return node.importKind === 'type' ? [] : [node.source.value]
    if (node.type === 'ExportAllDeclaration') return node.exportKind === 'type' ? [] : [node.source.value]
    if (node.type === 'ExportNamedDeclaration' && node.source && node.exportKind !== 'type') return [node.source.value]
    return []
  })
}

/** The modules that decorate, and whose own imports bring no polyfill, however far they are followed. */
function withoutPolyfill(modules: Module[]): string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]))
  const brings = (module: Module, seen: Set<string>): boolean =>
    importsOf(module).some((specifier) => {
      if (BRINGERS.includes(specifier)) return true
      const target = targetOf({ from: module.path, specifier })
      const next = target === null || seen.has(target) ? undefined : byPath.get(target)
      return next !== undefined && brings(next, seen.add(next.path))
    })
  return modules.filter((one) => DECORATES.test(one.text) && !brings(one, new Set([one.path]))).map(({ path }) => path)
}

describe('a domain file may be imported first', () => {
  test("each brings the polyfill that its decorators need: `import 'reflect-metadata'` before the others", () => {
    expect(withoutPolyfill(modulesBelow('src/domain'))).toEqual([])
  })

  test('the decorators of entities bring it of themselves', async () => {
    expect(Reflect).not.toHaveProperty('getMetadata')
    await import('@mikro-orm/decorators/legacy')
    expect(Reflect).toHaveProperty('getMetadata')
  })
})

describe('the guard itself', () => {
  test('a file that has the polyfill from a type alone, or from nobody, is found', () => {
    const of = (path: string, text: string) => parseModule({ path, text })
    const decorated = '@ObjectType()\nexport class A {}'
    const modules = [
      of('src/domain/own.ts', `import 'reflect-metadata'\n${decorated}`),
      of('src/domain/far.ts', `import { B } from './near.ts'\n${decorated}`),
      of('src/domain/near.ts', `export * from './own.ts'`),
      of('src/domain/typed.ts', `import type { A } from './own.ts'\n${decorated}`),
      of('src/domain/bare.ts', `import { ObjectType } from 'type-graphql'\n${decorated}`),
      of('src/domain/plain.ts', `import { registerEnumType } from 'type-graphql'`),
    ]
    expect(withoutPolyfill(modules)).toEqual(['src/domain/typed.ts', 'src/domain/bare.ts'])
  })
})
