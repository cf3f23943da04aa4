import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { ApiServices } from '../../src/api/services.ts'
import { Environment, Role } from '../../src/domain/kinds.ts'
import { findConnection } from '../../src/storage/connections.ts'
import { createWebConnectorFile } from '../../src/web-connector/file.ts'
import { connectionRow, insertRows } from '../storage/rows.ts'
import { ask } from './client.ts'
import {
  ConnectQuickBooksDesktopDocument,
  CreateWebConnectorFileDocument,
  WebConnectorsDocument,
} from './generated/client.ts'
import { NOW, type ServedApi, serveApi } from './served-api.ts'

let api: ServedApi
beforeEach(async () => {
  const made: Pick<ApiServices, 'createWebConnectorFile'> = {
    createWebConnectorFile: (request) =>
      createWebConnectorFile(api.database, { ...request, publicUrl: 'https://books.example.com', now: NOW }),
  }
  api = await serveApi(made)
})
afterEach(() => api.close())

const input = { name: 'East', environment: Environment.PRODUCTION, companyFile: 'C:\\East.qbw', runEveryMinutes: 10 }

async function connected(): Promise<string> {
  const { data, errors } = await api.ask(ConnectQuickBooksDesktopDocument, { input })
  expect(errors).toEqual([])
  return data?.connectQuickBooksDesktop.id ?? ''
}

describe('a QuickBooks Desktop company', () => {
  test('is connected by an admin, and says what to do next', async () => {
    const { data } = await api.ask(ConnectQuickBooksDesktopDocument, { input })
    expect(data?.connectQuickBooksDesktop).toMatchObject({
      name: 'East',
      kind: 'QUICKBOOKS_DESKTOP',
      environment: 'PRODUCTION',
      readOnly: false,
      webConnector: {
        state: 'NO_FILE',
        lastSeenAt: null,
        nextExpectedAt: null,
        remedy: expect.stringContaining('Make it'),
      },
    })
    const id = data?.connectQuickBooksDesktop.id ?? ''
    expect((await findConnection(api.database, { id }))?.isDefault).toBe(true)
    expect(await api.audit()).toEqual([
      expect.objectContaining({ action: 'connectQuickBooksDesktop', result: 'OK', author: 'admin' }),
    ])
  })

  test('gets its file with a password that is shown once, and the second time another one', async () => {
    const connectionId = await connected()
    const first = (await api.ask(CreateWebConnectorFileDocument, { connectionId })).data?.createWebConnectorFile
    expect(first).toMatchObject({ fileName: `${first?.username}.qwc`, replaced: false })
    expect(first?.content).toContain('https://books.example.com/web-connector')
    expect(first?.guide).toContain('C:\\East.qbw')
    const companyFile = 'D:\\East.qbw'
    const second = (await api.ask(CreateWebConnectorFileDocument, { connectionId, companyFile })).data
    expect(second?.createWebConnectorFile).toMatchObject({ replaced: true, username: first?.username })
    expect(second?.createWebConnectorFile.password).not.toBe(first?.password)
    expect(second?.createWebConnectorFile.guide).toContain('D:\\East.qbw')
    const trail = JSON.stringify(await api.audit())
    expect(trail).not.toContain(first?.password ?? '?')
    expect(trail.match(/createWebConnectorFile/g)).toHaveLength(2)
  })

  test('shows a viewer how its Web Connector stands, and of QuickBooks Online nothing', async () => {
    const connectionId = await connected()
    await api.ask(CreateWebConnectorFileDocument, { connectionId })
    await insertRows(api.database, 'connection', [connectionRow({ name: 'Online' })])
    const state = async () => {
      const { data } = await api.ask(WebConnectorsDocument, {}, Role.VIEWER)
      return Object.fromEntries(data?.connections.map(({ name, webConnector }) => [name, webConnector]) ?? [])
    }
    expect(await state()).toMatchObject({ East: { state: 'NEVER_CALLED' }, Online: null })
    const seen = new Date(NOW.getTime() - 60_000)
    await api.database.run(sql`update web_connector_user set last_seen_at = ${seen}`)
    expect((await state()).East).toMatchObject({
      state: 'CALLING',
      lastSeenAt: seen.toISOString(),
      nextExpectedAt: new Date(seen.getTime() + 600_000).toISOString(),
      remedy: null,
    })
    await api.database.run(sql`update web_connector_user set last_code = '0x80040414'`)
    expect((await state()).East).toMatchObject({ state: 'DIALOG_OPEN' })
  })

  test('asks once for all Web Connectors of a list', async () => {
    await connected()
    await connected()
    api.statements.length = 0
    await api.ask(WebConnectorsDocument, {}, Role.VIEWER)
    expect(api.statements.filter((one) => one === 'entities WebConnectorUser')).toHaveLength(1)
  })

  test.each([Role.VIEWER, Role.OPERATOR])(
    'is neither connected nor given a file by a %s, and the attempt is recorded',
    async (role) => {
      const connectionId = await connected()
      const tries = [
        await api.ask(ConnectQuickBooksDesktopDocument, { input }, role),
        await api.ask(CreateWebConnectorFileDocument, { connectionId }, role),
      ]
      expect(tries.map(({ errors }) => errors[0]?.extensions.code)).toEqual(['FORBIDDEN', 'FORBIDDEN'])
      const trail = (await api.audit()).slice(1).map(({ action, result }) => `${action} ${result}`)
      expect(trail).toEqual(['connectQuickBooksDesktop DENIED', 'createWebConnectorFile DENIED'])
    },
  )

  test('a scoped admin makes the file of his own connection alone, and connects none', async () => {
    const [mine, foreign] = [await connected(), await connected()]
    const key = await api.issue({ name: 'scoped', role: Role.ADMIN, connectionIds: [mine] })
    const headers = { authorization: `Bearer ${key}` }
    const file = (connectionId: string) =>
      ask({ url: api.url, document: CreateWebConnectorFileDocument, variables: { connectionId }, headers })
    expect((await file(mine)).data?.createWebConnectorFile.password).toMatch(/^[\w-]{24}$/)
    expect((await file(foreign)).errors[0]?.extensions.code).toBe('BAD_USER_INPUT')
    const connecting = await ask({
      url: api.url,
      document: ConnectQuickBooksDesktopDocument,
      variables: { input },
      headers,
    })
    expect(connecting.errors[0]?.extensions.code).toBe('FORBIDDEN')
    const shown = await ask({ url: api.url, document: WebConnectorsDocument, variables: {}, headers })
    expect(shown.data?.connections.map(({ id }) => id)).toEqual([mine])
  })

  test.each([
    ['an id that is none', 'East', /not the id of a connection/],
    ['a connection that there is not', '00000000-0000-7000-8000-000000000000', /no QuickBooks Desktop connection/],
  ])('%s is said to be one, and leaves an entry', async (_, connectionId, message) => {
    const { errors } = await api.ask(CreateWebConnectorFileDocument, { connectionId })
    expect(errors[0]?.message).toMatch(message)
    expect((await api.audit()).map(({ action, result }) => `${action} ${result}`)).toEqual([
      'createWebConnectorFile ERROR',
    ])
  })

  test('an interval that is none is refused in words', async () => {
    const { errors } = await api.ask(ConnectQuickBooksDesktopDocument, { input: { ...input, runEveryMinutes: 0 } })
    expect(errors[0]).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
      message: expect.stringContaining('1 to 1440'),
    })
  })
})
