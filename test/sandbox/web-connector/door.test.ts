import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { ShownApplication } from './doors.ts'
import { Office, qwcOf } from './office.ts'

let office: Office
beforeEach(async () => {
  office = await Office.open()
})
afterEach(() => office.close())

const till = '/web-connector/applications/till'
const shown = async (): Promise<ShownApplication> => (await office.ask(till)).json
const change = (body: object) => office.ask(till, { method: 'PATCH', body })

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let left = 400; left > 0; left -= 1) {
    if (await isTrue()) return
    await sleep(10)
  }
  throw new Error('it did not come to that')
}

describe('adding an application', () => {
  test('looks at the pages that the file names, and stamps the company file', async () => {
    const { url } = office.service
    const { status, json } = await office.add({ qwc: qwcOf({ url, CertURL: `${url}/cert`, IsReadOnly: 'true' }) })
    expect([status, json]).toMatchObject([201, { userName: 'till', appName: 'Orders of the shop', url, status: '' }])
    expect(office.service.heard.map(({ method, path }) => [method, path])).toEqual([
      ['GET', '/web-connector'],
      ['GET', '/web-connector/cert'],
      ['GET', '/web-connector'],
    ])
    expect(office.quickBooks.stamped).toEqual({
      ownerId: '{1f1f1f1f-0000-4000-8000-00000000000a}',
      fileId: '{1F1F1F1F-0000-4000-8000-00000000000B}',
    })
    expect(JSON.stringify(json)).not.toContain('sesame')
  })

  test('fails when a page does not answer with 200, when QuickBooks is shut, and for a bad file', async () => {
    office.service.pageStatus = 404
    expect(await office.add()).toMatchObject({ status: 400, json: { error: expect.stringContaining('QBWC1048') } })
    office.service.pageStatus = 200
    office.quickBooks.openErrors = [{ hresult: '0x80040408', message: 'Could not start QuickBooks.' }]
    expect(await office.add()).toMatchObject({ status: 400, json: { error: expect.stringContaining('0x80040408') } })
    const bad = await office.add({ qwc: qwcOf({ url: office.service.url, FileID: null }) })
    expect(bad).toMatchObject({ status: 400, json: { error: expect.stringContaining('FileID is missing') } })
    expect((await office.ask('/web-connector/applications')).json).toEqual([])
  })

  test('of the same user name replaces the one that was there', async () => {
    await office.add()
    await office.add({ qwc: qwcOf({ url: office.service.url, AppName: 'Other' }), password: 'new' })
    expect((await office.ask('/web-connector/applications')).json).toMatchObject([
      { userName: 'till', appName: 'Other' },
    ])
  })
})

describe('the window of the Web Connector', () => {
  test('shows status, progress, counts, and a log without the password', async () => {
    await office.add()
    office.service.say('receiveResponseXML', 42, 'never')
    office.sandbox.settings.change({ webConnectorCallTimeoutSeconds: 0.5 })
    const running = office.run()
    await until(async () => (await shown()).progress === 42)
    expect(await shown()).toMatchObject({ running: true, status: '' })
    await running
    expect(await shown()).toMatchObject({ running: false, status: expect.stringContaining('QBWC1042') })
    office.service.say('receiveResponseXML', 100)
    await office.run()
    const { status, progress, counts, log } = await shown()
    expect({ status, progress, counts }).toEqual({
      ...{ status: 'Finished: 1 document', progress: 100 },
      counts: { sessions: 2, calls: 14, roundTrips: 3 },
    })
    expect(log.join('\n')).toMatch(
      /^\d{8}\.\d\d:\d\d:\d\d UTC\t: QBWebConnector\.do_authenticate\(\) : \*\*\* Calling/m,
    )
    expect(log.join('\n')).not.toContain('sesame')
  })

  test('a password that was changed is sent, and an application that was removed is gone', async () => {
    await office.add()
    await change({ password: 'changed' })
    await office.run()
    expect(office.service.bodies('authenticate')[0]).toContain('<strPassword>changed</strPassword>')
    await office.ask(till, { method: 'DELETE' })
    expect(await office.ask(till)).toMatchObject({ status: 404 })
    expect(await office.ask(`${till}/run`, { method: 'POST' })).toMatchObject({ status: 404 })
  })

  test('"Update Selected" without waiting answers at once', async () => {
    await office.add()
    expect(await office.ask(`${till}/run`, { method: 'POST' })).toEqual({ status: 202, json: { started: true } })
    await until(async () => (await shown()).counts.sessions === 1)
  })

  test.each([{ everySeconds: -1 }, { url: 'nowhere' }])('%j is refused', async (body) => {
    await office.add()
    expect(await change(body)).toMatchObject({ status: 400 })
  })
})

describe('the schedule', () => {
  test('is that of the file, by the clock of the sandbox', async () => {
    const { url } = office.service
    await office.add({ qwc: qwcOf({ url, Scheduler: '<RunEveryNMinutes>15</RunEveryNMinutes>' }) })
    expect(await shown()).toMatchObject({ intervalSeconds: 900 })
    office.sandbox.clock.advance({ seconds: 890 })
    await sleep(150)
    expect((await shown()).counts.sessions).toBe(0)
    office.sandbox.clock.advance({ seconds: 15 })
    await until(async () => (await shown()).counts.sessions === 1)
  })

  test('is none without one, and none with 0 seconds', async () => {
    await office.add()
    expect(await shown()).toMatchObject({ intervalSeconds: null, dueAt: null })
    await change({ everySeconds: 5 })
    await change({ everySeconds: 0 })
    expect(await shown()).toMatchObject({ intervalSeconds: null, dueAt: null })
  })

  test('may be of seconds, and of no less than the service wants', async () => {
    await office.add()
    await change({ everySeconds: 0.1 })
    await until(async () => (await shown()).counts.sessions >= 2)
    office.service.say('authenticate', ['t', 'none', '', '600'])
    await until(async () => (await shown()).intervalSeconds === 600)
  })

  test('a postponement is when it comes again', async () => {
    await office.add()
    office.service.say('authenticate', ['t', '', '3600'], ['t', ''])
    await office.run()
    office.sandbox.clock.advance({ seconds: 3601 })
    await until(async () => (await shown()).counts.sessions === 2)
    expect(await shown()).toMatchObject({ status: 'Finished: 1 document', dueAt: null })
  })

  test('stands still while the program does not run', async () => {
    await office.add()
    office.sandbox.settings.change({ webConnectorRuns: false })
    await change({ everySeconds: 0.01 })
    await sleep(250)
    expect((await shown()).counts.sessions).toBe(0)
    expect(await office.ask(`${till}/run?wait=true`, { method: 'POST' })).toMatchObject({ status: 400 })
  })
})

describe('sessions', () => {
  test('are one at a time over all applications', async () => {
    const { url } = office.service
    const names = ['till', 'store', 'depot']
    for (const name of names) await office.add({ qwc: qwcOf({ url, UserName: name }) })
    office.quickBooks.tookMs = 30
    const summaries = await Promise.all(names.map((name) => office.run(name)))
    expect(summaries.map(({ outcome }) => outcome)).toEqual(['finished', 'finished', 'finished'])
    expect(office.service.sessionsAtOnceMax).toBe(1)
    expect(office.quickBooks.sessionsEnded).toBe(3)
  })

  test('begin now and then with a closeConnection that nobody knows', async () => {
    await office.add()
    office.sandbox.settings.change({ webConnectorStrayCloseEvery: 2 })
    await office.run()
    expect(office.service.calls.filter((call) => call === 'closeConnection')).toHaveLength(1)
    const { calls } = await office.run()
    expect(calls).toBe(6)
    const [, stray] = office.service.bodies('closeConnection')
    expect(stray).toContain('<ticket>00000000-0000-4000-8000-000000000002</ticket>')
    expect(office.service.calls.slice(-7, -5)).toEqual(['closeConnection', 'serverVersion'])
  })

  test('their applications outlive the process, with password, schedule and counts', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'web-connector-'))
    const first = await Office.open({ directory })
    await first.add()
    await first.ask(till, { method: 'PATCH', body: { everySeconds: 3000, url: office.service.url } })
    await first.run()
    await first.close()
    const second = await Office.open({ directory })
    expect((await second.ask(till)).json).toMatchObject({
      ...{ status: 'Finished: 1 document', everySeconds: 3000, dueAt: expect.any(String) },
      counts: { sessions: 1, calls: 6, roundTrips: 1 },
    })
    await second.run()
    expect(office.service.bodies('authenticate')[1]).toContain('<strPassword>open sesame</strPassword>')
    await second.close()
    rmSync(directory, { recursive: true })
  })
})
