import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { filesBelow, ROOT } from './modules.ts'

const run = promisify(execFile)
const IMPORT_TIMEOUT_SECONDS = 20
const PROCESSES_MAX = 3

/** What the build has made of src/domain before the tests began. */
const compiled = filesBelow('src/domain')
  .filter((path) => path.endsWith('.ts'))
  .map((path) => resolve(ROOT, path.replace(/^src/, 'dist').replace(/ts$/, 'js')))

/**
 * The modules that cannot be the first to be imported, each with its error. A circle of imports between decorated
 * classes throws only for him who enters it at the wrong place, and a missing polyfill is missed only by him who comes
 * first: so each module is tried as the entrance, in a process of its own.
 */
async function importEachFirst(modules: string[]): Promise<string[]> {
  const waiting = [...modules]
  const failed: string[] = []
  const workOff = async () => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const program = `import(${JSON.stringify(pathToFileURL(path).href)}).catch((error) => console.log(String(error)))`
      const { stdout } = await run(process.execPath, ['--eval', program], { timeout: IMPORT_TIMEOUT_SECONDS * 1000 })
      if (stdout !== '') failed.push(`${path.split('/').at(-1)}: ${stdout.trim()}`)
    }
  }
  await Promise.all(Array.from({ length: PROCESSES_MAX }, workOff))
  return failed
}

describe('a domain file may be imported first', () => {
  test('each one, without a circle of decorated classes (`import type`, `Rel<>`, `() => Type`) or a missing polyfill', async () => {
    expect(compiled.length).toBeGreaterThan(0)
    expect(await importEachFirst(compiled)).toEqual([])
  })
})

describe('the guard itself', () => {
  test('a circle that throws only at one entrance is found there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-circle-'))
    const files = {
      'package.json': '{ "type": "module" }',
      'child.js': `import { Parent } from './parent.js'\nexport class Child extends Parent {}`,
      'parent.js': `import './child.js'\nexport class Parent {}`,
    }
    try {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
      const failed = await importEachFirst([join(folder, 'child.js'), join(folder, 'parent.js')])
      expect(failed).toEqual([expect.stringMatching(/^parent\.js: ReferenceError: .*Parent/)])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
