// An office that has a bad day: the Web Connector is ended at any of the nine points between two calls, our process is started
// anew or dies between two statements, QuickBooks breaks down or forgets the answers that it stored. Everything random comes
// from a seed; a seed of its own number plays the same day whenever it is asked for.
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { LedgerKind } from '../../src/domain/kinds.ts'
import { ownerName } from '../../src/sync/lane.ts'
import { poll } from '../../src/sync/poll.ts'
import type { Road } from '../../src/sync/road.ts'
import type { Fields } from '../scenario/books.ts'
import { openStory, type Story } from '../scenario/road.ts'
import { desktopLedger } from '../scenario/story-ledgers.ts'
import { randomFrom } from './chaos.ts'
import { wrongAtEnd, wrongInBooks, wrongNow } from './desktop-auditor.ts'
import { type Plan, planOf, SESSIONS } from './desktop-plans.ts'
import { Mortal } from './mortal.ts'

/** So many orders come before each session. */
const ORDERS_EACH = 2
const ORDERS_PER_SEED = SESSIONS * ORDERS_EACH
/** Calls of an office that is left in peace, after which all must have come to rest. */
const CALM_CALLS = 4
const LOG = 'creatio.BGQuickBooksIntegrationLogDetail'
/** Longer than a session that was heard of lately keeps others out. */
const UNTIL_FORGOTTEN_SECONDS = 61

export interface Day {
  seed: number
  /** One sentence each; empty when all is well. */
  wrong: string[]
  /** Cuts that happened, such as `authenticate sent`. */
  cuts: string[]
  /** What was done, in the order in which it was. */
  diary: string[]
}

/** One office, one QuickBooks and one database, for as many days as there are orders. */
export class DesktopCuts {
  readonly story: Story
  readonly #orders: Fields[]
  /** A log row that waits, as every new one does. */
  readonly #logPattern: Fields
  /** A customer that QuickBooks has. */
  readonly #known: Fields

  private constructor(args: { story: Story; orders: Fields[]; logPattern: Fields; known: Fields }) {
    this.story = args.story
    this.#orders = args.orders
    this.#logPattern = args.logPattern
    this.#known = args.known
  }

  static async open({ days }: { days: number }): Promise<DesktopCuts> {
    const story = await openStory({
      kind: LedgerKind.QUICKBOOKS_DESKTOP,
      counts: { pending: 1, withoutLogRow: days * ORDERS_PER_SEED },
      sandbox: { settings: { webConnectorNoOpSeconds: 0.01 } },
    })
    const orders = (await story.books.orders()).filter(({ BGHasQuickBooksLog }) => BGHasQuickBooksLog === false)
    const names = new Set((await story.books.records('quickbooksDesktop.customers')).map(({ Name }) => Name))
    const known = (await story.books.records('creatio.Account')).find(({ BGQBName }) => names.has(BGQBName))
    const [logPattern] = await story.books.records(LOG)
    if (!known || !logPattern) throw new Error('the world lacks a known customer, or a log row')
    return new DesktopCuts({ story, orders, logPattern, known })
  }

  end(): Promise<void> {
    return this.story.end()
  }

  /** Plays one day, and gives what the auditor found. */
  async play(seed: number): Promise<Day> {
    const { story } = this
    const orders = this.#orders.splice(0, ORDERS_PER_SEED)
    if (orders.length < ORDERS_PER_SEED) throw new Error('there are no orders left for another day')
    const random = randomFrom(seed)
    const day: Day = { seed, wrong: [], cuts: [], diary: [] }
    await this.#giveCustomers({ seed, orders })
    // Each day begins with a QuickBooks and a memory that know nothing of the days before.
    await story.database.run(sql`delete from link`)
    await this.#forgetAnswers()
    let process = await this.#begin('restart')
    for (let session = 0; session < SESSIONS; session += 1) {
      const mine = orders.slice(session * ORDERS_EACH, (session + 1) * ORDERS_EACH)
      for (const order of mine) await this.#ask(order)
      await poll(story.road)
      const plan = planOf({ seed, session, random })
      process = await this.#session({ plan, process, day })
      day.wrong.push(...(await wrongNow({ story, orders })).map((text) => `in session ${session}: ${text}`))
    }
    await story.mend()
    await this.#calm({ day, orders })
    day.wrong.push(...(await wrongAtEnd({ story, orders })))
    return day
  }

  /** Half of the orders are for customers that QuickBooks does not have yet. */
  async #giveCustomers({ seed, orders }: { seed: number; orders: Fields[] }): Promise<void> {
    const { books } = this.story
    const fresh: Fields[] = []
    for (const nth of [1, 2]) {
      const name = `Day ${seed} ${this.#orders.length} Outfitters ${nth}`
      const account = { ...this.#known, Id: randomUUID(), Name: name, BGQBName: name, AlternativeName: name }
      await books.put('creatio.Account', account)
      fresh.push(account)
    }
    const [one, two] = fresh
    const buyers = [one, this.#known, one, two, this.#known, two]
    for (const [at, { Id }] of orders.entries()) {
      await books.change('creatio.Order', Id, { AccountId: buyers[at % buyers.length]?.Id })
    }
  }

  /** Another process of ours, which remembers nothing; the one before it ends in order, or has died with its lines. */
  async #begin(way: 'restart' | 'die'): Promise<Process> {
    const { story } = this
    const mortal = new Mortal(story.database)
    const ledger = desktopLedger({ database: mortal.database, connection: story.connection, now: story.road.now })
    const owner = ownerName({ instance: randomUUID() })
    const road = { ...story.road, database: mortal.database, ledgerOf: () => ledger, owner }
    await story.office?.[way](road)
    return { mortal, road }
  }

  async #session(args: { plan: Plan; process: Process; day: Day }): Promise<Process> {
    const { plan, process, day } = args
    const { story } = this
    const { office, sandbox } = story
    if (!office) throw new Error('a story of Desktop has an office')
    await story.mend()
    for (const rule of plan.rules) await story.fault(rule)
    let next: Promise<Process> | null = null
    let calls = 0
    office.onCall = async () => {
      calls += 1
      if (plan.restartsAtCall === calls) next = this.#begin('restart')
      await next
    }
    if (plan.diesAfterStatements !== null) {
      process.mortal.dieAfter({
        statements: plan.diesAfterStatements,
        died: () => {
          next = this.#begin('die')
        },
      })
    }
    const { outcome, status } = await office.call()
    process.mortal.spare()
    office.onCall = () => {}
    const heir = await next
    const fired = (await sandbox.fetchControl<{ id: string; fired: number }[]>('/faults')).filter((rule) => rule.fired)
    if (fired.some(({ id }) => id === 'cut')) day.cuts.push(plan.cut)
    day.diary.push(`${plan.words} (${fired.map(({ id }) => id).join()}) → ${outcome}: ${status}`)
    if (plan.forgets) await this.#forgetAnswers()
    await story.pass(plan.passesSeconds)
    return heir ?? process
  }

  async #calm({ day, orders }: { day: Day; orders: Fields[] }): Promise<void> {
    const { story } = this
    for (let call = 1; call <= CALM_CALLS; call += 1) {
      await story.pass(UNTIL_FORGOTTEN_SECONDS)
      const summary = await story.office?.call()
      day.diary.push(`left in peace → ${summary?.outcome}: ${summary?.status}`)
      await story.tell()
      if ((await wrongAtEnd({ story, orders })).length === 0) return
    }
  }

  /** Writes the log row by which the CRM asks for an order. */
  async #ask(order: Fields): Promise<void> {
    const at = new Date().toISOString()
    const row = { ...this.#logPattern, Id: randomUUID(), CreatedOn: at, ModifiedOn: at }
    await this.story.books.put(LOG, { ...row, BGName: order.Number, BGRecordId: order.Id })
  }

  async #forgetAnswers(): Promise<void> {
    const { books } = this.story
    for (const { Id } of await books.records('quickbooksDesktop.messageSets'))
      await books.remove('quickbooksDesktop.messageSets', Id)
  }
}

/** Plays one day after the other, and tells the diary of each on which something went wrong. */
export async function playDays(args: {
  cuts: DesktopCuts
  seeds: number[]
  tellsAll?: boolean
}): Promise<{ wrong: string[]; happened: string[] }> {
  const { cuts, seeds, tellsAll = false } = args
  const wrong: string[] = []
  const happened: string[] = []
  for (const seed of seeds) {
    const day = await cuts.play(seed)
    if (tellsAll || day.wrong.length > 0)
      process.stdout.write(`DESKTOP_SEED=${seed}\n${[...day.diary, ...day.wrong].join('\n')}\n`)
    wrong.push(...day.wrong.map((text) => `${seed}: ${text}`))
    happened.push(...day.cuts)
  }
  wrong.push(...(await wrongInBooks(cuts.story)))
  return { wrong, happened }
}

interface Process {
  mortal: Mortal
  road: Road
}
