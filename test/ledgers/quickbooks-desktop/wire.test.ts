import { describe, expect, test } from '@jest/globals'
import type { Envelope } from '../../../src/ledgers/ledger.ts'
import { createInvoice, desktopInvoice, exchangeOf, invoiceRet, queryItems, responseTo, setOf } from './answers.ts'
import { callAgain, caller, openChecked, openDesktop, playOffice } from './office.ts'

const packed = (ledger = openDesktop(), exchange = createInvoice): Envelope => ledger.pack([exchange])[0]!
const whole = setOf([responseTo(createInvoice, { inner: invoiceRet() })])
const soon = { withinMs: 30 }

/** The road and the office, and what each of them waits for. */
async function conversation() {
  const { ledger, talk } = await openChecked()
  const answer = (response = whole, withinMs = 30) => talk.answer({ response, hresult: '', message: '', withinMs })
  return { ledger, talk, answer }
}

describe('the letterbox', () => {
  test('without a caller nobody is reached, and nothing leaves', async () => {
    const ledger = openDesktop()
    expect(ledger.reach()).toBeNull()
    expect(await ledger.send(packed())).toMatchObject({
      kind: 'not-sent',
      detail: 'the Web Connector is not connected',
    })
  })

  test('what the road lays in is handed out, and the answer comes back to it', async () => {
    const { ledger, talk, answer } = await conversation()
    expect(ledger.reach()).toBe(talk)
    const envelope = packed(ledger)
    const sent = ledger.send(envelope)
    expect(await talk.next(soon)).toEqual({ body: envelope.body })
    void answer()
    expect(await sent).toMatchObject({ kind: 'answered', status: 200, contentType: 'application/qbxml', body: whole })
  })

  test('the office waits for the road, and is told later when it thinks too long', async () => {
    const { ledger, talk } = await conversation()
    expect(await talk.next(soon)).toBe('later')
    const waiting = talk.next({ withinMs: 1_000 })
    const envelope = packed(ledger)
    void ledger.send(envelope)
    expect(await waiting).toEqual({ body: envelope.body })
  })

  test('an answer waits until the road wants more, or has nothing more to ask', async () => {
    const { ledger, talk, answer } = await conversation()
    void ledger.send(packed(ledger)).then(() => ledger.send(packed(ledger, exchangeOf(desktopInvoice('2'), 'b'))))
    await talk.next(soon)
    expect(await answer(whole, 1_000)).toBe('more')
    await talk.next(soon)
    const told = answer(whole, 1_000)
    talk.finish()
    expect(await told).toBe('done')
    expect(await talk.next(soon)).toBe('done')
  })

  test('when the road still thinks the answer is taken all the same, and the office told later', async () => {
    const { ledger, talk, answer } = await conversation()
    const sent = ledger.send(packed(ledger))
    await talk.next(soon)
    expect(await answer()).toBe('later')
    expect((await sent).kind).toBe('answered')
  })

  test('the road may go on after it had nothing more to ask', async () => {
    const { ledger, talk } = await conversation()
    talk.finish()
    expect(await talk.next(soon)).toBe('done')
    const envelope = packed(ledger)
    void ledger.send(envelope)
    expect(await talk.next(soon)).toEqual({ body: envelope.body })
  })

  test('who asks anew before he answered has lost what was handed out; it is never handed out twice', async () => {
    const { ledger, talk, answer } = await conversation()
    const sent = ledger.send(packed(ledger))
    await talk.next(soon)
    expect(await talk.next(soon)).toBe('later')
    expect(await sent).toMatchObject({ kind: 'lost', detail: expect.stringContaining('asked for the next request') })
    expect(await answer()).toBe('later')
  })

  test('of two that wait only the newest is handed something: the other has gone', async () => {
    const { ledger, talk } = await conversation()
    const gone = talk.next({ withinMs: 1_000 })
    const here = talk.next({ withinMs: 1_000 })
    expect(await gone).toBe('later')
    const envelope = packed(ledger)
    void ledger.send(envelope)
    expect(await here).toEqual({ body: envelope.body })
  })

  test('when the conversation ends, what was handed out is lost, and what was not has never left', async () => {
    const { ledger, talk } = await conversation()
    const [first, second] = [ledger.send(packed(ledger)), ledger.send(packed(ledger))]
    await talk.next(soon)
    talk.end('the connection was closed')
    expect(await first).toMatchObject({ kind: 'lost', detail: 'the connection was closed' })
    expect(await second).toMatchObject({ kind: 'not-sent', detail: 'the connection was closed' })
    expect(ledger.reach()).toBeNull()
    expect(await talk.next(soon)).toBe('done')
  })

  test('a new conversation ends the one before, and is another object', async () => {
    const { ledger, talk } = await conversation()
    const sent = ledger.send(packed(ledger))
    await talk.next(soon)
    const second = ledger.mailbox.open(caller)
    expect((await sent).kind).toBe('lost')
    expect(ledger.reach()).toBe(second)
    expect(second).not.toBe(talk)
  })

  test('whoever slept too long has lost the right to send: it is withdrawn, and never handed out', async () => {
    const { ledger, talk } = await conversation()
    const sent = ledger.send(packed(ledger), { before: new Date(Date.now() + 40) })
    expect(await sent).toMatchObject({ kind: 'not-sent', detail: expect.stringContaining('in time') })
    expect(await talk.next(soon)).toBe('later')
  })

  test('a process that was frozen hands out nothing that is too late, though nobody withdrew it yet', async () => {
    let nowMs = 0
    const never = () => new Promise<void>(() => {})
    const { ledger, talk } = await openChecked({ now: () => new Date(nowMs), sleep: never })
    const sent = ledger.send(packed(ledger), { before: new Date(5_000) })
    nowMs = 60_000
    expect(await talk.next({ withinMs: 0 })).toBe('later')
    expect((await sent).kind).toBe('not-sent')
  })

  test('how long QuickBooks took is counted from the handing out', async () => {
    let nowMs = 0
    const { ledger, talk } = await openChecked({ now: () => new Date(nowMs) })
    const sent = ledger.send(packed(ledger))
    nowMs = 9_000
    await talk.next({ withinMs: 0 })
    nowMs = 10_500
    void talk.answer({ response: whole, hresult: '', message: '', withinMs: 0 })
    expect((await sent).durationMs).toBe(1_500)
  })

  test('what was handed out in time may take longer than the right lasts', async () => {
    const { ledger, talk, answer } = await conversation()
    const sent = ledger.send(packed(ledger), { before: new Date(Date.now() + 40) })
    await talk.next(soon)
    await new Promise((resolve) => setTimeout(resolve, 80))
    void answer()
    expect((await sent).kind).toBe('answered')
  })

  test('an hresult without an answer is handed on as it came', async () => {
    const { ledger, talk } = await conversation()
    const sent = ledger.send(packed(ledger))
    await talk.next(soon)
    void talk.answer({ response: '', hresult: '0x80040400', message: 'QuickBooks found an error', withinMs: 30 })
    expect(await sent).toMatchObject({
      kind: 'answered',
      status: 500,
      contentType: 'text/plain',
      body: '0x80040400: QuickBooks found an error',
    })
  })

  test('an empty answer without an hresult proves nothing', async () => {
    const { ledger, talk, answer } = await conversation()
    const sent = ledger.send(packed(ledger))
    await talk.next(soon)
    void answer('')
    expect(ledger.decode([createInvoice], await sent).get(createInvoice.id)?.outcome.kind).toBe('unknown')
  })

  test('an answer of more than sixty-four megabytes is lost, and looked for', async () => {
    const { ledger, talk, answer } = await conversation()
    const sent = ledger.send(packed(ledger))
    await talk.next(soon)
    void answer('x'.repeat(64 * 1024 * 1024 + 1))
    expect(await sent).toMatchObject({ kind: 'lost', detail: expect.stringContaining('longer than') })
  })

  test.each(['', '?again'])(
    'a set whose answer was taken in%s is forgotten by QuickBooks, once the road has nothing more to ask',
    async (again) => {
      const { ledger, talk } = await conversation()
      const lost = packed(ledger)
      const setId = lost.path.split('/')[1]
      const envelope = again ? ledger.askAgain!(lost) : lost
      const road = async () => {
        await ledger.send(envelope)
        ledger.settled?.(envelope)
        await ledger.send(ledger.pack([queryItems])[0]!)
        talk.finish()
      }
      void road()
      const taken = await playOffice(talk, (body) => ({ response: body.includes('ItemQuery') ? setOf([]) : whole }))
      expect(taken).toHaveLength(3)
      expect(taken[2]).toContain(`<QBXMLMsgsRq onError="continueOnError" oldMessageSetID="${setId}"></QBXMLMsgsRq>`)
    },
  )

  test('a set whose answer is not taken in yet is kept, and what one conversation leaves the next one sees to', async () => {
    const { ledger, talk } = await conversation()
    const [kept, settled] = [packed(ledger), packed(ledger, exchangeOf(desktopInvoice('2'), 'b'))]
    const road = async () => {
      await ledger.send(kept)
      await ledger.send(settled)
      ledger.settled?.(settled)
      talk.end('the connection was closed')
    }
    void road()
    expect(await playOffice(talk, () => ({ response: whole }))).toHaveLength(2)
    const unasked = ledger.mailbox.open(caller)
    unasked.finish()
    expect(await unasked.next(soon)).toBe('done')
    const next = await callAgain(ledger)
    next.finish()
    const taken = await playOffice(next, () => ({ response: setOf([], ' messageSetStatusCode="0"') }))
    expect(taken).toEqual([expect.stringContaining(`oldMessageSetID="${settled.path.split('/')[1]}"`)])
    expect(taken[0]).not.toContain(kept.path.split('/')[1])
  })

  test('what was never answered is not asked to be forgotten', async () => {
    const { ledger, talk } = await conversation()
    const envelope = packed(ledger)
    ledger.settled?.(envelope)
    talk.finish()
    expect(await talk.next(soon)).toBe('done')
  })

  test('a set that QuickBooks remembers without an answer is forgotten before anything goes under its id', async () => {
    const { ledger, talk } = await conversation()
    const lost = packed(ledger)
    const road = async () => {
      await ledger.send(ledger.askAgain!(lost))
      await ledger.send(ledger.packAgain(lost))
      talk.finish()
    }
    void road()
    const taken = await playOffice(talk, (body) => ({
      response: body.includes('InvoiceAdd') ? whole : setOf([], ' messageSetStatusCode="9002"'),
    }))
    expect(taken.map((body) => /<QBXMLMsgsRq [^>]*>(<\w+)?/.exec(body)?.[0].replace(/"[0-9a-f]{23}"/g, 'X'))).toEqual([
      '<QBXMLMsgsRq onError="continueOnError" newMessageSetID=X oldMessageSetID=X>',
      '<QBXMLMsgsRq onError="continueOnError" oldMessageSetID=X>',
      '<QBXMLMsgsRq onError="continueOnError" newMessageSetID=X><InvoiceAddRq',
    ])
  })

  test('where nothing was stored there is nothing to forget', async () => {
    const { ledger, talk } = await conversation()
    void ledger.send(ledger.askAgain!(packed(ledger))).then(() => talk.finish())
    expect(await playOffice(talk, () => ({ response: setOf([], ' messageSetStatusCode="600"') }))).toHaveLength(1)
  })
})

describe('a set that QuickBooks cannot read', () => {
  test('is sent again in halves, and all the others go', async () => {
    const { ledger, talk } = await openChecked()
    let waiting = ['1', '2', '3', 'SPOILS', '5'].map((number) => exchangeOf(desktopInvoice(number), number))
    const outcomes = new Map<string, string>()
    const road = async () => {
      for (let rounds = 0; waiting.length > 0 && rounds < 10; rounds += 1) {
        for (const envelope of ledger.pack(waiting)) {
          const understood = ledger.decode(envelope.exchanges, await ledger.send(envelope))
          for (const { id, idempotencyKey } of envelope.exchanges)
            outcomes.set(idempotencyKey, understood.get(id)!.outcome.kind)
        }
        waiting = waiting.filter(({ idempotencyKey }) => outcomes.get(idempotencyKey) === 'deferred')
      }
      talk.finish()
    }
    const office = playOffice(talk, (body) =>
      body.includes('SPOILS')
        ? { response: '', hresult: '0x80040400', message: 'QuickBooks found an error when parsing the provided XML' }
        : {
            response: setOf(
              [...body.matchAll(/requestID="([^"]+)"/g)].map(
                ([, id]) =>
                  `<InvoiceAddRs requestID="${id}" statusCode="0" statusSeverity="Info" statusMessage="Status OK">${invoiceRet()}</InvoiceAddRs>`,
              ),
            ),
          },
    )
    await road()
    expect(Object.fromEntries(outcomes)).toEqual({
      1: 'posted',
      2: 'posted',
      3: 'posted',
      SPOILS: 'rejected',
      5: 'posted',
    })
    expect((await office).length).toBeLessThanOrEqual(7)
  })
})
