import { expect, test } from '@jest/globals'
import { openDryRun } from '../../../src/ledgers/dry-run/ledger.ts'
import type { Ledger } from '../../../src/ledgers/ledger.ts'
import { openQuickBooksDesktop } from '../../../src/ledgers/quickbooks-desktop/ledger.ts'
import { openQuickBooksOnline } from '../../../src/ledgers/quickbooks-online/ledger.ts'
import { mappedInvoice } from '../../sync/samples.ts'

const now = () => new Date('2026-03-02T10:00:00Z')
const asked: string[] = []
const nobody = () => {
  asked.push('the vault')
  return Promise.reject(new Error('Nobody is asked'))
}

function online(): Ledger {
  const app = { clientId: '', clientSecret: '', redirectUri: '', tokenUrl: '', authorizeUrl: '', revokeUrl: '' }
  const vault = { read: nobody, renew: nobody }
  // Nobody listens on port 9 of this machine: whoever called would be told so, not "a dry run sends nothing".
  const apiUrl = 'http://127.0.0.1:9'
  return openQuickBooksOnline({ realmId: '1', apiUrl, oauth: app, vault, now, random: () => 0.5, sleep: nobody })
}

const desktop = () => openQuickBooksDesktop({ expected: nobody, now })

test.each([
  ['QuickBooks Online', online],
  ['QuickBooks Desktop', desktop],
])('a dry run of %s makes the very bytes of its ledger, and lets none of them go', async (_, open) => {
  const [real, dry] = [open(), openDryRun(open())]
  const packed = (ledger: Ledger) =>
    ledger.pack([{ ...ledger.encode(mappedInvoice, 'a key'), id: 'one', position: 0, idempotencyKey: 'a key' }])
  expect(packed(dry)).toEqual(packed(real))
  expect(dry.problems(mappedInvoice)).toEqual(real.problems(mappedInvoice))
  expect(dry.losses(mappedInvoice)).toEqual(real.losses(mappedInvoice))
  expect(dry.limits).toEqual(real.limits)
  const [envelope] = packed(dry)
  await expect(dry.send(envelope!)).resolves.toEqual({
    kind: 'not-sent',
    detail: 'a dry run sends nothing',
    durationMs: 0,
  })
  await expect(dry.check()).rejects.toThrow('asks QuickBooks nothing')
  expect(dry.reach()).toBeNull()
  expect(dry.mailbox).toBeUndefined()
  expect(asked).toEqual([])
})

test('nothing waits for the pace of a dry run', async () => {
  const { pace, pack, encode } = openDryRun(online())
  pace.pauseUntil(new Date('2099-01-01T00:00:00Z'))
  pace.remember([{ sentAt: now(), path: '/' }])
  const [envelope] = pack([{ ...encode(mappedInvoice, 'k'), id: 'one', position: 0, idempotencyKey: 'k' }])
  const release = await pace.turn(envelope!)
  expect(release()).toBeUndefined()
})
