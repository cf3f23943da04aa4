import type { Creatio } from '../creatio/creatio.ts'
import type { Database } from '../storage/database.ts'
import type { Patient } from './doctor-finding.ts'
import type { Road } from './road.ts'

interface Closable {
  close: () => Promise<void>
}

/** How the parts of an installation are opened; each may throw, and is then a finding. */
export interface Openers<Store extends Closable, App extends Closable> {
  configuration: Patient['configuration']
  openStore: () => Promise<Store & { database: Database }>
  /** Opens all on top of an open store. */
  openApp: (store: Store & { database: Database }) => Promise<App & { road: Road }>
  /** Opens the CRM alone, for when the rest cannot be opened. */
  openCrm: () => Promise<Creatio>
  openJobStore: (app: App & { road: Road }) => Promise<Closable & { kind: 'postgresql' | 'mongodb' }>
  publicAddress: Patient['publicAddress']
  now: () => Date
}

/** A patient whose parts are opened once, when they are first looked at. `close` closes what was opened. */
export function openPatient<Store extends Closable, App extends Closable>(
  openers: Openers<Store, App>,
): Patient & Closable {
  const store = once(openers.openStore)
  const app = once(async () => openers.openApp(await store.get()))
  return {
    configuration: openers.configuration,
    database: async () => (await store.get()).database,
    async jobStore() {
      const opened = await openers.openJobStore(await app.get())
      await opened.close()
      return opened.kind
    },
    crm: once(async () => {
      const opened = await app.get().catch(() => null)
      return opened ? opened.road.crm : openers.openCrm()
    }).get,
    road: async () => (await app.get()).road,
    publicAddress: openers.publicAddress,
    now: openers.now,
    async close() {
      // An open app closes its store with itself.
      const opened = await app.opened()
      if (opened) await opened.close()
      else await (await store.opened())?.close()
    },
  }
}

/** `opened` gives what was opened so far, and opens nothing itself. */
function once<T>(open: () => Promise<T>): { get: () => Promise<T>; opened: () => Promise<T | null> } {
  let opening: Promise<T> | null = null
  return {
    get() {
      opening ??= open()
      return opening
    },
    opened: async () => (opening === null ? null : opening.catch(() => null)),
  }
}
