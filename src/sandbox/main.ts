// The sandbox's process: one played CRM and QuickBooks (played.ts), which ends with whoever started it.
// Run `node main.js --world incident`; one line of JSON on stdout (and over IPC, when there is a parent) says where it is.
import { parseArgs } from 'node:util'
import { type PlayOptions, play } from './played.ts'
import type { IncidentCounts } from './world/incident-counts.ts'

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    seed: { type: 'string', default: '1' },
    world: { type: 'string', default: 'incident' },
    orders: { type: 'string' },
    counts: { type: 'string' },
    now: { type: 'string' },
    since: { type: 'string' },
    'creatio-port': { type: 'string', default: '0' },
    'quickbooks-port': { type: 'string', default: '0' },
    'control-port': { type: 'string', default: '0' },
  },
})

const played = await play(optionsGiven())
const ready = { ready: true, ...played.at }
process.once('disconnect', stop)
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
process.stdout.write(`${JSON.stringify(ready)}\n`)
process.send?.(ready)

function optionsGiven(): PlayOptions {
  const { world } = values
  if (world !== 'empty' && world !== 'incident')
    throw new RangeError(`unknown world ${world}; there are incident and empty`)
  const options: PlayOptions = {
    world,
    seed: Number(values.seed),
    ports: {
      creatio: Number(values['creatio-port']),
      quickBooksOnline: Number(values['quickbooks-port']),
      control: Number(values['control-port']),
    },
  }
  if (values.data) options.dataDirectory = values.data
  if (values.now) options.now = values.now
  if (values.since) options.since = values.since
  if (values.orders) options.orders = Number(values.orders)
  if (values.counts) options.counts = JSON.parse(values.counts) as Partial<IncidentCounts>
  return options
}

/** Ends at once: every answered change is in the journal already, and held sockets (timeouts being played) would never end. */
function stop(): void {
  played.end()
  process.exit(0)
}
