import { openApi } from '../api/schema.ts'
import type { App } from '../app.ts'
import { type Serving, servicesOf } from './api-services.ts'
import { reception } from './connections.ts'
import { webhookReceiver } from './receive-webhooks.ts'
import { introduceSandbox, openDoor } from './web-connector-door.ts'
import { welcome } from './welcome.ts'

/**
 * What `countersign serve` offers at its address besides the answers to probes: the API, the reception of admins who come
 * back from Intuit, QuickBooks' own notes and the door of the Web Connector. `countersign work` does not load this file.
 */
export async function openOffer(app: App, serving: Serving & { say: (line: string) => void }) {
  const { config, version, log, say } = serving
  const door = await openDoor(app, { publicUrl: config.publicUrl, log })
  return {
    routes: {
      webConnector: door.handle,
      api: await openApi({
        services: servicesOf(app, serving),
        now: app.road.now,
        report: ({ error, reference }) => log.error({ reference, error: textOf(error) }, 'a request to the API failed'),
      }),
      webhooks: webhookReceiver({ ...app.road, verifierToken: config.webhookVerifierToken }),
      receive: reception(app.tending),
    },
    /** Says where it is, once it is. */
    async announce(url: string): Promise<void> {
      await introduceSandbox(app, { url })
      await welcome(app, { config, url, version, say })
    },
    close: () => door.close(),
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
