import { expect } from '@jest/globals'
import { audit } from './auditor.ts'
import { openScene, type Scene, untilRest } from './scene.ts'

const ORDERS = 20

/** Every way in which QuickBooks can save something and not say so. */
const FORMS = {
  'a timeout': { kind: 'timeout', seconds: 3 },
  'a cut connection': { kind: 'cut' },
  'a 503': { kind: 'status', status: 503 },
  'a 429': { kind: 'status', status: 429 },
  'a 6000': { kind: 'fault', code: '6000' },
  'half an answer': { kind: 'body', body: '{"Invoice":{"Id":"12","Doc', contentType: 'application/json' },
}

/** Invoices in batches, or invoices and customers one by one. */
type Saved = 'batches' | 'singles'

/** QuickBooks saves and its answer is lost, in every form: each order has exactly one invoice and is PROCESSED. */
export async function commitThenFail({ requestIdMode, saved }: { requestIdMode: string; saved: Saved }): Promise<void> {
  const here = await openScene({ orders: ORDERS, claimMax: saved === 'batches' ? 3 : 1, settings: { requestIdMode } })
  try {
    for (const fault of Object.values(FORMS)) {
      for (const rule of RULES[saved]) await here.fault({ ...rule, times: 1, fault: { when: 'after', ...fault } })
    }
    await untilRest(here)
    // Customers are fewer than forms, so that not each rule meets one.
    if (saved === 'batches') expect(await fired(here)).toBe(Object.keys(FORMS).length)
    else expect(await fired(here)).toBeGreaterThan(Object.keys(FORMS).length)
    const { wrong, atRest } = await audit({ sandbox: here.sandbox, url: here.fresh.url })
    expect(wrong).toEqual([])
    expect(atRest['INVOICE PROCESSED']).toBe(ORDERS)
  } finally {
    await here.close()
  }
}

const RULES: Record<Saved, object[]> = {
  batches: [{ path: '/batch?requestid' }],
  singles: ['Invoice', 'Customer'].map((entity) => ({ method: 'POST', entity, operation: 'create' })),
}

async function fired({ sandbox }: Scene): Promise<number> {
  return (await sandbox.fetchControl<{ fired: number }[]>('/faults')).reduce((sum, rule) => sum + rule.fired, 0)
}
