import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type FreshDatabase, freshDatabase } from '../database.ts'

const entry = join(import.meta.dirname, '../../dist/main.js')
const directory = mkdtempSync(join(tmpdir(), 'countersign-command-'))

let fresh: FreshDatabase
beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(async () => {
  await fresh.close()
  rmSync(directory, { recursive: true, force: true })
})

describe('a command that cannot begin', () => {
  test('says why and ends, although database and sandbox were open already', async () => {
    const child = spawn(process.execPath, [entry, 'poll'], {
      env: { PATH: process.env.PATH, DATABASE_URL: fresh.url, DATA_DIRECTORY: directory },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 20_000,
    })
    let said = ''
    child.stderr.on('data', (text) => {
      said += String(text)
    })
    const [code] = await once(child, 'exit')
    expect(said).toMatch(/^countersign: DATABASE_URL needs an ENCRYPTION_KEY/)
    expect(code).toBe(2)
  })
})
