import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { Answer, Envelope, Ledger } from '../../../src/ledgers/ledger.ts'
import { openQuickBooksOnline } from '../../../src/ledgers/quickbooks-online/ledger.ts'
import { createInvoice, queryCustomers } from './answers.ts'
import { aTokenEndpoint, aVault, bodyOf, listen, reply, someTokens } from './intuit.ts'

const open: { close: () => Promise<void> }[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

const noon = new Date('2026-11-02T12:00:00Z')

type Reply = (request: IncomingMessage, response: ServerResponse) => unknown

/** A ledger whose QuickBooks answers as the test says. */
async function ledgerTo(answer: Reply): Promise<{ ledger: Ledger; endpoint: ReturnType<typeof aTokenEndpoint> }> {
  const endpoint = aTokenEndpoint()
  const tokens = await listen((request, response) => void endpoint.answer(request, response))
  const company = await listen((request, response) => void answer(request, response))
  open.push(tokens, company)
  return { ledger: openLedger({ apiUrl: company.url, tokenUrl: tokens.url }), endpoint }
}

function openLedger({ apiUrl, tokenUrl }: { apiUrl: string; tokenUrl: string }): Ledger {
  return openQuickBooksOnline({
    realmId: '9130',
    apiUrl,
    oauth: {
      clientId: 'a-client',
      clientSecret: 'a-secret',
      tokenUrl,
      authorizeUrl: tokenUrl,
      revokeUrl: tokenUrl,
      redirectUri: 'http://127.0.0.1/callback',
    },
    vault: aVault(someTokens({ expiresAt: new Date('2026-11-02T13:00:00Z') })),
    now: () => noon,
    random: () => 0.5,
    sleep: async () => undefined,
    workerName: 'worker-3',
    answerTimeoutSeconds: 0.3,
  })
}

const envelopeOf = (ledger: Ledger): Envelope => ledger.pack([createInvoice])[0]!

async function sendTo(answer: Reply): Promise<Answer> {
  const { ledger } = await ledgerTo(answer)
  return ledger.send(envelopeOf(ledger))
}

describe('sending to QuickBooks Online', () => {
  test('the bytes go as they were packed, with the token and the name of the worker', async () => {
    let seen: unknown
    const answer = await sendTo(async (request, response) => {
      const { authorization, accept, 'x-countersign-worker': worker, 'content-type': type } = request.headers
      seen = { method: request.method, authorization, accept, worker, type, body: await bodyOf(request) }
      reply(response, { status: 200, json: { Invoice: {} } })
    })
    expect(seen).toEqual({
      method: 'POST',
      authorization: 'Bearer access-0',
      accept: 'application/json',
      worker: 'worker-3',
      type: 'application/json',
      body: createInvoice.request,
    })
    expect(answer).toEqual({
      kind: 'answered',
      status: 200,
      body: '{"Invoice":{}}',
      contentType: 'application/json',
      intuitTid: 'tid-7',
      date: expect.any(String),
      durationMs: 0,
    })
  })

  test('when the right to send has run out, nothing leaves', async () => {
    let asked = 0
    const { ledger } = await ledgerTo((_request, response) => {
      asked += 1
      reply(response, { status: 200, json: { Invoice: {} } })
    })
    expect(await ledger.send(envelopeOf(ledger), { before: noon })).toMatchObject({ kind: 'not-sent' })
    expect(asked).toBe(0)
    expect(await ledger.send(envelopeOf(ledger), { before: new Date(noon.getTime() + 1) })).toMatchObject({
      status: 200,
    })
  })

  test('a connection that is refused never left', async () => {
    const gone = await listen(() => undefined)
    await gone.close()
    const ledger = openLedger({ apiUrl: gone.url, tokenUrl: gone.url })
    expect(await ledger.send(envelopeOf(ledger))).toMatchObject({ kind: 'not-sent' })
  })

  test('a name that does not resolve never left', async () => {
    const ledger = openLedger({ apiUrl: 'http://quickbooks.invalid', tokenUrl: 'http://127.0.0.1:9' })
    expect(await ledger.send(envelopeOf(ledger))).toMatchObject({ kind: 'not-sent' })
  })

  test.each<[string, Reply]>([
    ['silence until the timeout', () => undefined],
    ['a connection cut after the request arrived', (request) => request.socket.destroy()],
    [
      'an answer cut in its middle',
      (request, response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('{"Invoice":')
        setTimeout(() => request.socket.destroy(), 20)
      },
    ],
    ['an answer that never ends', (_request, response) => void response.writeHead(200).write('{"Invoice":')],
  ])('%s is a lost answer', async (_name, answer) => {
    expect(await sendTo(answer)).toMatchObject({ kind: 'lost' })
  })

  test('a redirect is not followed: it is an answer', async () => {
    const answer = await sendTo((_request, response) =>
      response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
    )
    expect(answer).toMatchObject({ kind: 'answered', status: 307 })
  })

  test('no answer repeats the token, not even the one that quotes it', async () => {
    const answer = await sendTo((_request, response) =>
      reply(response, {
        status: 401,
        json: {
          fault: { error: [{ message: 'm', detail: 'Token expired: AB01.part-of-it', code: '3200' }] },
          token: 'access-0',
        },
      }),
    )
    expect(JSON.stringify(answer)).not.toMatch(/AB01|access-0/)
  })

  test('after an expired token the next request goes with a new one, renewed once', async () => {
    const { ledger, endpoint } = await ledgerTo((request, response) =>
      request.headers.authorization === 'Bearer access-0'
        ? reply(response, { status: 401, json: { fault: { error: [{ message: 'm', detail: 'd', code: '3200' }] } } })
        : reply(response, { status: 200, json: { QueryResponse: {} } }),
    )
    const envelope = ledger.pack([queryCustomers])[0]!
    const first = ledger.decode(envelope.exchanges, await ledger.send(envelope)).get(queryCustomers.id)?.outcome
    expect(first).toMatchObject({ kind: 'deferred', reason: 'TOKEN_EXPIRED', afterSeconds: 0 })
    const [second, third] = await Promise.all([ledger.send(envelope), ledger.send(envelope)])
    expect([second, third]).toMatchObject([{ status: 200 }, { status: 200 }])
    expect(endpoint.refreshes).toBe(1)
  })

  test('a sign-in that is refused sends nothing', async () => {
    let asked = 0
    const { ledger, endpoint } = await ledgerTo((_request, response) => {
      asked += 1
      reply(response, { status: 401, json: { fault: { error: [{ message: 'm', detail: 'd', code: '3200' }] } } })
    })
    await ledger.send(envelopeOf(ledger))
    endpoint.current = 'used elsewhere'
    expect(await ledger.send(envelopeOf(ledger))).toMatchObject({ kind: 'refused-sign-in', reason: 'RECONNECT' })
    expect(asked).toBe(1)
  })

  test('a sign-in that is down sends nothing, and may be tried again', async () => {
    const { ledger, endpoint } = await ledgerTo((_request, response) =>
      reply(response, { status: 401, json: { fault: { error: [{ message: 'm', detail: 'd', code: '3200' }] } } }),
    )
    await ledger.send(envelopeOf(ledger))
    endpoint.refusal = { status: 503, json: {} }
    expect(await ledger.send(envelopeOf(ledger))).toMatchObject({ kind: 'not-sent' })
  })

  test('a throttled answer silences the whole company for a minute, with jitter', async () => {
    const naps: number[] = []
    const company = await listen((_request, response) => void response.writeHead(429).end())
    open.push(company)
    let nowMs = noon.getTime()
    const ledger = openQuickBooksOnline({
      realmId: '9130',
      apiUrl: company.url,
      oauth: { clientId: '', clientSecret: '', tokenUrl: '', authorizeUrl: '', revokeUrl: '', redirectUri: '' },
      vault: aVault(someTokens({ expiresAt: new Date('2026-11-02T13:00:00Z') })),
      now: () => new Date(nowMs),
      random: () => 0.5,
      sleep: async (ms) => {
        naps.push(ms)
        nowMs += ms
      },
    })
    await ledger.send(envelopeOf(ledger))
    await ledger.pace.turn(envelopeOf(ledger))
    expect(naps).toEqual([63_000])
  })
})

describe('a batch of which items were throttled', () => {
  const throttled = { Fault: { Error: [{ Message: 'm', Detail: 'd', code: '3001' }], type: 'SERVICE' } }
  const items = (second: unknown) => ({ BatchItemResponse: [{ bId: '0', Invoice: { Id: '1' } }, second] })
  const batchOf = (ledger: Ledger) => ledger.pack([createInvoice, { ...createInvoice, id: 'second' }])[0]!

  test('teaches the pace that items count, and defers those items alone', async () => {
    const { ledger } = await ledgerTo((_request, response) =>
      reply(response, { status: 200, json: items({ bId: '1', ...throttled }) }),
    )
    expect(ledger.pace.alone?.(60, ledger.limits)).toBe(0)
    const envelope = batchOf(ledger)
    const understood = ledger.decode(envelope.exchanges, await ledger.send(envelope))
    expect(understood.get('second')?.outcome).toMatchObject({ kind: 'deferred', reason: 'THROTTLED', afterSeconds: 60 })
    expect(ledger.pace.alone?.(60, ledger.limits)).toBe(60)
  })

  test('is not mistaken for one whose record only speaks of such a code', async () => {
    const { ledger } = await ledgerTo((_request, response) =>
      reply(response, { status: 200, json: items({ bId: '1', Invoice: { Id: '2', PrivateNote: '"code":"3001"' } }) }),
    )
    await ledger.send(batchOf(ledger))
    expect(ledger.pace.alone?.(60, ledger.limits)).toBe(0)
  })
})

describe('checking the company', () => {
  const company = { CompanyInfo: { CompanyName: 'Alder Interiors', Id: '1' } }
  const preferences = {
    Preferences: { SalesFormsPrefs: { CustomTxnNumbers: true }, CurrencyPrefs: { HomeCurrency: { value: 'USD' } } },
  }
  const answerWith =
    (answers: { company?: unknown; preferences?: unknown }): Reply =>
    (request, response) =>
      reply(response, {
        status: 200,
        json: request.url?.includes('/preferences?')
          ? (answers.preferences ?? preferences)
          : (answers.company ?? company),
      })

  test('tells its name, its currency, and whether it keeps our numbers', async () => {
    const { ledger } = await ledgerTo(answerWith({}))
    expect(await ledger.check()).toEqual({
      companyName: 'Alder Interiors',
      currency: 'USD',
      customTransactionNumbers: true,
      salesTax: 'OFF',
      closingDate: null,
      clockSkewSeconds: expect.any(Number),
      stop: null,
    })
  })

  test('sees that QuickBooks gives its own numbers', async () => {
    const own = { Preferences: { ...preferences.Preferences, SalesFormsPrefs: { CustomTxnNumbers: false } } }
    const { ledger } = await ledgerTo(answerWith({ preferences: own }))
    expect(await ledger.check()).toMatchObject({ customTransactionNumbers: false, stop: null })
  })

  test('a token of another realm stops the connection', async () => {
    const { ledger } = await ledgerTo((_request, response) =>
      response
        .writeHead(401, { 'content-type': 'application/xml' })
        .end(
          '<IntuitResponse><Fault type="AUTHENTICATION"><Error code="100"><Message>m</Message></Error></Fault></IntuitResponse>',
        ),
    )
    expect((await ledger.check()).stop).toMatchObject({ reason: 'WRONG_COMPANY' })
  })

  test('an expired token is renewed once and the check goes on', async () => {
    const fine = answerWith({})
    const { ledger, endpoint } = await ledgerTo((request, response) =>
      request.headers.authorization === 'Bearer access-0'
        ? reply(response, { status: 401, json: { fault: { error: [{ message: 'm', detail: 'd', code: '3200' }] } } })
        : fine(request, response),
    )
    expect((await ledger.check()).stop).toBeNull()
    expect(endpoint.refreshes).toBe(1)
  })

  test.each([
    ['nonsense', answerWith({ company: {} }), 'ANSWER_NOT_UNDERSTOOD'],
    ['a company without a currency', answerWith({ preferences: { Preferences: {} } }), 'ANSWER_NOT_UNDERSTOOD'],
    ['silence', () => undefined, 'QUICKBOOKS_UNREACHABLE'],
  ] as [string, Reply, string][])('%s is no fit company', async (_name, answer, reason) => {
    const { ledger } = await ledgerTo(answer)
    expect((await ledger.check()).stop).toMatchObject({ reason })
  })
})
