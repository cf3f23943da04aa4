import { LedgerKind } from '../../src/domain/kinds.ts'
import type { Posting } from '../../src/domain/posting.ts'
import type { Finding } from '../../src/sync/doctor-finding.ts'
import { examineQuickBooks } from '../../src/sync/doctor-quickbooks.ts'
import { poll } from '../../src/sync/poll.ts'
import type { Fields } from './books.ts'
import type { Office } from './office.ts'
import { openStory, type Story } from './road.ts'

/** An office whose orders wait, all of them for customers that QuickBooks knows, and nobody has called yet. */
export interface WaitingOffice {
  story: Story
  office: Office
  orders: Fields[]
}

/** `later` orders are in the CRM and have not asked yet: see `askFor`. */
export async function openWaitingOffice(counts: { orders: number; later?: number }): Promise<WaitingOffice> {
  const story = await openStory({
    kind: LedgerKind.QUICKBOOKS_DESKTOP,
    counts: { pending: counts.orders, withoutLogRow: counts.later ?? 0 },
    sandbox: { settings: { webConnectorNoOpSeconds: 0.01 } },
  })
  const { office } = story
  if (!office) throw new Error('a story of Desktop has an office')
  const all = await story.books.orders()
  await story.books.giveTo(all, 'known')
  await poll(story.road)
  const asked = new Set((await story.books.invoicePostings()).map(({ sourceId }) => sourceId))
  return { story, office, orders: all.filter(({ Id }) => asked.has(Id)) }
}

/** Another order asks. Gives the office as it stands to this one order. */
export async function askFor(here: WaitingOffice, order: Fields): Promise<WaitingOffice> {
  await here.story.books.addLogRow(order, { action: 'Insert' })
  await poll(here.story.road)
  return { ...here, orders: [order] }
}

/** One call at the office, and then the CRM is told. */
export async function callOnce({ story, office }: WaitingOffice) {
  const summary = await office.call()
  await story.tell()
  return summary
}

/** What the doctor finds about the connection, without the public address. */
export async function doctorSays({ story }: WaitingOffice): Promise<Finding[]> {
  const { road } = story
  const never = () => Promise.reject(new Error('nobody asked for this'))
  const findings = await examineQuickBooks({
    configuration: never,
    database: never,
    jobStore: never,
    crm: never,
    road: () => Promise.resolve(road),
    publicAddress: () => ({ publicUrl: 'https://books.example.com', host: '127.0.0.1', trustedProxy: 'loopback' }),
    now: road.now,
  })
  return findings.filter(({ check }) => check !== 'public address')
}

export function words(findings: Finding[]): string {
  return findings.map(({ mark, finding, remedy }) => `${mark} ${finding} ${remedy ?? ''}`).join('\n')
}

/** The postings of orders, in their order. */
export async function postingsOf({ story, orders }: WaitingOffice): Promise<Posting[]> {
  const all = await story.books.invoicePostings()
  return orders.flatMap(({ Id }) => all.find(({ sourceId }) => sourceId === Id) ?? [])
}

/** How many invoices QuickBooks has of each order. */
export async function invoiceCounts({ story, orders }: WaitingOffice): Promise<number[]> {
  const invoices = await story.books.records('quickbooksDesktop.invoices')
  return orders.map((order) => invoices.filter(({ RefNumber }) => RefNumber === order.BGNumberInvoice).length)
}
