import { Absent, type ControlAnswer, type ControlCall, type ControlDoor } from '../control.ts'
import type { Application } from './application.ts'
import type { ApplicationChanges, WebConnector } from './connector.ts'

const LOG_LINES_DEFAULT = 100

/**
 * The control port's door to the Web Connector, below /web-connector/applications: GET lists, POST `{qwc, password}` adds;
 * /:user GET shows, PATCH `{password, everySeconds, url}` changes, DELETE removes; POST /:user/run updates, and with
 * `?wait=true` answers with the summary when the session is over. `?logLines=n` gives more or fewer lines of the log.
 */
export function webConnectorDoor(connector: WebConnector): ControlDoor {
  return async (call) => {
    const [, place, userName, action] = call.parts
    if (place !== 'applications') throw new Absent('there is only /web-connector/applications')
    if (userName === undefined) return atList({ connector, call })
    const application = connector.find(userName)
    if (!application) throw new Absent(`no application ${userName}`)
    if (action === 'run' && call.method === 'POST') return run({ connector, application, call })
    if (action !== undefined) throw new Absent(`there is only POST ${userName}/run`)
    return atOne({ connector, application, call })
  }
}

interface At {
  connector: WebConnector
  call: ControlCall
}

async function atList({ connector, call }: At): Promise<ControlAnswer> {
  if (call.method !== 'POST') return { body: connector.applications.map((application) => show(application, call)) }
  const { qwc, password } = (call.body ?? {}) as { qwc?: string; password?: string }
  if (typeof qwc !== 'string' || typeof password !== 'string') throw new TypeError('qwc and password are needed')
  return { status: 201, body: show(await connector.add({ qwc, password }), call) }
}

async function run({ connector, application, call }: At & { application: Application }): Promise<ControlAnswer> {
  const session = connector.run(application)
  if (call.query.get('wait') === 'true') return { body: await session }
  session.catch(() => {})
  return { status: 202, body: { started: true } }
}

function atOne({ connector, application, call }: At & { application: Application }): ControlAnswer {
  if (call.method === 'PATCH') connector.change(application, call.body as ApplicationChanges)
  if (call.method === 'DELETE') {
    connector.remove(application)
    return { body: { deleted: true } }
  }
  return { body: show(application, call) }
}

function show(application: Application, { query }: ControlCall): object {
  return application.view({ logLines: Number(query.get('logLines') ?? LOG_LINES_DEFAULT) })
}
