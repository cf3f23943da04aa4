import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Command } from 'commander'
import { sql } from 'kysely'
import { addWebConnectorCommand } from '../../src/cli/web-connector.ts'
import { readConfig } from '../../src/config.ts'
import { Environment } from '../../src/domain/kinds.ts'
import { ourselves } from '../../src/storage/api-keys.ts'
import { connectDesktop } from '../../src/storage/web-connector.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'

let fresh: FreshDatabase
let directory: string
const now = new Date('2026-03-01T12:00:00Z')

beforeEach(async () => {
  fresh = await freshDatabase()
  directory = await mkdtemp(join(tmpdir(), 'countersign-qwc-'))
})
afterEach(async () => {
  await fresh.close()
  await rm(directory, { recursive: true })
})

const connected = (name: string, at = now) => {
  const company = { name, environment: Environment.SANDBOX, companyFile: '', readOnly: false, runEveryMinutes: 5 }
  return connectDesktop(fresh.database, { ...company, author: ourselves('test'), now: at })
}

async function run(words: string[] = [], publicUrl = 'https://books.example.com'): Promise<string[]> {
  const said: string[] = []
  const program = new Command('countersign').exitOverride()
  const settings = {
    DATABASE_URL: fresh.url,
    ENCRYPTION_KEY: 'a key of the tests, of more than 32 characters',
    PUBLIC_URL: publicUrl,
  }
  addWebConnectorCommand(program, {
    readConfig: () => readConfig(settings),
    say: (line) => said.push(line),
    now: () => now,
  })
  await program.parseAsync(['web-connector-file', '--output', directory, ...words], { from: 'user' })
  return said
}

describe('countersign web-connector-file', () => {
  test('writes the file, and says the password once beside it, with the guide', async () => {
    const { id } = await connected('East')
    const said = await run()
    const [, path = ''] = /^Written: (.*)$/.exec(said[0] ?? '') ?? []
    const content = await readFile(path, 'utf8')
    const [, password = ''] = /^Password, shown this once: (.*)$/m.exec(said.join('\n')) ?? []
    expect(content).toContain('<AppURL>https://books.example.com/web-connector</AppURL>')
    expect(password).toMatch(/^[\w-]{24}$/)
    expect(content).not.toContain(password)
    expect(said.join('\n')).toContain('1. Use the Windows machine')
    expect((await run()).join('\n')).toContain('The earlier password opens nothing any more.')
    const trail = await fresh.database.rows(
      sql`select author, action, result, subject from audit_entry where author <> 'test'`,
    )
    expect(trail).toHaveLength(2)
    expect(trail[0]).toMatchObject({
      author: 'countersign web-connector-file',
      action: 'createWebConnectorFile',
      result: 'OK',
      subject: expect.stringContaining(id),
    })
  })

  test('asks which connection is meant when there are several', async () => {
    const [east, west] = [await connected('East'), await connected('West', new Date(now.getTime() + 1_000))]
    await expect(run()).rejects.toThrow(new RegExp(`--connection:\\n${east.id} {2}East\\n${west.id} {2}West`))
    expect((await run(['--connection', west.id, '--company-file', 'D:\\West.qbw'])).join('\n')).toContain(
      'D:\\West.qbw',
    )
  })

  test.each([
    ['there is no Desktop connection', [], 'https://x.example.com', /no QuickBooks Desktop connection yet/],
    [
      'the connection is unknown',
      ['--connection', 'East'],
      'https://x.example.com',
      /no QuickBooks Desktop connection yet/,
    ],
  ])('says what to do when %s', async (_, words, publicUrl, message) => {
    await expect(run(words, publicUrl)).rejects.toThrow(message)
  })

  test('makes no file for an address that no Web Connector would call', async () => {
    await connected('East')
    await expect(run([], 'http://books.example.com')).rejects.toThrow(/only https/)
  })
})
