// The door at which QuickBooks Desktop knocks: the SOAP service that the Web Connector at the office calls, its sign-in, its
// sessions, and the .qwc file that tells it where to call. It carries envelopes between a mailbox and the Web Connector, and
// understands nothing of what is in them. A session is a row, so that it outlives us; its conversation lives in memory.
import { type Handler, openEndpoint } from './endpoint.ts'
import type { WebConnectorOptions } from './options.ts'
import { methodsOf } from './service.ts'
import { Sessions } from './session.ts'
import { SignIns } from './sign-in.ts'

const SWEEP_EVERY_SECONDS = 60

export interface WebConnector {
  handle: Handler
  /** Ends the sessions that were not heard of for half an hour. It is called by itself every minute, too. */
  sweep(): Promise<void>
  /** Ends what is under way; sessions stay open for the process that comes after. */
  close(): Promise<void>
}

/** Opens the service. */
export async function openWebConnector(options: WebConnectorOptions): Promise<WebConnector> {
  const { database, now, log, publicUrl } = options
  const sessions = new Sessions(options)
  const signIns = new SignIns({ database, now, log })
  const handle = await openEndpoint({ methods: methodsOf({ sessions, signIns }), publicUrl, log })
  const sweep = async () => {
    await sessions.sweep().catch((error: unknown) => log.error({ error: String(error) }, 'sessions could not be swept'))
  }
  const timer = setInterval(sweep, SWEEP_EVERY_SECONDS * 1000)
  timer.unref()
  return {
    handle,
    sweep,
    async close() {
      clearInterval(timer)
      await sessions.close()
    },
  }
}
