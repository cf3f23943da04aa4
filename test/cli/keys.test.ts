import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Command } from 'commander'
import { sql } from 'kysely'
import { addKeyCommands } from '../../src/cli/keys.ts'
import { readConfig } from '../../src/config.ts'
import { findApiKey } from '../../src/storage/api-keys.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows } from '../storage/rows.ts'

let fresh: FreshDatabase
let said: string[]
const now = new Date('2026-03-01T12:00:00Z')
const connection = connectionRow()

beforeEach(async () => {
  fresh = await freshDatabase()
  said = []
  await insertRows(fresh.database, 'connection', [connection])
})
afterEach(() => fresh.close())

/** Runs `countersign keys …` and gives what it said. */
async function keys(...words: string[]): Promise<string[]> {
  said = []
  const program = new Command('countersign').exitOverride().configureOutput({ writeErr: () => undefined })
  const settings = { DATABASE_URL: fresh.url, ENCRYPTION_KEY: 'a key of the tests, of more than 32 characters' }
  addKeyCommands(program, { readConfig: () => readConfig(settings), say: (line) => said.push(line), now: () => now })
  for (const command of program.commands.flatMap((one) => [one, ...one.commands])) {
    command.exitOverride().configureOutput({ writeErr: () => undefined })
  }
  await program.parseAsync(['keys', ...words], { from: 'user' })
  return said
}

describe('countersign keys', () => {
  test('makes a key with a scope and an end, shown once, and lists it without its text', async () => {
    const [key = ''] = await keys(
      'create',
      'till',
      'operator',
      '--connection',
      connection.id,
      '--expires-in-days',
      '30',
    )
    expect(await findApiKey(fresh.database, { key, now })).toMatchObject({
      kind: 'open',
      apiKey: {
        name: 'till',
        role: 'OPERATOR',
        connectionIds: [connection.id],
        expiresAt: new Date('2026-03-31T12:00:00Z'),
      },
    })
    const [line = ''] = await keys('list')
    expect(line).toMatch(
      /OPERATOR {2}till {2}\(connections [\w-]+, expires 2026-03-31T12:00:00.000Z, last used 2026-03-01/,
    )
    expect(line).not.toContain(key.slice(3))
  })

  test('closes the last key of an admin only with --force', async () => {
    await keys('create', 'boss', 'admin')
    const id = (await keys())[0]?.split(' ')[0] ?? ''
    await expect(keys('revoke', id)).rejects.toThrow(
      'This is the last key of an admin: make another first, or add --force.',
    )
    expect(await keys('revoke', id, '--force')).toEqual(['Revoked.'])
    expect((await keys())[0]).toContain('(revoked 2026-03-01T12:00:00.000Z)')
    await expect(keys('revoke', id)).rejects.toThrow(`There is no open key ${id}`)
    const trail = await fresh.database.rows(sql<{ text: string }>`
      select concat_ws(' ', author, action, result) as text from audit_entry order by id`)
    expect(trail.map(({ text }) => text)).toEqual([
      'countersign keys createApiKey OK',
      'countersign keys revokeApiKey ERROR',
      'countersign keys revokeApiKey OK',
      'countersign keys revokeApiKey ERROR',
    ])
  })

  test.each([
    ['a role that there is not', ['create', 'x', 'king'], /Choose one of viewer, operator, admin/],
    ['a connection that there is not', ['create', 'x', 'viewer', '--connection', 'East'], /"East" is not the id/],
    [
      'an end that is no number of days',
      ['create', 'x', 'viewer', '--expires-in-days', 'soon'],
      /whole number of days/,
    ],
  ])('refuses %s, and makes nothing', async (_, words, message) => {
    await expect(keys(...words)).rejects.toThrow(message)
    expect(await keys('list')).toEqual([])
  })
})
