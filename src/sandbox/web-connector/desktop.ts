/** What QuickBooks refuses with: the number as text (`0x80040408`) and its sentence. */
export interface QuickBooksError {
  hresult: string
  message: string
}

/** `tookMs` is how long QuickBooks was busy: its answer is there only then. */
export type Processed = ({ response: string } | QuickBooksError) & { tookMs: number }

/** What the Web Connector needs of the QuickBooks on its machine. */
export interface QuickBooks {
  /** The answer to a query for host, company and preferences, as qbXML. */
  hcpResponse(): string
  companyFileName(): string
  country(): string
  qbXmlVersion(): { major: number; minor: number }
  /** Opens a company file by its path for a new session; '' is the one that is open. Null when it is open then. */
  open(args: { companyFile: string }): QuickBooksError | null
  process(qbXml: string): Processed
  /** What belonged to the session, such as iterators, is gone. */
  endSession(): void
  /** Writes the file's id into the company file under the owner's, as it is done when an application is added. */
  stampFileId(args: { ownerId: string; fileId: string }): void
}
