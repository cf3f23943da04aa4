import { ledgerContract } from '../../contract/ledger.contract.ts'
import { playedCompany } from './company.ts'

ledgerContract('QuickBooks Online', async () => {
  const { ledger, sandbox, records } = await playedCompany({ options: { answerTimeoutSeconds: 2 } })
  const spoilNextWrite = async (fault: Record<string, unknown>) => {
    const rule = { system: 'quickbooks-online', method: 'POST', times: 1, fault: { when: 'after', ...fault } }
    await sandbox.fetchControl('/faults', { method: 'POST', body: rule })
  }
  return {
    ledger,
    records,
    loseNextAnswer: () => spoilNextWrite({ kind: 'cut' }),
    garbleNextAnswer: () => spoilNextWrite({ kind: 'body', body: '{"Invoice":{"Id":' }),
    close: () => sandbox.stop(),
  }
})
