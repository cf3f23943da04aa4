import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { LedgerKind } from '../../src/domain/kinds.ts'
import type { ResetPlan } from '../../src/domain/reset-plan.ts'
import { Incident } from './incident.ts'

const SECONDS_MAX = 900

/** The incident's end on one kind of QuickBooks, at the scale of `counts`. */
export function describeEnd({ kind, counts }: { kind: LedgerKind; counts: Record<string, number> }): void {
  const of = (name: string) => counts[name] ?? 0
  describe(`the end of the incident, ${kind}`, () => {
    let incident: Incident
    let plan: ResetPlan
    let held: string[]

    beforeAll(async () => {
      incident = await Incident.open({ kind, counts })
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
        held = (await incident.failed()).map(({ orderNumber }) => String(orderNumber))
        expect(held).toHaveLength(of('discounted') + of('unknownCustomer'))
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
