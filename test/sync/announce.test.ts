import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { pino } from 'pino'
import { saveConditions } from '../../src/storage/alerts.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { signInConditions } from '../../src/storage/sign-in-conditions.ts'
import { announce, type Channel } from '../../src/sync/announce.ts'
import { mailChannel } from '../../src/sync/announce-mail.ts'
import { webhookChannel } from '../../src/sync/announce-webhook.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { bodyOf, listen } from '../ledgers/quickbooks-online/intuit.ts'
import { connectionRow, insertRows, postingRow } from '../storage/rows.ts'
import { type PostOffice, postOffice } from './post-office.ts'
import { selfSigned } from './self-signed.ts'

const SECRET = 'a secret shared with the receiver'
const log = pino({ level: 'silent' })
const connection = connectionRow({ name: 'East\r\nBcc: evil@example.com' })
let fresh: FreshDatabase
let time: Date
let office: PostOffice
let receiver: { url: string; close: () => Promise<void> }
let received: { headers: Record<string, unknown>; body: string }[]
let answerStatus = 200

beforeEach(async () => {
  fresh = await freshDatabase()
  time = new Date('2026-03-01T12:00:00Z')
  await insertRows(fresh.database, 'connection', [connection])
  office = await postOffice()
  received = []
  answerStatus = 200
  receiver = await listen(async (request, response) => {
    received.push({ headers: request.headers, body: await bodyOf(request) })
    response.writeHead(answerStatus).end('thank you')
  })
})
afterEach(async () => {
  await Promise.all([office.close(), receiver.close()])
  await fresh.close()
})

const now = () => time
const pass = (seconds: number) => {
  time = new Date(time.getTime() + seconds * 1000)
}
const email = () => mailChannel({ smtpUrl: office.url, from: 'countersign@example.com', to: 'admin@example.com' })
const webhook = () => webhookChannel({ url: receiver.url, secret: SECRET, now })
const tell = (channels: { EMAIL?: Channel; WEBHOOK?: Channel }, database = fresh.database) =>
  announce({ database, now, log }, { channels })
const notices = () =>
  fresh.database.rows(sql<Record<string, unknown>>`
    select event, channel, attempts, sent_at is not null as sent, given_up_at is not null as given_up, last_error
    from alert_notice order by id`)

const mismatch = {
  code: 'MISMATCHES',
  severity: 'WARNING',
  subject: 'postings',
  connectionId: connection.id,
  count: 2,
  detail: { count: 2 },
} as Parameters<typeof saveConditions>[1]['conditions'][number]
const holds = (...conditions: (typeof mismatch)[]) => saveConditions(fresh.database, { conditions, now: now() })

describe('an alert', () => {
  test('is told once by each channel while it lasts, and once that it is over', async () => {
    const channels = { EMAIL: email(), WEBHOOK: webhook() }
    await holds(mismatch)
    for (const _ of [1, 2, 3]) {
      await tell(channels)
      pass(60)
      await holds(mismatch)
    }
    expect([office.mails.length, received.length]).toEqual([1, 1])
    await holds()
    for (const _ of [1, 2]) await tell(channels)
    expect(office.mails).toHaveLength(2)
    expect(office.mails[0]).toMatch(/^Subject: Countersign: WARNING MISMATCHES \(East Bcc: evil@example\.com\)$/m)
    expect(office.mails[0]).not.toMatch(/^Bcc:/m)
    expect(office.mails[0]).toContain('2 records in QuickBooks differ from what the CRM sold.')
    expect(office.mails[1]).toMatch(/^Subject: Countersign: over: MISMATCHES/m)
    expect(received.map(({ body }) => JSON.parse(body))).toMatchObject([
      { event: 'alert.raised', code: 'MISMATCHES', severity: 'WARNING', connection: { id: connection.id }, count: 2 },
      { event: 'alert.cleared', code: 'MISMATCHES', clearedAt: '2026-03-01T12:03:00.000Z' },
    ])
  })

  test('is signed, so that the receiver can tell us from others', async () => {
    await holds(mismatch)
    await tell({ WEBHOOK: webhook() })
    const [{ headers, body } = { headers: {}, body: '' }] = received
    const seconds = time.getTime() / 1000
    const expected = createHmac('sha256', SECRET).update(`${seconds}.${body}`).digest('hex')
    expect(headers['countersign-signature']).toBe(`t=${seconds},v1=${expected}`)
  })

  test('is told once, when four processes tell at the same time', async () => {
    await holds(mismatch, { ...mismatch, code: 'ANSWERS_LOST', detail: { count: 1, minutes: 10 } })
    const pools = await Promise.all([1, 2, 3, 4].map(() => openDatabase({ url: fresh.url, poolMax: 3 })))
    const channels = { EMAIL: email(), WEBHOOK: webhook() }
    for (const _ of [1, 2, 3]) await Promise.all(pools.map(({ database }) => tell(channels, database)))
    await Promise.all(pools.map(({ close }) => close()))
    expect([office.mails.length, received.length]).toEqual([2, 2])
  })

  test('that cannot be told is tried again, ever more seldom, with the same id, and nobody learns the secrets from its errors', async () => {
    await holds(mismatch)
    answerStatus = 503
    const down = { WEBHOOK: webhook() }
    for (let minute = 0; minute < 60; minute += 1) {
      await tell(down)
      pass(60)
    }
    // In the minutes 0, 1, 2, 4, 9 and 24.
    expect(received.length).toBe(6)
    expect(new Set(received.map(({ headers }) => headers['countersign-id'])).size).toBe(1)
    answerStatus = 200
    pass(3_600)
    await tell(down)
    await tell(down)
    expect(received.length).toBe(7)
    expect(await notices()).toMatchObject([{ channel: 'WEBHOOK', attempts: 7, sent: true, last_error: null }])
  })

  test('that could not be told for a day is given up, and that it is over is not told either', async () => {
    await holds(mismatch)
    const gone = webhookChannel({ url: 'http://127.0.0.1:9/hook-with-a-secret', secret: SECRET, now })
    for (let hour = 0; hour < 30; hour += 1) {
      await tell({ WEBHOOK: gone })
      pass(3_600)
    }
    const [notice, ...more] = await notices()
    expect(more).toEqual([])
    expect(notice).toMatchObject({ sent: false, given_up: true })
    expect(notice?.last_error).toMatch(/^the webhook cannot be reached: /)
    expect(JSON.stringify(notice)).not.toContain('hook-with-a-secret')
    await holds()
    await tell({ WEBHOOK: webhook() })
    expect(received).toEqual([])
  })

  test('that was over before anyone could be told is not told', async () => {
    await holds(mismatch)
    office.refusal = '451 later'
    await tell({ EMAIL: email() })
    await holds()
    office.refusal = null
    pass(600)
    await tell({ EMAIL: email() })
    expect(office.mails).toEqual([])
    expect(await notices()).toMatchObject([{ event: 'RAISED', attempts: 1, given_up: true }])
  })

  test('whose teller was killed before it could note the sending is told again, once its lease has run out', async () => {
    await holds(mismatch)
    await tell({
      WEBHOOK: async () => {
        await fresh.database.run(sql`update alert_notice set claim_token = gen_random_uuid()`)
      },
    })
    await tell({ WEBHOOK: webhook() })
    expect(received).toEqual([])
    pass(901)
    await tell({ WEBHOOK: webhook() })
    expect(received).toHaveLength(1)
  })
})

test('a mail server that wants a sign-in gets it, and one that refuses it is not quoted', async () => {
  const strict = await postOffice({ user: 'countersign', password: 'pass word' })
  await holds(mismatch)
  const wrong = strict.url.replace('pass%20word', 'another-secret')
  await tell({ EMAIL: mailChannel({ smtpUrl: wrong, from: 'a@example.com', to: 'b@example.com' }) })
  expect(await notices()).toMatchObject([{ sent: false, last_error: 'the mail could not be sent: EAUTH 535' }])
  pass(60)
  await tell({ EMAIL: mailChannel({ smtpUrl: strict.url, from: 'a@example.com', to: 'b@example.com' }) })
  expect(strict.mails).toHaveLength(1)
  await strict.close()
})

test('a mail goes by TLS to a server whose certificate is trusted, and to no other', async () => {
  const certificate = selfSigned()
  const secure = await postOffice({ user: 'countersign', password: 'pass word', tls: certificate })
  const channel = (smtpUrl: string) => mailChannel({ smtpUrl, from: 'a@example.com', to: 'b@example.com' })
  await holds(mismatch)
  await tell({ EMAIL: channel(secure.url) })
  expect(await notices()).toMatchObject([{ sent: false, last_error: 'the mail could not be sent: ESOCKET' }])
  expect(secure.mails).toHaveLength(0)
  pass(60)
  const trusted = new URL(secure.url)
  trusted.searchParams.set('tls.ca', certificate.cert)
  await tell({ EMAIL: channel(trusted.href) })
  expect(await notices()).toMatchObject([{ sent: true }])
  expect(secure.mails).toHaveLength(1)
  await secure.close()
})

describe('the conditions of a sign-in', () => {
  const limits = {
    endingDays: [30, 7, 1],
    notRenewedSeconds: 600,
    throttlesMin: 10,
    throttledShare: 0.05,
    throttledWindowSeconds: 3_600,
  }
  const inDays = (days: number) => new Date(time.getTime() + days * 86_400_000).toISOString()
  const signedIn = (row: {
    access_token_expires_at?: string
    refreshed_at?: string
    refresh_token_hard_expires_at?: string
  }) =>
    fresh.database.run(sql`
      insert into connection_token (connection_id, sealed_access_token, sealed_refresh_token, access_token_expires_at,
          refresh_token_expires_at, refresh_token_hard_expires_at, refreshed_at)
      values (${connection.id}, 'sealed', 'sealed', ${row.access_token_expires_at ?? inDays(1 / 24)}, ${inDays(101)},
          ${row.refresh_token_hard_expires_at ?? inDays(1_825)}, ${row.refreshed_at ?? time})`)
  const found = async () =>
    (await signInConditions(fresh.database, { limits, now: time })).map(
      ({ code, subject, severity }) => `${code} ${subject} ${severity}`,
    )

  test('none holds while all is well', async () => {
    await signedIn({})
    expect(await found()).toEqual([])
  })

  test('its end is told 30, 7 and 1 days before: that of the hard limit and that of 101 days, once each', async () => {
    await signedIn({ refresh_token_hard_expires_at: inDays(30.5) })
    expect(await found()).toEqual([])
    const told: string[] = []
    for (const days of [1, 23, 6, 0.2]) {
      pass(days * 86_400)
      await fresh.database.run(
        sql`update connection_token set refreshed_at = ${time}, access_token_expires_at = ${time}`,
      )
      const { raised } = await saveConditions(fresh.database, {
        conditions: await signInConditions(fresh.database, { limits, now: time }),
        now: time,
      })
      told.push(raised.map(({ subject, severity }) => `${subject} ${severity}`).join(', '))
    }
    expect(told).toEqual(['hard, 30 days WARNING', 'hard, 7 days WARNING', 'hard, 1 days CRITICAL', ''])
    await fresh.database.run(sql`update connection_token set refresh_token_hard_expires_at = ${inDays(1_800)}`)
    const { cleared } = await saveConditions(fresh.database, { conditions: [], now: time })
    expect(cleared).toHaveLength(3)
    await fresh.database.run(sql`update connection_token set refresh_token_expires_at = ${inDays(6)}`)
    expect(await found()).toEqual(['SIGN_IN_ENDING refresh, 30 days WARNING', 'SIGN_IN_ENDING refresh, 7 days WARNING'])
  })

  test('one that nobody could renew for ten minutes is told, one that was refused is its stopped connection’s to tell', async () => {
    await signedIn({ access_token_expires_at: time.toISOString(), refreshed_at: inDays(-1) })
    expect(await found()).toEqual([])
    pass(601)
    expect(await found()).toEqual(['SIGN_IN_NOT_RENEWED sign-in CRITICAL'])
    await fresh.database.run(sql`update connection_token set refused_at = ${time}, refusal = 'invalid_grant'`)
    expect(await found()).toEqual([])
  })

  test('QuickBooks that asks to slow down often is told', async () => {
    const posting = postingRow({ connection_id: connection.id })
    await insertRows(fresh.database, 'posting', [posting])
    const deliver = (count: number, status: number) =>
      insertRows(
        fresh.database,
        'delivery',
        Array.from({ length: count }, () => ({
          id: crypto.randomUUID(),
          connection_id: connection.id,
          lane_epoch: 0,
          method: 'POST',
          path: '/',
          body_hash: 'hash',
          size: 1,
          carries: 'POST',
          created_at: time.toISOString(),
          sent_at: time.toISOString(),
          status,
        })),
      )
    await deliver(200, 200)
    await deliver(9, 429)
    expect(await found()).toEqual([])
    await deliver(1, 429)
    await deliver(1, 429)
    expect(await found()).toEqual(['THROTTLED_OFTEN calls WARNING'])
    pass(3_601)
    expect(await found()).toEqual([])
  })
})
