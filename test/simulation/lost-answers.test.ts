import { afterEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Ledger } from '../../src/ledgers/ledger.ts'
import type { LoggedRequest } from '../../src/sandbox/request-log.ts'
import { poll } from '../../src/sync/poll.ts'
import { work } from '../../src/sync/work.ts'
import { audit } from './auditor.ts'
import { openScene, type Scene, untilRest } from './scene.ts'

let here: Scene
afterEach(() => here.close())

const LOST_BEFORE = { when: 'before', kind: 'cut' }

interface Sent {
  path: string
  requests: string[]
  keys: string[]
  positions: number[]
  sentAt: Date
}

/** The writes of invoices that were sent, oldest first: where they went, and with which bytes. */
async function invoicesSent(): Promise<Sent[]> {
  const rows = await here.fresh.database.rows(sql<{
    path: string
    requests: string[]
    keys: string[]
    positions: number[]
    sent_at: string
  }>`
    select delivery.path, delivery.sent_at, array_agg(request order by position) as requests,
        array_agg(idempotency_key order by position) as keys, array_agg(position order by position) as positions
    from exchange join delivery on delivery.id = delivery_id
    where purpose = 'POST' and operation = 'create Invoice' and sent_at is not null
    group by delivery.id order by delivery.id`)
  return rows.map(({ sent_at, ...row }) => ({ ...row, sentAt: new Date(sent_at) }))
}

async function requests(path: string): Promise<LoggedRequest[]> {
  return here.sandbox.fetchControl(`/log?system=quickbooks-online&path=${encodeURIComponent(path)}`)
}

async function states(): Promise<Record<string, number>> {
  const rows = await here.fresh.database.rows(sql<{ state: string; count: number }>`
    select state, count(*)::int as count from posting where kind = 'INVOICE' group by 1`)
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}

async function expectAllWell(): Promise<void> {
  const { wrong } = await audit({ sandbox: here.sandbox, url: here.fresh.url })
  expect(wrong).toEqual([])
  const { PROCESSED, ...others } = await states()
  expect(others).toEqual({})
  expect(PROCESSED).toBeGreaterThan(0)
}

describe('an answer that is lost although QuickBooks has nothing', () => {
  test('of one invoice: it is sent again after two minutes and two looks, the same bytes under the same key', async () => {
    here = await openScene({ orders: 1, claimMax: 1, settings: { requestIdMode: 'ignore' } })
    await here.fault({ entity: 'Invoice', operation: 'create', times: 1, fault: LOST_BEFORE })
    await untilRest(here)
    const [first, again, ...more] = await invoicesSent()
    expect(more).toEqual([])
    expect(again).toMatchObject({ path: first?.path, requests: first?.requests, keys: first?.keys })
    expect((again?.sentAt.getTime() ?? 0) - (first?.sentAt.getTime() ?? 0)).toBeGreaterThan(120_000)
    await expectAllWell()
  })

  test('of half a batch: what QuickBooks has is settled, the rest goes again as the same items of the same batch', async () => {
    here = await openScene({ orders: 8, claimMax: 30 })
    // The customers are made first, so that all eight invoices travel in few batches.
    await here.fault({ method: 'ITEM', entity: 'Invoice', operation: 'create', onNth: 3, fault: LOST_BEFORE })
    await untilRest(here)
    const [first, ...more] = (await invoicesSent()).filter(({ path }) => path.includes('/batch?'))
    const again = more.find(({ path }) => path === first?.path)
    expect(again?.positions).toEqual(first?.positions.slice(2))
    expect(again?.requests).toEqual(first?.requests.slice(2))
    expect(again?.keys).toEqual(first?.keys.slice(2))
    await expectAllWell()
  })

  test('an order that changed in the CRM meanwhile goes as it is now, under another key', async () => {
    here = await openScene({ orders: 1, claimMax: 1 })
    await here.fault({ entity: 'Invoice', operation: 'create', times: 1, fault: LOST_BEFORE })
    await poll(here.road)
    for (let round = 0; round < 3; round += 1) await work(here.road)
    const [order] = await here.sandbox.fetchControl<{ Id: string }[]>('/records/creatio.Order')
    await here.sandbox.fetchControl(`/records/creatio.Order/${order?.Id}`, {
      method: 'PATCH',
      body: { BGPONumber: 'PO-changed' },
    })
    await untilRest(here)
    const [first, again] = await invoicesSent()
    expect(again?.keys).not.toEqual(first?.keys)
    expect(again?.requests[0]).toContain('PO-changed')
    await expectAllWell()
  })

  test('a 6000 that stays is looked for and then FAILED with the words of QuickBooks, not sent for ever', async () => {
    here = await openScene({ orders: 1, claimMax: 1 })
    await here.fault({ entity: 'Invoice', operation: 'create', fault: { kind: 'fault', code: '6000' } })
    await untilRest(here)
    expect(await invoicesSent()).toHaveLength(1)
    const [row] = await here.fresh.database.rows(sql<{ state: string; reason_code: string; code: string }>`
      select state, reason_code, reason_detail ->> 'code' as code from posting where kind = 'INVOICE'`)
    expect(row).toEqual({ state: 'FAILED', reason_code: 'QUICKBOOKS_REJECTED', code: '6000' })
  })
})

describe('a worker that wakes', () => {
  test('between the guard and the sending sends nothing, and its postings go again', async () => {
    here = await openScene({ orders: 1, claimMax: 1 })
    let sleeps = 1
    const around = (ledger: Ledger): Ledger => ({
      ...ledger,
      async send(envelope, right) {
        const isInvoice = envelope.path.includes('/invoice?')
        if (isInvoice && sleeps-- > 0) await here.clock.advance({ seconds: 90 })
        return ledger.send(envelope, right)
      },
    })
    const sleeper = await here.worker({ instance: 'sleeper', around })
    await poll(sleeper)
    for (let round = 0; round < 3; round += 1) await work(sleeper)
    expect(await requests('/invoice?')).toEqual([])
    const [delivery] = await here.fresh.database.rows(sql<{ lost_reason: string }>`
      select lost_reason from delivery where path like '%/invoice?%'`)
    expect(delivery?.lost_reason).toBe('not-sent: the right to send had run out')
    await untilRest(here)
    expect(await requests('/invoice?')).toHaveLength(1)
    await expectAllWell()
  })

  test('with the answer in hand still saves it, although the lane is another’s by then', async () => {
    here = await openScene({ orders: 1, claimMax: 1 })
    const meanwhile: (() => Promise<void>)[] = [
      async () => {
        await here.clock.advance({ seconds: 90 })
        await work(here.road)
        expect(await states()).toEqual({ POSTED: 1 })
      },
    ]
    const around = (ledger: Ledger): Ledger => ({
      ...ledger,
      async send(envelope, right) {
        const answer = await ledger.send(envelope, right)
        if (envelope.path.includes('/invoice?')) await meanwhile.pop()?.()
        return answer
      },
    })
    const sleeper = await here.worker({ instance: 'sleeper', around })
    await poll(sleeper)
    for (let round = 0; round < 3; round += 1) await work(sleeper)
    expect(meanwhile).toEqual([])
    const [delivery] = await here.fresh.database.rows(sql<{ status: number }>`
      select status from delivery where path like '%/invoice?%'`)
    expect(delivery?.status).toBe(200)
    expect(await requests('/invoice?')).toHaveLength(1)
    await untilRest(here)
    await expectAllWell()
  })

  test('finds its lane lost with the next sign of life, and its round stops', async () => {
    here = await openScene({ orders: 3, claimMax: 1 })
    const limits = { ...here.road.limits, laneLeaseSeconds: 0.6 }
    let stolen = false
    const around = (ledger: Ledger): Ledger => ({
      ...ledger,
      async send(envelope, right) {
        if (!stolen) await here.fresh.database.run(sql`update connection set lane_epoch = lane_epoch + 1`)
        stolen = true
        await new Promise((resolve) => setTimeout(resolve, 300))
        return ledger.send(envelope, right)
      },
    })
    const sleeper = await here.worker({ instance: 'sleeper', around })
    await poll(sleeper)
    await work({ ...sleeper, limits: { ...limits, sendWithinSeconds: 0.1 } })
    expect((await requests('/invoice?')).length + (await requests('/customer?')).length).toBe(0)
    expect((await states()).CLAIMED).toBeUndefined()
  })
})
