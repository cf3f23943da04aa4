import type { Settings } from '../settings.ts'

/** The switches of the Web Connector. Where nobody knows what Intuit's program really does, a switch plays either. */
export interface WebConnectorSettings {
  /** False: the program does not run (the office's machine is off); nothing is called, on schedule or by hand. */
  webConnectorRuns: boolean
  /** What clientVersion is told. */
  webConnectorVersion: string
  webConnectorCallTimeoutSeconds: number
  /** How long it waits after `NoOp`. */
  webConnectorNoOpSeconds: number
  /** What the person chooses when clientVersion answers `W:text`. */
  webConnectorAcceptsWarning: boolean
  /** Each so many sessions one begins with a closeConnection that has an unknown ticket. 0: never. */
  webConnectorStrayCloseEvery: number
  /** Whether closeConnection follows an authenticate that answered `none`, `busy` or a postponement. */
  webConnectorClosesWithoutWork: boolean
  webConnectorTrustsAnyCertificate: boolean
  /** How long QuickBooks takes to be opened; a closed company file takes half a minute in the real one. */
  quickBooksDesktopOpenMs: number
}

const defaults: WebConnectorSettings = {
  webConnectorRuns: true,
  webConnectorVersion: '2.3.0.215',
  webConnectorCallTimeoutSeconds: 60,
  webConnectorNoOpSeconds: 5,
  webConnectorAcceptsWarning: true,
  webConnectorStrayCloseEvery: 0,
  webConnectorClosesWithoutWork: true,
  webConnectorTrustsAnyCertificate: false,
  quickBooksDesktopOpenMs: 0,
}

export const declareSettings = (settings: Settings): WebConnectorSettings =>
  settings.declare<WebConnectorSettings>(defaults)
