// The sandbox's process: it opens the store, loads a world into an empty one, and listens on three loopback ports: Creatio,
// QuickBooks Online, and the control port of the tests. QuickBooks Desktop listens nowhere: its Web Connector calls out.
// Run `node main.js --world incident`; one line of JSON on stdout (and over IPC, when there is a parent) says where it is.
import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
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

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    seed: { type: 'string', default: '1' },
    world: { type: 'string', default: 'incident' },
    orders: { type: 'string' },
    counts: { type: 'string' },
    now: { type: 'string' },
    'creatio-port': { type: 'string', default: '0' },
    'quickbooks-port': { type: 'string', default: '0' },
    'control-port': { type: 'string', default: '0' },
  },
})

const seed = Number(values.seed)
const sandbox = openSandbox({ seed, directory: values.data })
// The company is kept beside the records: a second start with the same directory has the same realm, whatever its seed.
const company = sandbox.store.value<QuickBooksOnlineSeed>('sandbox.company')
const known = company.get()
const world: World = known
  ? { creatio: { tables: {} }, quickBooksOnline: known, quickBooksDesktop: desktopOf(known) }
  : makeWorld()

let ownBaseUrl = ''
const listeners = sandbox.store.together(() => {
  const quickBooksDesktop = createQuickBooksDesktop(sandbox, world.quickBooksDesktop)
  const webConnector = new WebConnector({ sandbox, quickBooks: quickBooksDesktop })
  const loaded = {
    companyFile: quickBooksDesktop.companyFileName(),
    creatio: createCreatio(sandbox, world.creatio),
    quickBooksOnline: createQuickBooksOnline(sandbox, world.quickBooksOnline, () => ownBaseUrl),
    control: createControl(sandbox, { 'web-connector': webConnectorDoor(webConnector) }),
  }
  if (!known) company.set({ ...world.quickBooksOnline, items: [], customers: [], invoices: [], payments: [] })
  return loaded
})

const creatio = await listen({ listener: listeners.creatio, port: Number(values['creatio-port']) })
const quickBooksOnline = await listen({
  listener: listeners.quickBooksOnline,
  port: Number(values['quickbooks-port']),
})
ownBaseUrl = quickBooksOnline.url
const control = await listen({ listener: listeners.control, port: Number(values['control-port']) })

const ready = {
  ready: true,
  creatio: creatio.url,
  quickBooksOnline: quickBooksOnline.url,
  realmId: world.quickBooksOnline.realmId,
  companyFile: listeners.companyFile,
  control: control.url,
}
// Whoever else wants a sandbox with this journal uses the one that has it.
if (values.data) writeFileSync(join(values.data, 'running.json'), JSON.stringify(ready))
process.once('disconnect', stop)
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
process.stdout.write(`${JSON.stringify(ready)}\n`)
process.send?.(ready)

function makeWorld(): World {
  if (values.world === 'empty') return emptyWorld({ seed })
  if (values.world !== 'incident') throw new RangeError(`unknown world ${values.world}; there are incident and empty`)
  const options: WorldOptions = { seed, now: values.now ?? hourOf(sandbox.clock.now()) }
  if (values.orders) options.orders = Number(values.orders)
  if (values.counts) options.counts = countsOf(values.counts)
  return incidentWorld(options)
}

function countsOf(text: string): Partial<IncidentCounts> {
  const counts = JSON.parse(text) as Partial<IncidentCounts>
  const stranger = Object.keys(counts).find((name) => !(name in defaultCounts))
  if (stranger) throw new RangeError(`unknown count ${stranger}; there are ${Object.keys(defaultCounts).join(', ')}`)
  return counts
}

/** "Recent" orders are recent today; whoever wants the same bytes tomorrow gives --now. */
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

/** Ends at once: every answered change is in the journal already, and held sockets (timeouts being played) would never end. */
function stop(): void {
  for (const { server } of [creatio, quickBooksOnline, control]) {
    server.close()
    server.closeAllConnections()
  }
  sandbox.store.close()
  process.exit(0)
}
