import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { filesBelow, ROOT } from './modules.ts'

const run = promisify(execFile)
const TIMEOUT_SECONDS = 60
const sources = filesBelow('src/domain').filter((path) => path.endsWith('.ts'))

/** The modules of a folder that cannot be the first to be imported, each with its error. */
async function importEachFirst({ folder, names }: { folder: string; names: string[] }): Promise<string[]> {
  const program = resolve(import.meta.dirname, './import-each-first.ts')
  const { stdout } = await run(process.execPath, [program, folder, ...names], { timeout: TIMEOUT_SECONDS * 1000 })
  const results = stdout.split('\n').filter(Boolean)
  if (results.length !== names.length) throw new Error(`tried ${results.length} of ${names.length} modules`)
  return results
    .map((line) => JSON.parse(line) as { name: string; error: string | null })
    .flatMap(({ name, error }) => (error === null ? [] : [`${name}: ${error}`]))
}

/** True when the compiled file of each source is there and is not older. */
function isBuilt(): boolean {
  return sources.every((source) => {
    const compiled = resolve(ROOT, source.replace(/^src/, 'dist').replace(/\.ts$/, '.js'))
    return existsSync(compiled) && statSync(compiled).mtimeMs >= statSync(resolve(ROOT, source)).mtimeMs
  })
}

describe('a domain file may be imported first', () => {
  beforeAll(async () => {
    // A type error elsewhere is the type check's to tell; what was written is what is tried here.
    if (!isBuilt()) await run('npx', ['tsc', '-p', 'tsconfig.build.json'], { cwd: ROOT }).catch(() => undefined)
    if (!isBuilt()) throw new Error('dist/domain is not there: run `npm run build` and read what it says')
  }, TIMEOUT_SECONDS * 1000)

  test('each one, without meeting a circle of decorated classes (use `import type`, `Rel<>`, `() => Type`)', async () => {
    const names = sources.map((source) => source.replace(/^src\/domain\//, '').replace(/\.ts$/, '.js'))
    expect(names).not.toEqual([])
    expect(await importEachFirst({ folder: resolve(ROOT, 'dist/domain'), names })).toEqual([])
  })
})

describe('the guard itself', () => {
  test('a circle that throws only at one entrance is found there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-circle-'))
    try {
      writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
      writeFileSync(
        join(folder, 'child.js'),
        `import { Parent } from './parent.js'\nexport class Child extends Parent {}`,
      )
      writeFileSync(join(folder, 'parent.js'), `import './child.js'\nexport class Parent {}`)
      const failed = await importEachFirst({ folder, names: ['child.js', 'parent.js'] })
      expect(failed).toEqual([expect.stringMatching(/^parent\.js: ReferenceError: .*Parent/)])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
