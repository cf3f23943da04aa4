import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { Environment } from '../../src/domain/kinds.ts'
import { ourselves } from '../../src/storage/api-keys.ts'
import { connectDesktop } from '../../src/storage/web-connector.ts'
import { createWebConnectorFile, serviceAddress } from '../../src/web-connector/file.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows } from '../storage/rows.ts'

let fresh: FreshDatabase
const now = new Date('2026-03-01T12:00:00Z')
const author = ourselves('test')
beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh.close())

async function connected(input: Partial<Parameters<typeof connectDesktop>[1]> = {}) {
  const company = {
    name: 'East',
    environment: Environment.PRODUCTION,
    companyFile: '',
    readOnly: false,
    runEveryMinutes: 15,
  }
  return connectDesktop(fresh.database, { ...company, author, now, ...input })
}
const make = (connectionId: string, publicUrl: string | null = 'https://books.example.com/') =>
  createWebConnectorFile(fresh.database, { connectionId, publicUrl, author, now })
const elementOf = (content: string, name: string) => new RegExp(`<${name}>(.*)</${name}>`).exec(content)?.[1]

describe('the .qwc file', () => {
  test('says where to call, how often, as whom and with which rights, and never the password', async () => {
    const { id } = await connected({ name: 'Müller & <Sons> "East"', readOnly: true })
    const { content, fileName, username, password, guide } = await make(id)
    expect(elementOf(content, 'AppURL')).toBe('https://books.example.com/web-connector')
    expect(elementOf(content, 'AppSupport')).toBe('https://books.example.com/web-connector?support')
    expect(elementOf(content, 'AppName')).toBe('Countersign Müller &amp; &lt;Sons&gt; &quot;East&quot;')
    expect(elementOf(content, 'UserName')).toBe(username)
    expect(elementOf(content, 'OwnerID')).toMatch(/^\{[0-9a-f-]{36}\}$/)
    expect(elementOf(content, 'FileID')).toMatch(/^\{[0-9a-f-]{36}\}$/)
    expect(elementOf(content, 'QBType')).toBe('QBFS')
    expect(elementOf(content, 'RunEveryNMinutes')).toBe('15')
    expect(elementOf(content, 'IsReadOnly')).toBe('true')
    expect(fileName).toBe(`${username}.qwc`)
    expect(password).toMatch(/^[\w-]{24}$/)
    for (const text of [content, guide]) expect(text).not.toContain(password)
    expect(guide.match(/^\d\. /gm)?.length).toBeGreaterThan(5)
    expect(guide).toContain('This connection only reads')
  })

  test('keeps its GUIDs and its user when it is made again, and its description within 80 characters', async () => {
    const { id } = await connected({ name: 'x'.repeat(100) })
    const [first, second] = [await make(id), await make(id)]
    expect(second.content).toBe(first.content)
    expect([first.replaced, second.replaced]).toEqual([false, true])
    expect(second.password).not.toBe(first.password)
    expect(elementOf(first.content, 'AppDescription')).toHaveLength(80)
  })

  test('each connection has a user of its own', async () => {
    const made = [await make((await connected()).id), await make((await connected()).id)]
    expect(new Set(made.map(({ username }) => username)).size).toBe(2)
  })

  test('only the hash of the password is kept', async () => {
    const { id } = await connected()
    const { password } = await make(id)
    const rows = await fresh.database.rows(sql`select * from web_connector_user where connection_id = ${id}`)
    expect(JSON.stringify(rows)).not.toContain(password)
    expect(rows).toEqual([expect.objectContaining({ password_hash: expect.stringMatching(/^\$2[aby]\$10\$/) })])
  })

  test.each([
    [null, /set PUBLIC_URL/],
    ['http://books.example.com', /only https addresses/],
    ['not an address', /set PUBLIC_URL/],
  ])('is not made for the address %j, which no Web Connector would call', async (publicUrl, message) => {
    const { id } = await connected()
    await expect(make(id, publicUrl)).rejects.toThrow(message)
    const [row] = await fresh.database.rows(
      sql`select password_hash from web_connector_user where connection_id = ${id}`,
    )
    expect(row).toEqual({ password_hash: null })
  })

  test.each(['http://localhost:4000', 'http://127.0.0.1:4000', 'http://[::1]:4000'])(
    'may name %s without TLS, because it is the same machine',
    (address) => {
      expect(serviceAddress(address)).toBe(`${address}/web-connector`)
    },
  )

  test('is refused for a connection of another kind, and for none', async () => {
    const online = connectionRow()
    await insertRows(fresh.database, 'connection', [online])
    await expect(make(online.id)).rejects.toThrow(/no QuickBooks Desktop connection/)
    await expect(make('00000000-0000-7000-8000-000000000000')).rejects.toThrow(/no QuickBooks Desktop connection/)
  })

  test('forgets the company file that was seen, and takes its new place', async () => {
    const { id } = await connected({ companyFile: 'C:\\old.qbw' })
    await fresh.database.run(
      sql`update web_connector_user set company_file_seen = 'C:\\old.qbw' where connection_id = ${id}`,
    )
    const args = { connectionId: id, publicUrl: 'https://books.example.com', companyFile: ' D:\\new.qbw ', author, now }
    await createWebConnectorFile(fresh.database, args)
    const [row] = await fresh.database.rows(
      sql`select company_file, company_file_seen from web_connector_user where connection_id = ${id}`,
    )
    expect(row).toEqual({ company_file: 'D:\\new.qbw', company_file_seen: null })
  })

  test.each([
    [{ name: '  ' }, /"name"/],
    [{ runEveryMinutes: 0 }, /"runEveryMinutes"/],
    [{ runEveryMinutes: 1.5 }, /"runEveryMinutes"/],
    [{ companyFile: 'x'.repeat(1001) }, /"companyFile"/],
  ])('a connection with %j is not made', async (input, message) => {
    await expect(connected(input).then((made) => made)).rejects.toThrow(message)
  })
})
