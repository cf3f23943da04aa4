import type { QuickBooksOnlineSeed } from '../world/seed.ts'
import type { Company } from './company.ts'
import type { Fields } from './json-text.ts'

/** Ids beyond those that documents and names are given, so that nothing else has another id for them. */
const firstJournalId = 7_000_001
const firstEmployeeId = 8_000_001

/** Puts in what the bookkeeper entered by hand, and who is employed: nothing of it is ever written by a client. */
export function seedBookkeeping({
  company,
  seed,
  accountIds,
}: {
  company: Company
  seed: QuickBooksOnlineSeed
  accountIds: ReadonlyMap<string, string>
}): void {
  const at = company.second()
  const head = (id: number) => ({
    ...{ domain: 'QBO', sparse: false, Id: String(id), SyncToken: '0' },
    MetaData: { CreateTime: at, LastUpdatedTime: at },
  })
  for (const [place, { firstName, lastName, hiredOn, releasedOn }] of (seed.employees ?? []).entries()) {
    const dates: Fields = {
      ...(hiredOn ? { HiredDate: hiredOn } : {}),
      ...(releasedOn ? { ReleasedDate: releasedOn } : {}),
    }
    const name = { GivenName: firstName, FamilyName: lastName, DisplayName: `${firstName} ${lastName}` }
    const active = releasedOn === undefined
    company.table('Employee').put({ ...head(firstEmployeeId + place), ...name, ...dates, Active: active })
  }
  for (const [place, { date, accountName, amount }] of (seed.journal ?? []).entries()) {
    const line = (name: string, PostingType: 'Debit' | 'Credit') => ({
      Amount: amount.replace('-', ''),
      DetailType: 'JournalEntryLineDetail',
      JournalEntryLineDetail: { PostingType, AccountRef: { value: accountIds.get(name) ?? '', name } },
    })
    const account = company.get('Account', accountIds.get(accountName) ?? '')
    // Revenue is raised by a credit, expense by a debit, and both are lowered by the other.
    const isDebit = (account?.Classification === 'Revenue') === amount.startsWith('-')
    const lines = [line(accountName, isDebit ? 'Debit' : 'Credit'), line('Checking', isDebit ? 'Credit' : 'Debit')]
    company.table('JournalEntry').put({ ...head(firstJournalId + place), TxnDate: date, Line: lines })
  }
}
