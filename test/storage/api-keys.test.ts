import { mkdtemp, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Author } from '../../src/domain/access.ts'
import { Role } from '../../src/domain/kinds.ts'
import {
  createApiKey,
  findApiKey,
  firstAdminKey,
  listApiKeys,
  type NewApiKey,
  ourselves,
  revokeApiKey,
} from '../../src/storage/api-keys.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows } from './rows.ts'

let fresh: FreshDatabase
const now = new Date('2026-03-01T12:00:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)

beforeEach(async () => {
  fresh = await freshDatabase()
})
afterEach(() => fresh.close())

const author = ourselves('boss')

async function issue(args: Partial<NewApiKey & { author: Author }> = {}) {
  const { apiKey, key } = await createApiKey(fresh.database, {
    name: 'till',
    role: Role.OPERATOR,
    author,
    now,
    ...args,
  })
  return { id: apiKey.id, key }
}

function audit() {
  return fresh.database.rows(sql`select author, action, subject, result from audit_entry order by id`)
}

describe('an API key', () => {
  test('is known by its text alone, which is kept nowhere', async () => {
    const { key } = await issue()
    expect(key).toMatch(/^cs_[\w-]{43}$/)
    expect(await findApiKey(fresh.database, { key, now })).toMatchObject({
      kind: 'open',
      apiKey: { name: 'till', role: Role.OPERATOR, connectionIds: null, expiresAt: null },
    })
    const stored = await fresh.database.rows(sql`select * from api_key`)
    expect(JSON.stringify(stored)).not.toContain(key.slice(3))
  })

  test.each(['', 'cs_', 'cs_AAAA'])('"%s" opens nothing', async (key) => {
    await issue()
    expect(await findApiKey(fresh.database, { key, now })).toEqual({ kind: 'unknown' })
  })

  test('opens nothing once it is revoked, and stays on the list', async () => {
    const { id, key } = await issue()
    expect(await revokeApiKey(fresh.database, { id, author, now })).toBe('revoked')
    expect(await findApiKey(fresh.database, { key, now })).toMatchObject({ kind: 'revoked', apiKey: { id } })
    expect(await revokeApiKey(fresh.database, { id, author, now })).toBe('not-open')
    expect(await revokeApiKey(fresh.database, { id: 'nonsense', author, now })).toBe('not-open')
    expect(await listApiKeys(fresh.database)).toMatchObject([{ id, revokedAt: now }])
  })

  test('making and revoking it leave audit entries', async () => {
    const { id } = await issue()
    await revokeApiKey(fresh.database, { id, author, now: later(1) })
    expect(await audit()).toEqual([
      { author: 'boss', action: 'createApiKey', subject: 'OPERATOR till', result: 'OK' },
      { author: 'boss', action: 'revokeApiKey', subject: id, result: 'OK' },
    ])
  })

  test('its use is noted at most once a minute', async () => {
    const { key } = await issue()
    const seen: (Date | null | undefined)[] = []
    for (const seconds of [0, 59, 61]) {
      await findApiKey(fresh.database, { key, now: later(seconds) })
      seen.push((await listApiKeys(fresh.database))[0]?.lastUsedAt)
    }
    expect(seen).toEqual([now, now, later(61)])
  })
})

describe('the end of a key', () => {
  test('is known from its beginning, and it opens nothing from then on', async () => {
    const { key } = await issue({ expiresAt: later(60) })
    expect(await findApiKey(fresh.database, { key, now: later(59) })).toMatchObject({ kind: 'open' })
    expect(await findApiKey(fresh.database, { key, now: later(60) })).toMatchObject({ kind: 'expired' })
  })

  test('may not be past', async () => {
    await expect(issue({ expiresAt: now })).rejects.toThrow('"expiresAt" is past')
  })

  test('that has come does not count as a use', async () => {
    const { key } = await issue({ expiresAt: later(60) })
    await findApiKey(fresh.database, { key, now: later(90) })
    expect(await listApiKeys(fresh.database)).toMatchObject([{ lastUsedAt: null }])
  })
})

describe('the scope of a key', () => {
  const connection = connectionRow()

  beforeEach(() => insertRows(fresh.database, 'connection', [connection]))

  test('is kept with it, and told to the audit trail', async () => {
    const { key } = await issue({ connectionIds: [connection.id] })
    const found = await findApiKey(fresh.database, { key, now })
    expect(found).toMatchObject({ kind: 'open', apiKey: { connectionIds: [connection.id] } })
    expect(await audit()).toMatchObject([{ subject: `OPERATOR till for ${connection.id}` }])
  })

  test.each<[string, string[], RegExp]>([
    ['nothing', [], /1 to 100 connections/],
    ['what is no id', ['everything'], /is not the id of a connection/],
    ['a connection that there is not', ['01890000-0000-7000-8000-000000000000'], /There is no connection 0189/],
  ])('may not be %s', async (_, connectionIds, message) => {
    await expect(issue({ connectionIds })).rejects.toThrow(message)
    expect(await listApiKeys(fresh.database)).toEqual([])
  })

  test('hides every other key from its owner: he cannot revoke it', async () => {
    const { id } = await issue()
    const mine = { name: 'scoped', keyId: null, connectionIds: [connection.id] }
    expect(await revokeApiKey(fresh.database, { id, author: mine, now })).toBe('not-open')
    const own = await issue({ connectionIds: [connection.id] })
    expect(await revokeApiKey(fresh.database, { id: own.id, author: mine, now })).toBe('revoked')
  })
})

describe('the last key of an admin', () => {
  const revoke = (id: string, evenLast = false) => revokeApiKey(fresh.database, { id, evenLast, author, now: later(1) })

  test('stays open unless its end is forced', async () => {
    const { id, key } = await issue({ role: Role.ADMIN })
    expect(await revoke(id)).toBe('last-admin')
    expect(await findApiKey(fresh.database, { key, now })).toMatchObject({ kind: 'open' })
    expect(await revoke(id, true)).toBe('revoked')
    expect((await audit()).map((entry) => Object(entry).result)).toEqual(['OK', 'ERROR', 'OK'])
  })

  test('is not saved by one that is scoped or has expired', async () => {
    const connection = connectionRow()
    await insertRows(fresh.database, 'connection', [connection])
    const { id } = await issue({ role: Role.ADMIN })
    await issue({ role: Role.ADMIN, connectionIds: [connection.id] })
    await issue({ role: Role.ADMIN, expiresAt: new Date(now.getTime() + 500) })
    expect(await revoke(id)).toBe('last-admin')
  })

  test('stays also when two admins revoke each other at once', async () => {
    const pair = [await issue({ role: Role.ADMIN }), await issue({ role: Role.ADMIN })]
    const outcomes = await Promise.all(pair.map(({ id }) => revoke(id)))
    expect(outcomes.sort()).toEqual(['last-admin', 'revoked'])
  })
})

describe('the first start', () => {
  const directory = () => mkdtemp(join(tmpdir(), 'countersign-keys-'))

  test('makes one admin key and leaves it in a file that only its owner reads', async () => {
    const home = join(await directory(), 'not', 'there', 'yet')
    const made = await firstAdminKey(fresh.database, { directory: home, now })
    expect(made?.file).toBe(join(home, 'admin-key'))
    expect(await readFile(join(home, 'admin-key'), 'utf8')).toBe(`${made?.key}\n`)
    expect((await stat(join(home, 'admin-key'))).mode & 0o777).toBe(0o600)
    const found = await findApiKey(fresh.database, { key: made?.key ?? '', now })
    expect(found).toMatchObject({ kind: 'open', apiKey: { role: Role.ADMIN, connectionIds: null } })
  })

  test('happens once, also when two processes start together', async () => {
    const home = await directory()
    const made = await Promise.all([1, 2, 3].map(() => firstAdminKey(fresh.database, { directory: home, now })))
    expect(made.filter((key) => key !== null)).toHaveLength(1)
    expect(await listApiKeys(fresh.database)).toHaveLength(1)
  })

  test('does not happen again when every key was revoked', async () => {
    const { id } = await issue()
    await revokeApiKey(fresh.database, { id, author, now, evenLast: true })
    expect(await firstAdminKey(fresh.database, { directory: await directory(), now })).toBeNull()
  })

  test('makes no key when the file cannot be written', async () => {
    const home = join(import.meta.filename, 'below-a-file')
    await expect(firstAdminKey(fresh.database, { directory: home, now })).rejects.toThrow()
    expect(await listApiKeys(fresh.database)).toEqual([])
  })
})
