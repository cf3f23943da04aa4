// One sandbox: it opens the store, loads a world into an empty one, and listens on three loopback ports: Creatio,
// QuickBooks Online, and the control port of the tests. QuickBooks Desktop listens nowhere: its Web Connector calls out.
// Nothing is shared between two of them, so that a process may play several.
import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { openSandbox } from './context.ts'
import { createControl } from './control.ts'
import { createCreatio } from './creatio/server.ts'
import { createQuickBooksDesktop } from './quickbooks-desktop/company-file.ts'
import { createQuickBooksOnline } from './quickbooks-online/server.ts'
import { WebConnector } from './web-connector/connector.ts'
import { webConnectorDoor } from './web-connector/door.ts'
import { desktopOf } from './world/desktop.ts'
import { defaultCounts, type IncidentCounts } from './world/incident-counts.ts'
import type { QuickBooksOnlineSeed, World } from './world/seed.ts'
import { emptyWorld, incidentWorld, type WorldOptions } from './world/world.ts'

export interface PlayOptions {
  world: 'incident' | 'empty'
  seed: number
  /** Scales the incident's groups; `counts` sets single groups. */
  orders?: number
  counts?: Partial<IncidentCounts>
  /** What the world's "recent" is counted from; an instant. */
  now?: string
  /** When the incident's old orders begin; an instant. */
  since?: string
  /** Where the journal lives; without one everything is forgotten at the end. */
  dataDirectory?: string
  /** 0 is any free port. */
  ports?: { creatio: number; quickBooksOnline: number; control: number }
}

export interface Played {
  at: {
    creatio: string
    quickBooksOnline: string
    realmId: string
    companyFile: string
    control: string
  }
  /** Closes ports and journal at once; held sockets are cut. */
  end(): void
}

const ANY_PORT = { creatio: 0, quickBooksOnline: 0, control: 0 }

/** Plays until it is ended. Throws a RangeError for a count that is unknown. */
export async function play(options: PlayOptions): Promise<Played> {
  const { seed, dataDirectory, ports = ANY_PORT } = options
  const sandbox = openSandbox({ seed, directory: dataDirectory })
  // The company is kept beside the records: a second start with the same directory has the same realm, whatever its seed.
  const company = sandbox.store.value<QuickBooksOnlineSeed>('sandbox.company')
  const known = company.get()
  const world: World = known
    ? { creatio: { tables: {} }, quickBooksOnline: known, quickBooksDesktop: desktopOf(known) }
    : makeWorld({ options, time: sandbox.clock.now() })

  let ownBaseUrl = ''
  const loaded = sandbox.store.together(() => {
    const quickBooksDesktop = createQuickBooksDesktop(sandbox, world.quickBooksDesktop)
    const webConnector = new WebConnector({ sandbox, quickBooks: quickBooksDesktop })
    const listeners = {
      webConnector,
      companyFile: quickBooksDesktop.companyFileName(),
      creatio: createCreatio(sandbox, world.creatio),
      quickBooksOnline: createQuickBooksOnline(sandbox, world.quickBooksOnline, () => ownBaseUrl),
      control: createControl(sandbox, { 'web-connector': webConnectorDoor(webConnector) }),
    }
    if (!known) company.set({ ...world.quickBooksOnline, items: [], customers: [], invoices: [], payments: [] })
    return listeners
  })

  const creatio = await listen({ listener: loaded.creatio, port: ports.creatio })
  const quickBooksOnline = await listen({ listener: loaded.quickBooksOnline, port: ports.quickBooksOnline })
  ownBaseUrl = quickBooksOnline.url
  const control = await listen({ listener: loaded.control, port: ports.control })
  const at = {
    creatio: creatio.url,
    quickBooksOnline: quickBooksOnline.url,
    realmId: world.quickBooksOnline.realmId,
    companyFile: loaded.companyFile,
    control: control.url,
  }
  // Whoever else wants a sandbox with this journal uses the one that has it.
  if (dataDirectory) writeFileSync(join(dataDirectory, 'running.json'), JSON.stringify({ ready: true, ...at }))
  return {
    at,
    end() {
      loaded.webConnector.stop()
      for (const { server } of [creatio, quickBooksOnline, control]) {
        server.close()
        server.closeAllConnections()
      }
      sandbox.store.close()
    },
  }
}

function makeWorld({ options, time }: { options: PlayOptions; time: Date }): World {
  const { world, seed, now = hourOf(time), since, orders, counts } = options
  if (world === 'empty') return emptyWorld({ seed })
  const incident: WorldOptions = { seed, now, since }
  if (orders) incident.orders = orders
  if (counts) incident.counts = known(counts)
  return incidentWorld(incident)
}

function known(counts: Partial<IncidentCounts>): Partial<IncidentCounts> {
  const stranger = Object.keys(counts).find((name) => !(name in defaultCounts))
  if (stranger) throw new RangeError(`unknown count ${stranger}; there are ${Object.keys(defaultCounts).join(', ')}`)
  return counts
}

/** "Recent" orders are recent today; whoever wants the same bytes tomorrow gives `now`. */
function hourOf(time: Date): string {
  return `${time.toISOString().slice(0, 13)}:00:00Z`
}

async function listen({
  listener,
  port,
}: {
  listener: (request: IncomingMessage, response: ServerResponse) => void
  port: number
}): Promise<{ server: Server; url: string }> {
  const server = createServer({ keepAliveTimeout: 60_000 }, listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
