import type { App } from '../app.ts'
import type { Config } from '../config.ts'
import { firstAdminKey } from '../storage/api-keys.ts'

/** Says where the API is and, on the first start, the one key that opens it. */
export async function welcome(
  app: App,
  args: { config: Config; url: string; version: string; say: (line: string) => void },
): Promise<void> {
  const { config, url, version, say } = args
  if (app.sandbox) {
    const { creatio, quickBooksOnline, companyFile } = app.sandbox
    const desktop = `QuickBooks Desktop (${companyFile}) with its Web Connector`
    const company = config.quickBooksKind === 'desktop' ? desktop : `QuickBooks Online (${quickBooksOnline})`
    say(`The sandbox plays Creatio (${creatio}) and ${company}.`)
  }
  const first = await firstAdminKey(app.store.database, { directory: config.dataDirectory, now: app.road.now() })
  say(`Countersign ${version} listens on ${url}; its explorer is at ${url}/graphql.`)
  if (first) say(`The admin key, shown once and kept in ${first.file}: ${first.key}`)
}
