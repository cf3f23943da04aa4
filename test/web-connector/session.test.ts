import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { exchangeRows, insertRows } from '../storage/rows.ts'
import { connectionOf, FILE, HCP, type Office, openOffice } from './office.ts'

let office: Office
beforeEach(async () => {
  office = await openOffice()
})
afterEach(() => office.close())

const minutesLater = (minutes: number) => {
  office.time.now = new Date(office.time.now.getTime() + minutes * 60_000)
}

describe('a visit of the Web Connector', () => {
  test('goes from signing in to the status column, and each request meets its answer', async () => {
    office.box.requests = ['<QBXML>one & two</QBXML>', '<QBXML>two</QBXML>']
    office.backlog.left = 4
    expect(await office.call('serverVersion', {})).toEqual(['Countersign 1'])
    expect(await office.call('clientVersion', { strVersion: '34.0.0.1' })).toEqual([''])
    const [ticket, second] = await office.signIn()
    expect(second).toBe('')
    expect(await office.ask(ticket, { hcp: HCP, file: FILE })).toBe('<QBXML>one & two</QBXML>')
    minutesLater(0.1)
    office.backlog.left = 1
    expect(await office.answer(ticket, '<QBXML>é  ok</QBXML>')).toBe(75)
    expect(await office.ask(ticket)).toBe('<QBXML>two</QBXML>')
    office.backlog.left = 0
    expect(await office.answer(ticket, '<QBXML>2</QBXML>')).toBe(100)
    expect(await office.call('closeConnection', { ticket })).toEqual(['Done: 2 requests were answered, nothing waits.'])
    expect(office.box.answers.map(({ response }) => response)).toEqual(['<QBXML>é  ok</QBXML>', '<QBXML>2</QBXML>'])
    expect(office.box.callers).toEqual([
      { qbXmlVersion: '13.0', companyFileName: FILE, country: 'US', hcpResponse: HCP },
    ])
    expect(await office.session(ticket)).toMatchObject({ asked: 2, answered: 2, closedAt: office.time.now })
  })

  test('is told that there is no work when nothing waits and the company was checked within a day', async () => {
    const [ticket, second] = await office.signIn()
    expect(second).toBe('')
    expect(await office.ask(ticket, { hcp: HCP, file: FILE })).toBe('')
    expect(await office.call('getLastError', { ticket })).toEqual(['Done: 0 requests were answered, nothing waits.'])
    await office.call('closeConnection', { ticket })
    minutesLater(5)
    expect((await office.signIn())[1]).toBe('none')
    office.backlog.left = 1
    expect((await office.signIn())[1]).toBe('')
    minutesLater(24 * 60)
    office.backlog.left = 0
    expect((await office.signIn())[1]).toBe('')
  })

  test('waits with NoOp while the road thinks, and never hears NoOp from sendRequestXML', async () => {
    office.box.thinking = true
    const [ticket] = await office.signIn()
    expect(await office.ask(ticket, { hcp: HCP })).toBe('')
    expect(await office.call('getLastError', { ticket })).toEqual(['NoOp'])
    office.box.requests.push('<QBXML/>')
    expect(await office.ask(ticket)).toBe('<QBXML/>')
    expect(await office.call('getLastError', { ticket })).toEqual(['Countersign knows of no error.'])
  })

  test('is not kept waiting for ever by a road that does not know what to ask', async () => {
    office.box.thinking = true
    const [ticket] = await office.signIn()
    for (let calls = 0; calls < 31; calls++) await office.ask(ticket)
    expect((await office.call('getLastError', { ticket }))[0]).toMatch(/could not say what to ask next/)
    expect(office.box.ended).toHaveLength(1)
  })

  test('hears that the road failed, and the log knows why', async () => {
    office.road.run = () => Promise.reject(new Error('the road is closed'))
    const [ticket] = await office.signIn()
    expect(await office.ask(ticket, { hcp: HCP })).toBe('')
    expect((await office.call('getLastError', { ticket }))[0]).toMatch(/could not go on; its log says why/)
    expect(office.log.join('')).toContain('the road is closed')
    expect((await office.user()).lastCompletedAt).toBeNull()
  })

  test('names the path of the company file that the connection is for', async () => {
    await office.database.run(sql`update web_connector_user set company_file = ${FILE}`)
    expect((await office.signIn())[1]).toBe(FILE)
  })

  test('finds a paused connection without work', async () => {
    office.backlog.left = 5
    await office.database.run(sql`update connection set state = 'PAUSED'`)
    expect((await office.signIn())[1]).toBe('none')
  })

  test('the newest version that QuickBooks understands is found also when the Web Connector names another', async () => {
    const [ticket] = await office.signIn()
    await office.ask(ticket, { hcp: HCP.replaceAll('13.0', '2.0') })
    expect(office.box.callers[0]?.qbXmlVersion).toBe('2.1')
  })
})

describe('a session that is cut', () => {
  test('the answer that was due is lost when the Web Connector signs in anew', async () => {
    office.box.requests = ['<QBXML>1</QBXML>']
    const [old] = await office.signIn()
    await office.ask(old, { hcp: HCP })
    const [ticket, second] = await office.signIn()
    expect(second).toBe('')
    expect(office.box.ended).toEqual([expect.stringContaining('Another session has taken over')])
    expect(await office.answer(old, '<QBXML>late</QBXML>')).toBe(-1)
    expect((await office.call('getLastError', { ticket: old }))[0]).toMatch(/taken over.*Update Selected/)
    expect(office.box.answers).toEqual([])
    expect(await office.ask(ticket, { hcp: HCP })).toBe('')
  })

  test('a second session waits while the first one is alive, and takes over when it is silent for a minute', async () => {
    office.box.requests = ['<QBXML>1</QBXML>']
    const [first] = await office.signIn()
    expect((await office.signIn())[1]).toBe('busy')
    expect(await office.ask(first, { hcp: HCP })).toBe('<QBXML>1</QBXML>')
    await office.answer(first, '<QBXML/>')
    await office.call('closeConnection', { ticket: first })
    office.backlog.left = 1
    const [second] = await office.signIn()
    minutesLater(1.1)
    const [third, what] = await office.signIn()
    expect(what).toBe('')
    expect(await office.ask(second)).toBe('')
    expect(await office.ask(third, { hcp: HCP })).toBe('')
  })

  test('two that sign in at the same moment are not both let in', async () => {
    office.backlog.left = 1
    const both = await Promise.all([office.signIn(), office.signIn()])
    expect(both.map(([, second]) => second).sort()).toEqual(['', 'busy'])
  })

  test('an answer that comes twice is handed over once', async () => {
    office.box.requests = ['<QBXML>1</QBXML>', '<QBXML>2</QBXML>']
    const [ticket] = await office.signIn()
    await office.ask(ticket, { hcp: HCP })
    const both = await Promise.all([office.answer(ticket, '<QBXML/>'), office.answer(ticket, '<QBXML/>')])
    expect(both.every((progress) => progress > 0 && progress < 100)).toBe(true)
    expect(office.box.answers).toHaveLength(1)
  })

  test('who asks again instead of answering has lost the answer, and the road begins anew', async () => {
    office.box.requests = ['<QBXML>1</QBXML>', '<QBXML>2</QBXML>']
    const [ticket] = await office.signIn()
    await office.ask(ticket, { hcp: HCP })
    expect(await office.ask(ticket)).toBe('<QBXML>2</QBXML>')
    expect(office.box.ended).toEqual(['The Web Connector asked again instead of answering.'])
    expect(office.box.callers).toHaveLength(2)
    expect(office.box.callers[1]).toEqual(office.box.callers[0])
  })

  test('one that another process has ended is handed nothing more, and its conversation ends', async () => {
    office.box.requests = ['<QBXML>1</QBXML>', '<QBXML>2</QBXML>']
    const [ticket] = await office.signIn()
    await office.ask(ticket, { hcp: HCP })
    await office.answer(ticket, '<QBXML/>')
    await office.database.run(sql`
      update web_connector_session set closed_at = ${office.time.now}, close_reason = 'ended elsewhere' where ticket = ${ticket}`)
    expect(await office.ask(ticket)).toBe('')
    expect(office.box.ended).toHaveLength(1)
    expect(await office.call('getLastError', { ticket })).toEqual(['ended elsewhere'])
    expect(await office.answer(ticket, '<QBXML/>')).toBe(-1)
    expect(office.box.answers).toHaveLength(1)
  })

  test('closing before all is done ends the conversation, and says that the next call goes on', async () => {
    office.box.requests = ['<QBXML>1</QBXML>']
    const [ticket] = await office.signIn()
    await office.ask(ticket, { hcp: HCP })
    expect((await office.call('closeConnection', { ticket }))[0]).toMatch(/next call goes on/)
    expect(office.box.ended).toHaveLength(1)
  })

  test('after 30 minutes of silence it has ended, and says what to do', async () => {
    office.box.requests = ['<QBXML>1</QBXML>']
    const [ticket] = await office.signIn()
    await office.ask(ticket, { hcp: HCP })
    minutesLater(31)
    expect(await office.answer(ticket, '<QBXML/>')).toBe(-1)
    expect((await office.call('getLastError', { ticket }))[0]).toMatch(/30 minutes.*Update Selected/)
    expect(office.box.ended).toHaveLength(1)
    expect(await office.ask(ticket)).toBe('')
    expect((await office.session(ticket))?.closedAt).toEqual(office.time.now)
  })

  test.each(['not a ticket', '11111111-2222-3333-4444-555555555555', ''])(
    'a ticket that nobody knows (%j) is refused with what to do, and closed politely',
    async (ticket) => {
      expect(await office.ask(ticket)).toBe('')
      expect(await office.answer(ticket, '<QBXML/>')).toBe(-1)
      expect(await office.call('connectionError', { ticket, hresult: '0x80040408', message: 'x' })).toEqual(['done'])
      expect((await office.call('getLastError', { ticket }))[0]).toMatch(/does not know this session.*Update Selected/)
      expect(await office.call('closeConnection', { ticket })).toEqual(['Nothing was under way.'])
    },
  )
})

describe('after a restart of ours', () => {
  async function handedOut(): Promise<{ ticket: string; delivery: string }> {
    office.box.requests = ['<QBXML>1</QBXML>']
    const [ticket] = await office.signIn()
    await office.ask(ticket, { hcp: HCP, file: FILE })
    const sent = {
      sent_at: '2026-03-01T11:59:59Z',
      answered_at: null,
      status: null,
      duration_ms: null,
      intuit_tid: null,
    }
    const { delivery } = exchangeRows({ connection_id: office.connectionId, posting_id: null })
    const older = exchangeRows({ connection_id: office.connectionId, posting_id: null }).delivery
    await insertRows(office.database, 'delivery', [
      { ...older, ...sent, sent_at: '2026-03-01T11:00:00Z' },
      { ...delivery, ...sent },
    ])
    await office.restart()
    return { ticket, delivery: delivery.id }
  }
  const stored = (id: string) =>
    office.database.rows(sql`select status, response, lost_reason from delivery where id = ${id}`)

  test('the answer is kept with the newest delivery that has none, before the road goes on', async () => {
    const { ticket, delivery } = await handedOut()
    let seen: unknown[] = []
    office.road.run = async () => {
      seen = await stored(delivery)
    }
    expect(await office.answer(ticket, '<QBXML>kept</QBXML>')).toBeGreaterThan(0)
    const kept = [{ status: 200, response: '<QBXML>kept</QBXML>', lost_reason: null }]
    expect(await stored(delivery)).toEqual(kept)
    expect(seen).toEqual(kept)
    expect(office.box.callers.at(-1)).toEqual({
      qbXmlVersion: '13.0',
      companyFileName: FILE,
      country: 'US',
      hcpResponse: HCP,
    })
    expect(await office.ask(ticket)).toBe('')
    expect((await office.call('closeConnection', { ticket }))[0]).toMatch(/Done: 1 request was answered/)
  })

  test('an hresult is kept as one', async () => {
    const { ticket, delivery } = await handedOut()
    await office.answer(ticket, '', { hresult: '0x80040400', message: 'QuickBooks found an error when parsing' })
    expect(await stored(delivery)).toEqual([
      { status: 500, response: '0x80040400: QuickBooks found an error when parsing', lost_reason: null },
    ])
  })

  test('a session between two requests goes on under its ticket', async () => {
    office.box.requests = ['<QBXML>1</QBXML>', '<QBXML>2</QBXML>']
    const [ticket] = await office.signIn()
    await office.ask(ticket, { hcp: HCP, file: FILE })
    await office.answer(ticket, '<QBXML/>')
    await office.restart()
    expect(await office.ask(ticket)).toBe('<QBXML>2</QBXML>')
    expect(office.box.callers).toHaveLength(2)
  })
})

describe('what QuickBooks refuses', () => {
  test('an hresult without a response goes to the road, and stays to be seen', async () => {
    office.box.requests = ['<QBXML>1</QBXML>', '<QBXML>2</QBXML>']
    const [ticket] = await office.signIn()
    await office.ask(ticket, { hcp: HCP })
    const trouble = { hresult: '0x80040414', message: 'A modal dialog box is showing' }
    expect(await office.answer(ticket, '', trouble)).toBeGreaterThan(0)
    expect(office.box.answers).toEqual([{ response: '', ...trouble }])
    expect(await office.user()).toMatchObject({ lastCode: '0x80040414', lastMessage: 'A modal dialog box is showing' })
  })

  test('a set that cannot be parsed says nothing about QuickBooks', async () => {
    office.box.requests = ['<QBXML>1</QBXML>']
    const [ticket] = await office.signIn()
    await office.ask(ticket, { hcp: HCP })
    await office.answer(ticket, '', { hresult: '0x80040400', message: 'parse error' })
    expect((await office.user()).lastCode).toBeNull()
  })

  test('a QuickBooks that cannot be reached ends the session, and its code stays until it is reached', async () => {
    const [ticket] = await office.signIn()
    const call = { ticket, hresult: '0x80040408', message: 'Could not start QuickBooks.' }
    expect(await office.call('connectionError', call)).toEqual(['done'])
    expect((await office.call('closeConnection', { ticket }))[0]).toMatch(/closed or could not be started.*0x80040408/)
    expect((await office.user()).lastCode).toBe('0x80040408')
    const [next] = await office.signIn()
    await office.ask(next, { hcp: HCP, file: FILE })
    expect((await office.user()).lastCode).toBeNull()
  })

  test('a QuickBooks that is not running is tried once more with the file that is known', async () => {
    const [first] = await office.signIn()
    await office.ask(first, { hcp: HCP, file: FILE })
    await office.call('closeConnection', { ticket: first })
    office.backlog.left = 1
    const [ticket] = await office.signIn()
    const call = { ticket, hresult: '0x80040416', message: 'not running' }
    expect(await office.call('connectionError', call)).toEqual([FILE])
    expect(await office.call('connectionError', call)).toEqual(['done'])
  })

  test('a second company file under the same user is asked nothing, and stops the connection', async () => {
    const [first] = await office.signIn()
    await office.ask(first, { hcp: HCP, file: FILE })
    await office.call('closeConnection', { ticket: first })
    office.box.requests = ['<QBXML>a write</QBXML>']
    office.backlog.left = 1
    const [ticket] = await office.signIn()
    expect(await office.ask(ticket, { hcp: HCP, file: 'C:\\Books\\West.qbw' })).toBe('')
    expect((await office.call('getLastError', { ticket }))[0]).toMatch(
      /another company file \(C:\\Books\\West.qbw\).*Nothing was written/,
    )
    expect((await office.call('closeConnection', { ticket }))[0]).toMatch(/another company file/)
    expect(office.box.callers).toHaveLength(1)
    expect(await connectionOf(office)).toMatchObject({ state: 'STOPPED', stateReasonCode: 'WRONG_COMPANY_FILE' })
    const [again, second] = await office.signIn()
    expect(second).toBe('')
    expect(await office.ask(again, { hcp: HCP, file: FILE.toUpperCase() })).toBe('<QBXML>a write</QBXML>')
  })

  test('a file that is not the configured one is asked nothing, the first time too', async () => {
    await office.database.run(sql`update web_connector_user set company_file = ${FILE}`)
    office.box.requests = ['<QBXML>a write</QBXML>']
    const [ticket] = await office.signIn()
    expect(await office.ask(ticket, { hcp: HCP, file: 'C:\\Books\\West.qbw' })).toBe('')
    expect(office.box.callers).toEqual([])
    expect((await office.user()).lastCode).toBe('OTHER_FILE')
    expect((await connectionOf(office))?.state).toBe('STOPPED')
  })

  test('what stopped the connection stands in the status column', async () => {
    office.road.run = async () => {
      await office.database.run(sql`
        update connection set state = 'STOPPED', state_reason_code = 'WRONG_COMPANY_FILE', state_reason_detail = '{"detail":"it is West"}'`)
    }
    const [ticket] = await office.signIn()
    await office.ask(ticket, { hcp: HCP })
    expect((await office.call('closeConnection', { ticket }))[0]).toMatch(/^Stopped: .*it is West/)
  })
})
