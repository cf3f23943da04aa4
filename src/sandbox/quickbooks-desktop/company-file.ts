// QuickBooks Desktop, played: a company file and its qbXML request processor, as a stranger to our adapters.
// The Web Connector (sandbox/web-connector) opens the file and hands in message sets; nobody else speaks to it.
// Records live in the sandbox's store in tables named quickbooksDesktop.invoices and so on; a filled file is not seeded again.
import type { Sandbox } from '../context.ts'
import type { QuickBooksDesktopSeed } from '../world/seed.ts'
import { Books } from './books.ts'
import { type CompanyFacts, companyFacts } from './company-info.ts'
import { Iterators } from './iterators.ts'
import { MessageSetProcessor, type Processed } from './message-set.ts'
import { seedBooks } from './seed.ts'
import { declareSettings, type QuickBooksDesktopSettings } from './settings.ts'
import { hresults } from './status.ts'

export interface QuickBooksDesktop {
  /** Host, company and preferences answers (qbXML) as the Web Connector gets at the beginning of a session. */
  hcpResponse(): string
  /** Full path as Windows has it. */
  companyFileName(): string
  country(): string
  qbXmlVersion(): { major: number; minor: number }
  /** Opens the file for a new session as the Web Connector does: an hresult when it cannot. An empty name means the file that is open. */
  open(args: { companyFile: string }): { hresult: string; message: string } | null
  /** Runs one message set. `tookMs` is how long QuickBooks was busy: the caller waits so long before it has the answer. */
  process(qbXml: string): Processed
  /** Ends the session: its iterators are gone. */
  endSession(): void
  /** Writes the FileID into the company file, as the Web Connector does when a .qwc file is added. */
  stampFileId(args: { ownerId: string; fileId: string }): void
}

/** The company file of the sandbox's store, filled from the seed when it is empty. */
export function createQuickBooksDesktop(sandbox: Sandbox, seed: QuickBooksDesktopSeed): QuickBooksDesktop {
  const settings = declareSettings(sandbox.settings)
  const books = new Books({ sandbox, settings })
  if (books.list('Account').size === 0) {
    const { companyName, companyFile } = seed
    sandbox.store.together(() => {
      sandbox.store.value<CompanyFacts>('quickbooksDesktop.company').set({ companyName, companyFile })
      seedBooks({ books, seed })
    })
  }
  return new CompanyFile({ books, settings })
}

const hindrances = {
  'cannot-start': hresults.couldNotStart,
  'another-file': hresults.anotherFile,
  'other-mode': hresults.otherMode,
  'single-user': hresults.singleUser,
  'modal-dialog': hresults.modalDialog,
  'no-permission': hresults.noPermission,
  denied: hresults.denied,
} as const

class CompanyFile implements QuickBooksDesktop {
  readonly #books: Books
  readonly #settings: QuickBooksDesktopSettings
  readonly #iterators: Iterators
  readonly #processor: MessageSetProcessor

  constructor({ books, settings }: { books: Books; settings: QuickBooksDesktopSettings }) {
    this.#books = books
    this.#settings = settings
    this.#iterators = new Iterators(() => `{${books.sandbox.random.uuid()}}`)
    this.#processor = new MessageSetProcessor({ books, iterators: this.#iterators })
  }

  hcpResponse(): string {
    const names = ['HostQuery', 'CompanyQuery', 'PreferencesQuery']
    const paging = { iterator: undefined, iteratorId: undefined, maxReturned: undefined }
    const plan = (name: string, at: number) => ({
      name,
      requestId: String(at),
      fields: {},
      only: [],
      paging,
      refusal: undefined,
    })
    return this.#processor.ask(names.map(plan))
  }

  companyFileName(): string {
    return companyFacts(this.#books).companyFile
  }

  country(): string {
    return this.#settings.quickBooksDesktopCountry
  }

  qbXmlVersion(): { major: number; minor: number } {
    const [major = 1, minor = 0] = this.#settings.quickBooksDesktopVersionMax.split('.').map(Number)
    return { major, minor }
  }

  open({ companyFile }: { companyFile: string }): { hresult: string; message: string } | null {
    this.#iterators.endSession()
    const isNamed = companyFile !== ''
    const isOurs = companyFile.toLowerCase() === this.companyFileName().toLowerCase()
    const { quickBooksDesktopState: state } = this.#settings
    // A file that is named is opened by the Web Connector itself; one that is not must be open already.
    if (state === 'closed' || state === 'not-running')
      return isNamed ? (isOurs ? null : hresults.noAccess) : hresults.notRunning
    return this.#hindrance() ?? (isNamed && !isOurs ? hresults.anotherFile : null)
  }

  /** What stands in the way of everybody, whether the session is new or under way. */
  #hindrance(): { hresult: string; message: string } | null {
    const { quickBooksDesktopState: state } = this.#settings
    return state === 'open' || state === 'closed' || state === 'not-running' ? null : hindrances[state]
  }

  process(qbXml: string): Processed {
    const hindrance = this.#hindrance()
    return hindrance ? { ...hindrance, tookMs: 0 } : this.#processor.process(qbXml)
  }

  endSession(): void {
    this.#iterators.endSession()
  }

  stampFileId({ ownerId, fileId }: { ownerId: string; fileId: string }): void {
    this.#books.table('dataExts').put({
      Id: ownerId.toLowerCase(),
      kind: 'DataExtRet',
      OwnerID: ownerId,
      DataExtName: 'FileID',
      DataExtType: 'STR255TYPE',
      DataExtValue: fileId,
    })
  }
}
