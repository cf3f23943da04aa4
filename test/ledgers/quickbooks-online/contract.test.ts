import { ledgerContract } from '../../contract/ledger.contract.ts'
import { playedCompany } from './company.ts'

ledgerContract('QuickBooks Online', async () => {
  // What is held to Intuit's limits is tested with the pace; here they would only take time.
  const limits = { requestsPerSecond: 1000, requestsPerMinute: 100_000, batchesPerMinute: 10_000 }
  const { ledger, sandbox, records } = await playedCompany({ options: { answerTimeoutSeconds: 2, limits } })
  await sandbox.fetchControl('/settings', { method: 'PATCH', body: { quickBooksLimits: false } })
  const spoilNextWrite = async (fault: Record<string, unknown>) => {
    const rule = { system: 'quickbooks-online', method: 'POST', times: 1, fault: { when: 'after', ...fault } }
    await sandbox.fetchControl('/faults', { method: 'POST', body: rule })
  }
  return {
    ledger,
    records,
    loseNextAnswer: () => spoilNextWrite({ kind: 'cut' }),
    garbleNextAnswer: () => spoilNextWrite({ kind: 'body', body: '{"Invoice":{"Id":' }),
    closeBooks: (day) => sandbox.fetchControl('/settings', { method: 'PATCH', body: { bookCloseDate: day ?? '' } }),
    close: () => sandbox.stop(),
  }
})
