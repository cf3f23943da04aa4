import type { ChargeRole } from '../../../src/domain/document.ts'
import { LinkKind } from '../../../src/domain/link.ts'
import type { Caller } from '../../../src/ledgers/mailbox.ts'
import type { QuickBooksDesktop } from '../../../src/ledgers/quickbooks-desktop/ledger.ts'
import { openSandbox } from '../../../src/sandbox/context.ts'
import { createQuickBooksDesktop } from '../../../src/sandbox/quickbooks-desktop/company-file.ts'
import { emptyWorld } from '../../../src/sandbox/world/world.ts'
import { anInvoice, type CompanyRecords, stored } from '../../contract/documents.ts'
import { fileId, openDesktop, ownerId } from './office.ts'

export interface PlayedOffice {
  ledger: QuickBooksDesktop
  records: CompanyRecords
  /** The next write is saved, and the Web Connector never brings its answer. */
  loseNextAnswer(): void
  /** The next write never reaches QuickBooks, and nobody says so. */
  loseNextRequest(): void
  /** QuickBooks breaks down before the second of the writes of the next set. */
  breakDownInNextSet(): void
  /** The next write is saved, and its answer is cut off. */
  garbleNextAnswer(): void
  /** The books are closed up to and including a day; null opens them again. */
  closeBooks(day: string | null): void
  close(): void
}

/** A ledger in conversation with the sandbox's company file, whose sales tax has the rate of the contract's invoice. */
export async function playedOffice(): Promise<PlayedOffice> {
  const seed = emptyWorld({ seed: 1 }).quickBooksDesktop
  const items = seed.items.map((item) => (item.kind === 'SalesTax' ? { ...item, ratePercent: '6.5' } : item))
  const sandbox = openSandbox({ seed: 1 })
  const desktop = createQuickBooksDesktop(sandbox, { ...seed, items })
  desktop.stampFileId({ ownerId, fileId })
  const ledger = openDesktop()
  const { major, minor } = desktop.qbXmlVersion()
  const caller: Caller = {
    qbXmlVersion: `${major}.${minor}`,
    companyFileName: desktop.companyFileName(),
    country: desktop.country(),
    hcpResponse: desktop.hcpResponse(),
  }
  const talk = ledger.mailbox.open(caller)
  const spoilt: ('lose-request' | 'lose-answer' | 'garble')[] = []
  const office = async () => {
    while (ledger.reach() === talk) {
      const next = await talk.next({ withinMs: 500 })
      if (next === 'later') continue
      if (next === 'done') return
      const spoil = /<(\w+(Add|Mod)|TxnVoid)Rq/.test(next.body) ? spoilt.shift() : undefined
      if (spoil === 'lose-request') continue
      const done = { response: '', hresult: '', message: '', ...(await desktop.process(next.body)) }
      if (spoil === 'lose-answer') continue
      const response = spoil === 'garble' ? done.response.slice(0, done.response.length / 2) : done.response
      await talk.answer({ ...done, response, withinMs: 0 })
    }
  }
  void office()
  return {
    ledger,
    records: await recordsOf(ledger, seed),
    loseNextRequest: () => spoilt.push('lose-request'),
    loseNextAnswer: () => spoilt.push('lose-answer'),
    breakDownInNextSet: () => {
      const match = { system: 'quickbooks-desktop', operation: 'InvoiceAdd' } as const
      sandbox.faults.add({ ...match, onNth: 2, fault: { kind: 'crash', when: 'before' } })
    },
    garbleNextAnswer: () => spoilt.push('garble'),
    closeBooks: (day) => sandbox.settings.change({ quickBooksDesktopClosingDate: day ?? '' }),
    close: () => talk.end('the test is over'),
  }
}

/** Finds by name what the empty company of the sandbox starts with. */
async function recordsOf(
  ledger: QuickBooksDesktop,
  seed: { items: { name: string; kind: string }[]; customers: { displayName: string }[] },
): Promise<CompanyRecords> {
  const { stop } = await ledger.check()
  if (stop) throw new Error(JSON.stringify(stop))
  const idOf = async (entity: LinkKind, name: string) => {
    const request = ledger.encode({ kind: 'LOOK_UP', entity, by: 'NAME', values: [name] })
    const envelope = ledger.pack(stored([{ request, key: name }]))[0]!
    const answer = await ledger.send(envelope)
    const { outcome } = [...ledger.decode(envelope.exchanges, answer).values()][0]!
    if (outcome.kind !== 'found' || !outcome.records[0]) throw new Error(JSON.stringify({ name, outcome, answer }))
    return outcome.records[0].quickBooksId
  }
  const customerId = await idOf(LinkKind.CUSTOMER, seed.customers[0]!.displayName)
  const [item, other] = [seed.items[0]!.name, seed.items[1]!.name]
  const itemIds: [string, string] = [await idOf(LinkKind.ITEM, item), await idOf(LinkKind.ITEM, other)]
  const charges: CompanyRecords['charges'] = {}
  const { document } = anInvoice({ number: '1', records: { customerId, itemIds, charges } })
  for (const need of ledger.needs(document)) {
    const role: ChargeRole = need.role
    if ('charge' in need) charges[role] = need.charge
    else if ('name' in need) charges[role] = { id: await idOf(need.entity, need.name) }
  }
  return { customerId, itemIds, charges }
}
