import { ledgerContract } from '../../contract/ledger.contract.ts'
import { playedOffice } from './company.ts'

ledgerContract('QuickBooks Desktop', async () => {
  const office = await playedOffice()
  return {
    ...office,
    loseNextAnswer: async () => office.loseNextAnswer(),
    garbleNextAnswer: async () => office.garbleNextAnswer(),
    closeBooks: async (day) => office.closeBooks(day),
    close: async () => office.close(),
  }
})
