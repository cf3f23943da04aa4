import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { dryRunServices } from '../../src/cli/dry-run.ts'
import type { DryRun, DryRunPage } from '../../src/domain/dry-run.ts'
import { LedgerKind } from '../../src/domain/kinds.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import { InvalidRequest } from '../../src/storage/pages.ts'
import type { DryRunFilter } from '../../src/sync/dry-run-orders.ts'
import { poll } from '../../src/sync/poll.ts'
import type { Fields } from './books.ts'
import { openStory, type Story } from './road.ts'

const stories: Story[] = []
afterAll(() => Promise.all(stories.map((story) => story.end())))

async function open(options: Parameters<typeof openStory>[0]): Promise<Story> {
  const story = await openStory(options)
  stories.push(story)
  return story
}

function run(
  story: Story,
  filter: DryRunFilter,
  { first = 50, after = null as string | null } = {},
): Promise<DryRunPage> {
  return dryRunServices(story.road).dryRun({ connectionId: story.connection.id, filter, first, after })
}

/** Requests that a played system was asked; of the CRM only those that write. */
async function seen(story: Story): Promise<string[]> {
  const log = await story.sandbox.fetchControl<{ system: string; method: string; path: string }[]>('/log')
  return log
    .filter(({ system, method }) => system.startsWith('quickbooks') || ['PATCH', 'PUT', 'DELETE'].includes(method))
    .map(({ method, path }) => `${method} ${path}`)
}

interface SentExchange {
  order_number: string
  request: string
}

function sent(story: Story): Promise<SentExchange[]> {
  return story.database.rows(sql<SentExchange>`
    select posting.order_number, exchange.request from exchange join posting on posting.id = exchange.posting_id
    where purpose = 'POST' and posting.kind = 'INVOICE'`)
}

/** The invoice's request with the ids that its names were found to have, where placeholders stand. */
async function resolved(story: Story, { unresolved, requests }: DryRun): Promise<string> {
  const links = await story.database.rows(
    sql<{ name: string; id: string }>`select name, quick_books_id as id from link`,
  )
  const named = new Map(links.map(({ name, id }) => [name, id]))
  const body = requests.at(-1)?.body ?? ''
  return unresolved.reduce((text, { shownAs, name }) => {
    const id = String(named.get(name))
    return text.replaceAll(`"${shownAs}"`, `"${id}"`).replaceAll(`>${shownAs}<`, `>${id}<`)
  }, body)
}

describe('a dry run of QuickBooks Online', () => {
  let story: Story
  let orders: Fields[]
  let all: DryRun[]
  beforeAll(async () => {
    story = await open({ counts: { pending: 3, discounted: 1, cancelled: 1, unknownCustomer: 1 } })
    orders = await story.books.orders()
    ;({ nodes: all } = await run(story, {}))
  }, 60_000)

  test('every order that was created is shown, with its verdict, and nobody is written to or even asked', async () => {
    expect(all.map(({ orderNumber }) => orderNumber).toSorted()).toEqual(orders.map(({ Number: n }) => n).toSorted())
    const verdicts = all.map(({ verdict }) => verdict).toSorted()
    expect(verdicts).toEqual(['NOT_ELIGIBLE', 'WOULD_BE_REFUSED', ...Array(4).fill('WOULD_BE_SENT')])
    const refused = all.find(({ verdict }) => verdict === 'WOULD_BE_REFUSED')
    expect(refused).toMatchObject({ reason: { code: 'CUSTOMER_NOT_FOUND' }, requests: [] })
    expect(await seen(story)).toEqual([])
    expect(await story.books.postings()).toEqual([])
  })

  test('names that are not known without asking are placeholders in the request, each with what it stands for', () => {
    for (const { document, unresolved, requests } of all.filter(({ verdict }) => verdict === 'WOULD_BE_SENT')) {
      const stands = { shownAs: '?1', entity: 'CUSTOMER', name: document?.customer, missing: false }
      expect(unresolved[0]).toEqual(stands)
      expect(requests.map(({ operation }) => operation)).toEqual(['create Customer', 'create Invoice'])
      expect(JSON.parse(requests[1]?.body ?? '').CustomerRef).toEqual({ value: '?1' })
    }
    expect(all.flatMap(({ unresolved }) => unresolved.filter(({ entity }) => entity === 'ACCOUNT'))).toEqual([
      { shownAs: expect.any(String), entity: 'ACCOUNT', name: 'Discount', missing: false },
    ])
  })

  test('each line and charge says with what it is booked, and why', () => {
    const documents = all.filter((one) => one.document !== null)
    expect(documents).toHaveLength(4)
    for (const { document, mapping } of documents) {
      const lines = mapping.filter(({ lineKind, targetKind }) => lineKind === 'ITEM' && targetKind === 'ITEM')
      expect(lines.map(({ target }) => target)).toEqual(document?.lines.map(({ item }) => item))
      expect(mapping.every(({ why }) => why !== '')).toBe(true)
    }
  })

  test('orders are listed page by page, by number, and by the postings that they have', async () => {
    const [first, second, missing] = [orders[0]?.Number, orders[1]?.Number, 'ORD-NONE'].map(String)
    const numbers = [first, second, missing].map(String)
    const one = await run(story, { orderNumbers: numbers }, { first: 2 })
    expect([one.nodes.map(({ orderNumber }) => orderNumber), one.hasNextPage]).toEqual([[first, second], true])
    const two = await run(story, { orderNumbers: numbers }, { first: 2, after: one.endCursor })
    expect(two).toMatchObject({ nodes: [{ orderNumber: missing, verdict: 'NOT_FOUND' }], hasNextPage: false })
    const listed: unknown[] = []
    for (let after: string | null = null, more = true; more; ) {
      const page = await run(story, {}, { first: 4, after })
      listed.push(...page.nodes.map(({ orderNumber }) => orderNumber))
      after = page.endCursor
      more = page.hasNextPage
    }
    expect(listed.toSorted()).toEqual(orders.map(({ Number: n }) => n).toSorted())
    expect((await run(story, { postings: { states: [PostingState.PENDING] } })).nodes).toEqual([])
    await expect(run(story, {}, { after: one.endCursor })).rejects.toThrow(InvalidRequest)
    await expect(run(story, {}, { first: 0 })).rejects.toThrow(InvalidRequest)
  })

  test('what would be sent is what is sent afterwards, to the last byte; then it would not be sent again', async () => {
    await story.books.giveTo(orders, 'known')
    await poll(story.road)
    const { nodes } = await run(story, { postings: { states: [PostingState.PENDING] } })
    await story.work()
    const posted = await sent(story)
    expect(posted).toHaveLength(4)
    for (const { order_number: number, request } of posted) {
      const dry = nodes.find(({ orderNumber }) => orderNumber === number)
      expect(dry && (await resolved(story, dry))).toBe(request)
    }
    const after = await run(story, { orderNumbers: posted.map(({ order_number: number }) => number) })
    for (const { verdict, quickBooksId, requests, unresolved } of after.nodes) {
      expect({ verdict, requests, unresolved }).toEqual({ verdict: 'ALREADY_POSTED', requests: [], unresolved: [] })
      expect(quickBooksId).not.toBeNull()
    }
  })
})

test('a dry run of QuickBooks Desktop shows the qbXML that is sent afterwards', async () => {
  const story = await open({
    kind: LedgerKind.QUICKBOOKS_DESKTOP,
    counts: { pending: 2 },
    sandbox: { settings: { webConnectorNoOpSeconds: 0.05 } },
  })
  const orders = await story.books.orders()
  await story.books.giveTo(orders, 'known')
  // In its first conversation the company says how it computes sales tax.
  await story.post()
  await poll(story.road)
  const { nodes } = await run(story, { orderNumbers: orders.map(({ Number: number }) => String(number)) })
  await story.work()
  const posted = await sent(story)
  expect(posted).toHaveLength(2)
  for (const { order_number: number, request } of posted) {
    const dry = nodes.find(({ orderNumber }) => orderNumber === number)
    expect(dry?.requests.at(-1)?.body).toMatch(/^<\?xml/)
    // The set that it travels in gives each request its place there.
    const body = dry ? (await resolved(story, dry)).replace(/ requestID="[^"]*"/, '') : ''
    expect(body).toContain(request)
  }
}, 60_000)
