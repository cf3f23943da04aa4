// The played Creatio site: sign-in and sessions, OData 4 with $batch, the DataService, processes, custom services and
// SysSettings, on tables that any writer can change, with the handlers that run after a write. Each oddity that the real
// sites show is played; what nobody has confirmed is a switch (`switches.ts`), and what can break breaks by fault rule.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Sandbox } from '../context.ts'
import { type Fault, playFault } from '../faults.ts'
import { readBody } from '../wire.ts'
import type { CreatioSeed } from '../world/seed.ts'
import { type Answer, answerOf, bodyText } from './answer.ts'
import { installHandlers } from './handlers.ts'
import { Records } from './records.ts'
import { Broken, spoiltAnswer, unknownFault } from './refusal.ts'
import { type Call, type Route, routeOf } from './routes.ts'
import { entities } from './schema.ts'
import { SignIn } from './sign-in.ts'
import type { Site } from './site.ts'
import { type CreatioSwitches, creatioSwitches } from './switches.ts'

/** Loads the seed's rows (none, when the store already holds a world) and returns the site's listener. */
export function createCreatio(
  sandbox: Sandbox,
  seed: CreatioSeed,
): (request: IncomingMessage, response: ServerResponse) => void {
  const switches = sandbox.settings.declare<CreatioSwitches>(creatioSwitches)
  const records = new Records({ sandbox, switches })
  for (const name of entities.keys()) records.table(name)
  for (const [name, rows] of Object.entries(seed.tables)) for (const row of rows) records.table(name).put(row)
  installHandlers(records)
  const site: Site = { sandbox, switches, records, signIn: new SignIn({ sandbox, switches }) }
  return (request, response) => {
    serve({ site, request, response }).catch((error: unknown) => {
      if (error instanceof Broken) playFault({ fault: error.fault, response })
      else if (!response.headersSent) send({ response, answer: answerOf(error) })
    })
  }
}

/** One request: the fault that is due, before or after the site has done its work, and the answer. */
async function serve({
  site,
  request,
  response,
}: {
  site: Site
  request: IncomingMessage
  response: ServerResponse
}): Promise<void> {
  const entry = site.sandbox.log.witness({ system: 'creatio', request, response })
  const body = await readBody(request)
  if (site.sandbox.latencyMs > 0) await wait(site.sandbox.latencyMs)
  const path = request.url ?? '/'
  const method = request.method ?? 'GET'
  const call: Call = { site, request, body, url: new URL(path, `http://${request.headers.host ?? 'creatio'}`) }
  const route = routeOf(call)
  const fault = site.sandbox.faults.take({ system: 'creatio', method, path, ...route.target })
  entry.detail = { ...route.target, ...route.detail, ...(fault && { fault: fault.kind }) }
  const early = fault && fault.when !== 'after' ? await strike({ site, fault, path, response }) : undefined
  if (early === 'played') return
  const answer = early ?? (await answerRoute({ route, call }))
  const late = fault?.when === 'after' ? await strike({ site, fault, path, response }) : undefined
  if (late !== 'played') send({ response, answer: late ?? answer })
}

async function answerRoute({ route, call }: { route: Route; call: Call }): Promise<Answer> {
  try {
    return await route.answer(call)
  } catch (error) {
    if (error instanceof Broken) throw error
    return answerOf(error)
  }
}

/** Lets a fault happen: an answer in place of the real one, 'played' when the socket is gone, nothing when work goes on. */
async function strike({
  site,
  fault,
  path,
  response,
}: {
  site: Site
  fault: Fault
  path: string
  response: ServerResponse
}): Promise<Answer | 'played' | undefined> {
  if (fault.kind === 'session-death') site.signIn.endAll()
  const spoilt = spoiltAnswer({ fault, path })
  if (spoilt) return spoilt
  const played = await playFault({ fault, response })
  if (played === 'played') return 'played'
  return played === 'go-on' || fault.kind === 'session-death' ? undefined : unknownFault(fault)
}

function send({ response, answer }: { response: ServerResponse; answer: Answer }): void {
  if (response.destroyed) return
  response.statusCode = answer.status
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value)
  response.end(bodyText(answer))
}
