import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from '@jest/globals'
import { filesBelow, ROOT } from './modules.ts'

const IMPORT_TIMEOUT_SECONDS = 20
const THREADS_MAX = 3

/** What the build has made of src/domain before the tests began. */
const compiled = filesBelow('src/domain')
  .filter((path) => path.endsWith('.ts'))
  .map((path) => resolve(ROOT, path.replace(/^src/, 'dist').replace(/ts$/, 'js')))

/**
 * The modules that cannot be the first to be imported, each with its error. A circle of imports between decorated
 * classes throws only for him who enters it at the wrong place, and a missing polyfill is missed only by him who comes
 * first: so each module is tried as the entrance, in a thread of its own, which has imported nothing yet.
 */
async function importEachFirst(modules: string[]): Promise<string[]> {
  const waiting = [...modules]
  const failed: string[] = []
  const workOff = async () => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const error = await importedIn(pathToFileURL(path).href)
      if (error !== null) failed.push(`${path.split('/').at(-1)}: ${error}`)
    }
  }
  await Promise.all(Array.from({ length: THREADS_MAX }, workOff))
  return failed
}

/** What is thrown at him who imports a module first; null when nothing is. */
async function importedIn(url: string): Promise<string | null> {
  const program = `
    const { parentPort } = require('node:worker_threads')
    import(${JSON.stringify(url)}).then(() => parentPort.postMessage(null), (error) => parentPort.postMessage(String(error)))`
  const thread = new Worker(program, { eval: true, execArgv: [] })
  try {
    const [error] = (await once(thread, 'message', {
      signal: AbortSignal.timeout(IMPORT_TIMEOUT_SECONDS * 1000),
    })) as [string | null]
    return error
  } finally {
    await thread.terminate()
  }
}

describe('a domain file may be imported first', () => {
  test('each one, without a circle of decorated classes (`import type`, `Rel<>`, `() => Type`) or a missing polyfill', async () => {
    expect(compiled.length).toBeGreaterThan(0)
    expect(await importEachFirst(compiled)).toEqual([])
  }, 120_000)
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
