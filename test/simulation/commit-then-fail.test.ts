import { afterEach, describe, expect, test } from '@jest/globals'
import type { RunningSandbox } from '../sandbox/spawn.ts'
import { audit } from './auditor.ts'
import { openScene, type Scene, untilRest } from './scene.ts'

/** Every way in which QuickBooks can save something and not say so. */
const FORMS = {
  'a timeout': { kind: 'timeout', seconds: 3 },
  'a cut connection': { kind: 'cut' },
  'a 503': { kind: 'status', status: 503 },
  'a 429': { kind: 'status', status: 429 },
  'a 6000': { kind: 'fault', code: '6000' },
  'half an answer': { kind: 'body', body: '{"Invoice":{"Id":"12","Doc', contentType: 'application/json' },
}

let here: Scene
afterEach(() => here.close())

async function fired(sandbox: RunningSandbox): Promise<number> {
  return (await sandbox.fetchControl<{ fired: number }[]>('/faults')).reduce((sum, rule) => sum + rule.fired, 0)
}

describe.each(['replay', 'ignore', 'duplicate-600'])(
  'QuickBooks saves and its answer is lost; requestid mode %s',
  (requestIdMode) => {
    test('for batches, in every form: each order has exactly one invoice and is PROCESSED', async () => {
      here = await openScene({ orders: 20, claimMax: 3, settings: { requestIdMode } })
      for (const fault of Object.values(FORMS)) {
        await here.fault({ path: '/batch?requestid', times: 1, fault: { when: 'after', ...fault } })
      }
      await untilRest(here)
      expect(await fired(here.sandbox)).toBe(Object.keys(FORMS).length)
      const { wrong, atRest } = await audit({ sandbox: here.sandbox, url: here.fresh.url })
      expect(wrong).toEqual([])
      expect(atRest['INVOICE PROCESSED']).toBe(20)
    })

    test('for single invoices and customers, in every form: each order has exactly one invoice and is PROCESSED', async () => {
      here = await openScene({ orders: 20, claimMax: 1, settings: { requestIdMode } })
      for (const fault of Object.values(FORMS)) {
        for (const entity of ['Invoice', 'Customer']) {
          const rule = { method: 'POST', entity, operation: 'create', times: 1, fault: { when: 'after', ...fault } }
          await here.fault(rule)
        }
      }
      await untilRest(here)
      expect(await fired(here.sandbox)).toBeGreaterThan(Object.keys(FORMS).length)
      const { wrong, atRest } = await audit({ sandbox: here.sandbox, url: here.fresh.url })
      expect(wrong).toEqual([])
      expect(atRest['INVOICE PROCESSED']).toBe(20)
    })
  },
)
