import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ResetPlan } from '../../src/domain/reset-plan.ts'
import { Incident, type IncidentOptions } from './incident.ts'

const SECONDS_MAX = 900

/** What was found in January 2026, and what is not to be invoiced beside it. */
export const INCIDENT = {
  falselyProcessed: 637,
  processed: 336,
  stuckAbsent: 60,
  stuckInQuickBooks: 40,
  timedOutAbsent: 37,
  timedOutInQuickBooks: 20,
  discounted: 1,
  unknownCustomer: 1,
  withoutLogRow: 658,
  cancelled: 6,
  empty: 5,
  zeroQuantity: 4,
  severalRows: 8,
  deleteRows: 5,
  factoryRows: 4,
  inventoryRows: 2,
  commissionRows: 1,
} as const

/** The incident's end on one kind of QuickBooks, at the scale of `counts`. */
export function describeEnd(options: IncidentOptions): void {
  const { kind, counts } = options
  const of = (name: string) => counts[name] ?? 0
  describe(`the end of the incident, ${kind}`, () => {
    let incident: Incident
    let plan: ResetPlan
    let held: string[]

    beforeAll(async () => {
      incident = await Incident.open(options)
    }, SECONDS_MAX * 1000)
    afterAll(() => incident?.story.end())

    test(
      'is planned: what QuickBooks lacks is created, what it has is adopted',
      async () => {
        const planned = await incident.plan()
        plan = planned.plan
        expect(plan).toMatchObject({ state: 'READY', error: null })
        expect(planned.actions).toEqual({
          CREATE: of('falselyProcessed') + of('stuckAbsent') + of('timedOutAbsent') + of('withoutLogRow'),
          ADOPT: of('stuckInQuickBooks') + of('timedOutInQuickBooks'),
        })
      },
      SECONDS_MAX * 1000,
    )

    test(
      'is applied: every order is PROCESSED and proven, or has a named reason, and QuickBooks holds no duplicate',
      async () => {
        const operation = await incident.apply(plan)
        expect(operation).toMatchObject({ state: 'DONE', refused: 0, failed: 0, succeeded: operation?.total })
        expect(await incident.unaccounted()).toEqual([])
        const numbers = await incident.numbers()
        expect(numbers).toHaveLength(new Set(numbers).size)
        const failed = await incident.failed()
        held = failed.map(({ orderNumber }) => String(orderNumber))
        // Discounts are booked on an account of QuickBooks Online, and as an item of Desktop.
        const discount = incident.isDesktop ? 'ITEM_NOT_FOUND' : 'ACCOUNT_NOT_FOUND'
        expect(failed.map(({ reasonCode }) => reasonCode).sort()).toEqual([discount, 'CUSTOMER_NOT_FOUND'].sort())
      },
      SECONDS_MAX * 1000,
    )

    test(
      'is reconciled: the sides agree, but for the two orders that a fault of configuration holds up',
      async () => {
        expect(await incident.reconcile()).toEqual(held.map((number) => `MISSING_IN_QUICKBOOKS ${number}`).sort())
      },
      SECONDS_MAX * 1000,
    )

    test(
      'is over once both are put right and asked for again: nothing differs any more',
      async () => {
        await incident.fixBoth()
        expect(await incident.failed()).toEqual([])
        expect(await incident.unaccounted()).toEqual([])
        expect(await incident.reconcile()).toEqual([])
        const numbers = await incident.numbers()
        expect(numbers).toHaveLength(new Set(numbers).size)
      },
      SECONDS_MAX * 1000,
    )
  })
}
