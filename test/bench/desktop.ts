import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { sql } from 'kysely'
import { LedgerKind } from '../../src/domain/kinds.ts'
import type { Envelope, Ledger, StoredExchange } from '../../src/ledgers/ledger.ts'
import { poll } from '../../src/sync/poll.ts'
import { openStory, type Story } from '../scenario/road.ts'
import { desktopLedger } from '../scenario/story-ledgers.ts'
import { measureBaseline } from './desktop-baseline.ts'
import { type Figure, quantile, say } from './figures.ts'

const SET_SIZE = 25
/** Sets that the other server is given, too. */
const BODIES_KEPT = 40
/** The heap is looked at at least so often over the session. */
const LOOKS = 10
const SESSION_SECONDS_MAX = 1_800
const POLLS_MAX = 20

/** How long the server took over one call, from its first byte to the last of the answer. */
interface Timed {
  method: string
  ms: number
}

interface PlayedSet {
  detail: { requests: string[]; statusCodes: number[] }
}

/**
 * One session of the Web Connector posts all orders. What is ours of a round trip is the time from the request that brings
 * an answer to our reply, and from the call for the next request to that one: measured at the HTTP server, with PostgreSQL,
 * whose commits reach the disk. The Web Connector and QuickBooks play in another process, and take no time on purpose.
 */
export async function measureDesktop({ orders }: { orders: number }): Promise<Figure[]> {
  const story = await openStory({ kind: LedgerKind.QUICKBOOKS_DESKTOP, counts: { pending: orders } })
  try {
    await commitsReachTheDisk(story, true)
    // A poll ends after its time, however much is left: on a machine that is busy one brings only a part.
    for (let polls = 0, accepted = 0; polls < POLLS_MAX && accepted < orders; polls += 1)
      accepted += (await poll(story.road)).accepted
    const bodies: string[] = []
    const ledger = inSetsOf(SET_SIZE, { story, sent: ({ body }) => keep(body, bodies) })
    await story.office?.restart({ ...story.road, ledgerOf: () => ledger })
    const { calls, heaps, seconds } = await runSession({ story, orders })
    const trips = await tripsOf({ story, calls })
    const made = (await story.books.counts())['quickbooksDesktop.invoices'] ?? 0
    const ours = calls.reduce((sum, { ms }) => sum + ms, 0)
    say(`one session of ${seconds} s: ${made} invoices, ${trips.length} sets of ${SET_SIZE}, ${calls.length} calls`)
    say(
      `ours of it: ${(ours / 1000).toFixed(1)} s, ${((ours / orders) * SET_SIZE).toFixed(1)} ms for ${SET_SIZE} invoices with all that they need`,
    )
    say(`heap after collection, MB: ${heaps.map((heap) => heap.toFixed(1)).join(' ')}`)
    const baseline = await measureBaseline({ sandbox: story.sandbox, bodies })
    const name = `our share of a round trip of ${SET_SIZE} invoices, durable`
    say(`${name}: 95th percentile ${quantile(trips, 0.95).toFixed(1)} ms, least ${quantile(trips, 0).toFixed(1)} ms`)
    say(
      `quickbooks-js, in memory, the same sets: median ${quantile(baseline, 0.5).toFixed(1)} ms, 95th percentile ${quantile(baseline, 0.95).toFixed(1)} ms`,
    )
    const early = heaps[Math.floor(heaps.length / 5)] ?? Number.NaN
    return [
      { name: 'invoices in QuickBooks Desktop after one session', measured: made, unit: '', goal: { atLeast: orders } },
      { name: `${name}: median`, measured: quantile(trips, 0.5), unit: 'ms', goal: { atMost: 25 } },
      {
        name: 'growth of the heap from a fifth of the session to its end',
        measured: Math.max(...heaps.slice(-2)) - early,
        unit: 'MB',
        goal: { atMost: 8 },
      },
    ]
  } finally {
    await commitsReachTheDisk(story, false)
    await story.end()
  }
}

/** The tests' PostgreSQL does without; what is promised here is promised with. */
async function commitsReachTheDisk({ database }: Story, reaches: boolean): Promise<void> {
  const value = sql.raw(reaches ? 'on' : 'off')
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    await database.run(sql`alter system set ${sql.raw(setting)} = ${value}`)
  }
  await database.run(sql`select pg_reload_conf()`)
}

/** The ledger as it is, but that its sets do not grow beyond a size. */
function inSetsOf(size: number, args: { story: Story; sent: (envelope: Envelope) => void }): Ledger {
  const { database, connection, road } = args.story
  const ledger = desktopLedger({ database, connection, now: road.now })
  return {
    ...ledger,
    pack: (exchanges) => portions(exchanges, size).flatMap((part) => ledger.pack(part)),
    send(envelope, right) {
      if (envelope.exchanges.length === size && envelope.path !== 'message-set') args.sent(envelope)
      return ledger.send(envelope, right)
    },
  }
}

function portions(exchanges: StoredExchange[], size: number): StoredExchange[][] {
  return Array.from({ length: Math.ceil(exchanges.length / size) }, (_, at) =>
    exchanges.slice(at * size, (at + 1) * size),
  )
}

/** Without the keys by which QuickBooks would know that it has done it already. */
function keep(body: string, bodies: string[]): void {
  if (bodies.length >= BODIES_KEPT) return
  bodies.push(body.replace(/ newMessageSetID="\w*"/, '').replace(/<ExternalGUID>[^<]*<\/ExternalGUID>/g, ''))
}

async function runSession({ story, orders }: { story: Story; orders: number }) {
  const { office, sandbox } = story
  if (!office) throw new Error('a story of Desktop has an office')
  const calls: Timed[] = []
  const heaps: number[] = []
  const collect = collector()
  let answers = 0
  const every = Math.max(1, Math.floor(orders / SET_SIZE / LOOKS))
  office.onCall = (method: string, response: ServerResponse) => {
    if (method === 'receiveResponseXML' && answers++ % every === 0) heaps.push(collect())
    const from = performance.now()
    response.once('finish', () => calls.push({ method, ms: performance.now() - from }))
  }
  const from = Date.now()
  await sandbox.webConnector.start(office.userName)
  const lastSession = async () => (await sandbox.webConnector.show(office.userName)).lastSession
  while ((await lastSession()) === null && Date.now() - from < SESSION_SECONDS_MAX * 1000) await sleep(500)
  heaps.push(collect())
  say(`the status column says: ${(await lastSession())?.status}`)
  return { calls, heaps, seconds: Math.round((Date.now() - from) / 1000) }
}

/** Collects what nobody needs any more; gives what is left, in megabytes. */
function collector(): () => number {
  setFlagsFromString('--expose_gc')
  const collect = runInNewContext('gc') as () => void
  return () => {
    collect()
    return process.memoryUsage().heapUsed / 2 ** 20
  }
}

/** The round trips of full sets of invoices: our reply to the answer of one, and the request that comes after it. */
async function tripsOf({ story, calls }: { story: Story; calls: Timed[] }): Promise<number[]> {
  const sets = await story.sandbox.fetchControl<PlayedSet[]>('/log?system=quickbooks-desktop')
  const answers = calls.flatMap(({ method, ms }, at) =>
    method === 'receiveResponseXML' ? [{ ms, next: calls[at + 1] }] : [],
  )
  return sets.flatMap(({ detail: { requests } }, at) => {
    const isFull = requests.length === SET_SIZE && requests[0] === 'InvoiceAddRq'
    const answer = answers[at]
    const next = answer?.next
    return isFull && answer && next?.method === 'sendRequestXML' ? [answer.ms + next.ms] : []
  })
}
