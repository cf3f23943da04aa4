import { mkdtemp, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { Role } from '../../src/domain/kinds.ts'
import { createApiKey, findApiKey, firstAdminKey, listApiKeys, revokeApiKey } from '../../src/storage/api-keys.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'

let fresh: FreshDatabase
const now = new Date('2026-03-01T12:00:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)

beforeEach(async () => {
  fresh = await freshDatabase()
})
afterEach(() => fresh.close())

function issue(name = 'till') {
  return createApiKey(fresh.database, { name, role: Role.OPERATOR, author: 'boss', now })
}

function audit() {
  return fresh.database.rows(sql`select author, action, subject, result from audit_entry order by id`)
}

describe('an API key', () => {
  test('is known by its text alone, which is kept nowhere', async () => {
    const { key } = await issue()
    expect(key).toMatch(/^cs_[\w-]{43}$/)
    expect(await findApiKey(fresh.database, { key, now })).toMatchObject({ name: 'till', role: Role.OPERATOR })
    const stored = await fresh.database.rows(sql`select * from api_key`)
    expect(JSON.stringify(stored)).not.toContain(key.slice(3))
  })

  test.each(['', 'cs_', 'cs_AAAA'])('"%s" opens nothing', async (key) => {
    await issue()
    expect(await findApiKey(fresh.database, { key, now })).toBeNull()
  })

  test('opens nothing once it is revoked, and stays on the list', async () => {
    const { id, key } = await issue()
    expect(await revokeApiKey(fresh.database, { id, author: 'boss', now })).toBe(true)
    expect(await findApiKey(fresh.database, { key, now })).toBeNull()
    expect(await revokeApiKey(fresh.database, { id, author: 'boss', now })).toBe(false)
    expect(await revokeApiKey(fresh.database, { id: 'nonsense', author: 'boss', now })).toBe(false)
    expect(await listApiKeys(fresh.database)).toMatchObject([{ id, revokedAt: now }])
  })

  test('making and revoking it leave audit entries', async () => {
    const { id } = await issue()
    await revokeApiKey(fresh.database, { id, author: 'boss', now: later(1) })
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

describe('the first start', () => {
  const directory = () => mkdtemp(join(tmpdir(), 'countersign-keys-'))

  test('makes one admin key and leaves it in a file that only its owner reads', async () => {
    const home = join(await directory(), 'not', 'there', 'yet')
    const made = await firstAdminKey(fresh.database, { directory: home, now })
    expect(made?.file).toBe(join(home, 'admin-key'))
    expect(await readFile(join(home, 'admin-key'), 'utf8')).toBe(`${made?.key}\n`)
    expect((await stat(join(home, 'admin-key'))).mode & 0o777).toBe(0o600)
    expect(await findApiKey(fresh.database, { key: made?.key ?? '', now })).toMatchObject({ role: Role.ADMIN })
  })

  test('happens once, also when two processes start together', async () => {
    const home = await directory()
    const made = await Promise.all([1, 2, 3].map(() => firstAdminKey(fresh.database, { directory: home, now })))
    expect(made.filter((key) => key !== null)).toHaveLength(1)
    expect(await listApiKeys(fresh.database)).toHaveLength(1)
  })

  test('does not happen again when every key was revoked', async () => {
    const { id } = await issue()
    await revokeApiKey(fresh.database, { id, author: 'boss', now })
    expect(await firstAdminKey(fresh.database, { directory: await directory(), now })).toBeNull()
  })

  test('makes no key when the file cannot be written', async () => {
    const home = join(import.meta.filename, 'below-a-file')
    await expect(firstAdminKey(fresh.database, { directory: home, now })).rejects.toThrow()
    expect(await listApiKeys(fresh.database)).toEqual([])
  })
})
