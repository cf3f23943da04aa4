import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { RecordKind } from '../../src/domain/explanation.ts'
import type { Ledger } from '../../src/ledgers/ledger.ts'
import type { Conversation } from '../../src/ledgers/mailbox.ts'
import { companyMarks } from '../../src/storage/web-connector.ts'
import { explain } from '../../src/sync/explain.ts'
import { poll } from '../../src/sync/poll.ts'
import {
  callOnce,
  doctorSays,
  invoiceCounts,
  openWaitingOffice,
  postingsOf,
  type WaitingOffice,
  words,
} from './desktop-office.ts'
import { desktopLedger } from './story-ledgers.ts'

const ORDERS = 3
const LOCK_SECONDS = 900
const SESSION_SECONDS = 1_800
const CALLER = { qbXmlVersion: '13.0', companyFileName: 'C:\\Books\\next.qbw', country: 'US', hcpResponse: '' }

let here: WaitingOffice
beforeEach(async () => {
  here = await openWaitingOffice({ orders: ORDERS })
}, 60_000)
afterEach(() => here?.story.end())

async function expectAllWaits(): Promise<void> {
  expect(await invoiceCounts(here)).toEqual(here.orders.map(() => 0))
  for (const { state, waitingFor } of await postingsOf(here)) {
    expect(state).toBe('PENDING')
    expect(waitingFor).toBe('WEB_CONNECTOR')
  }
}

async function expectAllDone(): Promise<void> {
  expect(await invoiceCounts(here)).toEqual(here.orders.map(() => 1))
  for (const { state, reasonCode } of await postingsOf(here))
    expect({ state, reasonCode }).toMatchObject({ state: 'PROCESSED' })
}

/** Lets something happen just before the first call of a method is handled. */
function justBefore(method: string, happens: () => Promise<unknown>): void {
  let isFirst = true
  here.office.onCall = async (called) => {
    if (called !== method || !isFirst) return
    isFirst = false
    await happens()
  }
}

describe('whoever calls', () => {
  test('with a wrong password is told so, ten of them lock the user, and the orders only wait', async () => {
    const { story, office } = here
    const { userName, password } = office
    await story.sandbox.webConnector.change(userName, { password: 'guessed' })
    for (let guess = 1; guess <= 10; guess += 1) {
      expect(await callOnce(here)).toMatchObject({ outcome: 'not-authenticated', status: 'Not authenticated' })
    }
    await story.work()
    await expectAllWaits()
    expect(words(await doctorSays(here))).toMatch(/BAD .*locked until .*too many bad passwords.*new \.qwc file/)
    const [order] = here.orders
    const explained = await explain(story.road, { kind: RecordKind.ORDER, number: String(order?.Number) })
    expect(JSON.stringify(explained)).toContain('Web Connector')

    await story.sandbox.webConnector.change(userName, { password })
    expect((await callOnce(here)).status).toBe('Not authenticated')
    await story.pass(LOCK_SECONDS)
    expect((await callOnce(here)).status).toMatch(/^Done: \d+ requests were answered, nothing waits\.$/)
    await expectAllDone()
    expect(words(await doctorSays(here))).toMatch(/^OK .*last called at/)
  })

  test('with a ticket that has expired is told so in the status column, and the next call goes on', async () => {
    justBefore('receiveResponseXML', () => here.story.pass(SESSION_SECONDS + 60))
    const { outcome, status } = await callOnce(here)
    expect(outcome).toBe('error-shown')
    expect(status).toMatch(/not heard of for 30 minutes .*Nothing is lost; press Update Selected/)
    expect((await callOnce(here)).status).toContain('nothing waits')
    await expectAllDone()
  })

  test('with a ticket that nobody knows is told so in the status column, and the next call goes on', async () => {
    justBefore('sendRequestXML', () => here.story.database.run(sql`delete from web_connector_session`))
    const { outcome, status } = await callOnce(here)
    expect(outcome).toBe('error-shown')
    expect(status).toMatch(/does not know this session.*Nothing is lost; press Update Selected/)
    expect((await callOnce(here)).status).toContain('nothing waits')
    await expectAllDone()
  })

  test('before the road of the call before has ended overtakes it: it ends at once, fails nothing and asks nothing more', async () => {
    const { story, office } = here
    const { database, connection, road } = story
    const ledger = desktopLedger({ database, connection, now: road.now })
    const overtaking: Conversation[] = []
    const overtaken: Ledger = {
      ...ledger,
      needs(document) {
        const { mailbox } = ledger
        if (overtaking.length === 0 && mailbox) overtaking.push(mailbox.open(CALLER))
        return ledger.needs(document)
      },
    }
    await office.restart({ ...road, ledgerOf: () => overtaken })
    expect((await callOnce(here)).status).toContain(`${ORDERS} wait for the next call`)
    expect(overtaking).toHaveLength(1)
    expect(await overtaking[0]?.next({ withinMs: 0 })).toBe('later')
    for (const { state, attempts } of await postingsOf(here)) expect([state, attempts]).toEqual(['PENDING', 0])
    const [lane] = await database.rows(sql<{ owner: string | null }>`select lane_owner as owner from connection`)
    expect(lane?.owner).toBeNull()
    expect((await callOnce(here)).status).toContain('nothing waits')
    await expectAllDone()
  })

  test('beside another company file is asked nothing, and everybody hears which file it was', async () => {
    const { story } = here
    const [known] = await story.database.rows(sql<{ company_file_seen: string }>`
      update web_connector_user set company_file_seen = 'C:\\Books\\The other one.qbw' returning company_file_seen`)
    const { outcome, status } = await callOnce(here)
    expect(outcome).toBe('error-shown')
    expect(status).toContain('This is another company file')
    expect(status).toContain(known?.company_file_seen)
    expect(status).toContain('Nothing was written')
    expect(await story.sandbox.fetchControl('/log?system=quickbooks-desktop')).toEqual([])
    const doctor = words(await doctorSays(here))
    expect(doctor).toContain('is stopped')
    expect(doctor).toMatch(/BAD .*another company file is open/)
    expect(await invoiceCounts(here)).toEqual(here.orders.map(() => 0))
  })

  test('beside a file that bears the mark of another connection is asked who it is, and nothing more', async () => {
    const { story } = here
    const [mark] = await story.books.records('quickbooksDesktop.dataExts')
    const other = `{${randomUUID()}}`
    await story.books.change('quickbooksDesktop.dataExts', mark?.Id ?? '', { DataExtValue: other })
    const { status } = await callOnce(here)
    expect(status).toMatch(/^Stopped: /)
    expect(status).toContain(other)
    const requests = await story.sandbox.fetchControl<{ detail: { requests: string[] } }[]>(
      '/log?system=quickbooks-desktop',
    )
    expect(requests.flatMap(({ detail }) => detail.requests).filter((name) => !name.endsWith('QueryRq'))).toEqual([])
    expect(words(await doctorSays(here))).toContain(other)
    expect(await invoiceCounts(here)).toEqual(here.orders.map(() => 0))
  })

  test('beside a file that bears no mark is asked nothing more, until somebody names its path', async () => {
    const { story } = here
    const [mark] = await story.books.records('quickbooksDesktop.dataExts')
    await story.books.remove('quickbooksDesktop.dataExts', mark?.Id ?? '')
    expect((await callOnce(here)).status).toMatch(/^Stopped: .*bears no mark .*make a new \.qwc file with that path/)
    expect(await invoiceCounts(here)).toEqual(here.orders.map(() => 0))
    await story.database.run(sql`update web_connector_user set company_file = company_file_seen`)
    await callOnce(here)
    await expectAllDone()
    expect(await companyMarks(story.database, { connectionId: story.connection.id })).toMatchObject({
      companyName: expect.stringContaining('(sandbox)'),
      companyFileName: expect.stringMatching(/\.qbw$/),
    })
  })

  test('for a QuickBooks that speaks qbXML 2.0 only is told that it is too old', async () => {
    await here.story.settings({ quickBooksDesktopVersionMax: '2.0' })
    const { status } = await callOnce(here)
    expect(status).toMatch(
      /^Stopped: .*too old: it speaks qbXML 2\.0, at least 3\.0 is needed\. Install a newer QuickBooks/,
    )
    expect(words(await doctorSays(here))).toContain('too old')
    expect(await invoiceCounts(here)).toEqual(here.orders.map(() => 0))
    await here.story.settings({ quickBooksDesktopVersionMax: '13.0' })
    await callOnce(here)
    await expectAllDone()
  })
})

describe('an order', () => {
  test('whose new customer has a Cyrillic name fails with the field named, and the others go on', async () => {
    const { story, orders } = here
    const [strange, ...others] = orders
    const [pattern] = await story.books.records('creatio.Account')
    const name = 'Лавка Ключевая'
    const account = { ...pattern, Id: randomUUID(), Name: name, BGQBName: name, AlternativeName: name }
    await story.books.put('creatio.Account', account)
    await story.books.change('creatio.Order', strange?.Id ?? '', { AccountId: account.Id })
    await poll(story.road)
    const { status } = await callOnce(here)
    expect(status).toContain('nothing waits')
    expect(status).toMatch(/2 need a person: .*the name has characters that QuickBooks Desktop cannot store: Л а/)
    const postings = await story.books.postings()
    const customer = postings.find(({ kind }) => kind === 'CUSTOMER')
    expect(customer).toMatchObject({ state: 'FAILED', reasonCode: 'CUSTOMER_INVALID' })
    expect(customer?.reason?.sentence).toMatch(/the name has characters that QuickBooks Desktop cannot store: Л а/)
    const invoice = await story.books.posting(strange?.Number)
    expect(invoice).toMatchObject({ state: 'FAILED', reasonCode: 'CUSTOMER_FAILED' })
    const [row] = await story.books.logRows(strange?.Id ?? '')
    expect(row).toMatchObject({ status: 'Error' })
    for (const { Number: number } of others) expect((await story.books.posting(number)).state).toBe('PROCESSED')
    expect(JSON.stringify(await story.books.records('quickbooksDesktop.customers'))).not.toMatch(/\?{3}/)
  })

  test('in a period that is closed fails before it is sent, and the reason names both dates', async () => {
    const { story, orders } = here
    await story.settings({ quickBooksDesktopClosingDate: '2099-12-31' })
    expect((await callOnce(here)).status).toMatch(
      /3 need a person: ORD-\d+: .*lies in the closed period, which ends on 2099-12-31.*\(and 2 more/,
    )
    for (const posting of await postingsOf(here)) {
      expect(posting).toMatchObject({ state: 'FAILED', reasonCode: 'DOCUMENT_INVALID' })
      expect(posting.reason?.sentence).toMatch(/its date [\d-]{10} lies in the closed period, which ends on 2099-12-31/)
    }
    const explained = await explain(story.road, { kind: RecordKind.ORDER, number: String(orders[0]?.Number) })
    expect(JSON.stringify(explained)).toContain('lies in the closed period')
    expect(await invoiceCounts(here)).toEqual(orders.map(() => 0))
  })
})
