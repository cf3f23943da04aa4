import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { webhookReceiver } from '../../src/cli/receive-webhooks.ts'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { replayWebhookEvent } from '../../src/storage/webhook-events.ts'
import { syncNow } from '../../src/sync/read-mirror.ts'
import { invoice, realmId } from '../sandbox/quickbooks-online/open-company.ts'
import { type MirrorStage, openMirrorStage } from './mirror-stage.ts'

const VERIFIER = 'a-verifier-token'
const author = { name: 'an operator', keyId: null, connectionIds: null }
let stage: MirrorStage
let receive: ReturnType<typeof webhookReceiver>
let asked: number

beforeEach(async () => {
  stage = await openMirrorStage()
  await stage.createInvoices(4)
  await syncNow(stage.road, { connection: stage.connection, entity: MirrorEntity.ALL, mode: SyncMode.FULL, author })
  await stage.steps()
  stage.advance(600)
  receive = webhookReceiver({ ...stage.road, verifierToken: VERIFIER })
  asked = (await stage.asked()).length
})
afterEach(() => stage.close())

async function tell(name: string, id: string, operation: string, more: object = {}): Promise<void> {
  const entities = [{ name, id, operation, lastUpdated: stage.now().toISOString(), ...more }]
  const text = JSON.stringify({ eventNotifications: [{ realmId, dataChangeEvent: { entities } }] })
  const signature = createHmac('sha256', VERIFIER).update(text).digest('base64')
  expect(await receive({ body: Buffer.from(text), signature })).toBe('stored')
}

const states = () =>
  stage.fresh.database.rows(sql<{ id: string; state: string }>`select id, state from webhook_event order by id`)

describe('webhook events', () => {
  test('are read together, each record once, in whatever order they were told, and the mirror has what QuickBooks has', async () => {
    await stage.company.create('Invoice', { Id: '2', SyncToken: '0', sparse: true, PrivateNote: 'changed' })
    const { Id } = await stage.company.create('Invoice', invoice({ DocNumber: 'N-1' }))
    await stage.company.ask('invoice', { body: { Id: '3', SyncToken: '0' }, query: { operation: 'delete' } })
    await tell('Invoice', '3', 'Delete')
    await tell('Invoice', '2', 'Update')
    await tell('Invoice', '3', 'Update')
    await tell('Invoice', String(Id), 'Create')
    await tell('Customer', '1', 'Update')
    expect(await stage.steps()).toBe(0)
    stage.advance(3)
    await stage.steps()
    expect(await stage.differences()).toEqual([])
    expect((await stage.asked()).length - asked).toBe(2)
    expect((await states()).map(({ state }) => state)).toEqual(Array(5).fill('PROCESSED'))
  })

  test('are not believed: a deletion that QuickBooks does not confirm deletes nothing', async () => {
    await tell('Invoice', '2', 'Delete')
    stage.advance(3)
    await stage.steps()
    expect(await stage.differences()).toEqual([])
  })

  test('that tell of a merge leave the one record gone, and saying where to', async () => {
    await stage.company.create('Customer', { Id: '3', SyncToken: '0', sparse: true, Active: false })
    stage.company.sandbox.store.table('qbo.Customer').delete('3')
    await tell('Customer', '2', 'Merge', { deletedId: '3' })
    stage.advance(3)
    await stage.steps()
    const [gone] = (await stage.mirrored(MirrorEntity.CUSTOMER)).filter(({ quickBooksId }) => quickBooksId === '3')
    expect(gone).toMatchObject({ mergedIntoId: '2', active: false })
    expect(gone?.deletedAt).not.toBeNull()
  })

  test('that tell of a merge are not believed while the record that is said to be gone is there', async () => {
    await tell('Customer', '2', 'Merge', { deletedId: '3' })
    stage.advance(3)
    await stage.steps()
    expect(await stage.differences()).toEqual([])
    const merged = (await stage.mirrored(MirrorEntity.CUSTOMER)).filter(({ mergedIntoId }) => mergedIntoId)
    expect(merged).toEqual([])
  })

  test('wait while QuickBooks cannot be asked, and nothing of them is lost', async () => {
    await stage.company.create('Invoice', { Id: '2', SyncToken: '0', sparse: true, PrivateNote: 'changed' })
    await tell('Invoice', '2', 'Update')
    stage.company.sandbox.faults.add({
      system: 'quickbooks-online',
      path: 'query',
      times: 1,
      fault: { when: 'before', kind: 'status', status: 503 },
    })
    stage.advance(3)
    await expect(stage.steps()).rejects.toThrow('query Invoice')
    expect(await states()).toMatchObject([{ state: 'PENDING' }])
    expect(await stage.steps()).toBe(0)
    stage.advance(31)
    await stage.steps()
    expect(await stage.differences()).toEqual([])
  })

  test('can be replayed: what they name is read once more', async () => {
    await tell('Invoice', '2', 'Update')
    stage.advance(3)
    await stage.steps()
    await stage.company.create('Invoice', { Id: '2', SyncToken: '0', sparse: true, PrivateNote: 'changed' })
    const [event] = await states()
    expect(await replayWebhookEvent(stage.fresh.database, event?.id ?? '')).toMatchObject({ state: 'PENDING' })
    await stage.steps()
    expect(await stage.differences(['INVOICE'])).toEqual([])
    expect(await states()).toMatchObject([{ state: 'PROCESSED' }])
  })

  test('with an id that is no id ask for nothing else than that id', async () => {
    await tell('Invoice', "2') OR Id IN ('1", 'Update')
    stage.advance(3)
    await stage.steps()
    expect(await states()).toMatchObject([{ state: 'PROCESSED' }])
    expect((await stage.asked()).at(-1)).toContain(String.raw`Id IN ('2\') OR Id IN (\'1')`)
  })
})
