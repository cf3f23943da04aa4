// QuickBooks Online and its OAuth, played on one port: createQuickBooksOnline gives the listener.
// OAuth is at Intuit's own paths (/connect/oauth2, /oauth2/v1/tokens/bearer, …), the API under /v3/company/{realmId}/.
// Records live in the sandbox's store in tables named qbo.Invoice, qbo.Customer and so on; a filled store is not seeded again.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Sandbox } from '../context.ts'
import { type Fault, playFault } from '../faults.ts'
import type { LoggedRequest } from '../request-log.ts'
import { readBody } from '../wire.ts'
import type { QuickBooksOnlineSeed } from '../world/seed.ts'
import { type Answer, send, tidOf } from './answer.ts'
import { AccountingApi, type Outcome } from './api.ts'
import { Company } from './company.ts'
import { OAuth, type OAuthRequest } from './oauth.ts'
import { seedCompany } from './seed.ts'
import { declareSettings } from './settings.ts'
import { Webhooks } from './webhooks.ts'

/** The listener of QuickBooks Online. `ownBaseUrl` is asked for when an address of its own has to be told. */
export function createQuickBooksOnline(
  sandbox: Sandbox,
  seed: QuickBooksOnlineSeed,
  ownBaseUrl: () => string,
): (request: IncomingMessage, response: ServerResponse) => void {
  const company = new Company({ sandbox, settings: declareSettings(sandbox.settings), realmId: seed.realmId })
  const oauth = new OAuth({ company, ownBaseUrl })
  if (company.table('CompanyInfo').size === 0) {
    sandbox.store.together(() => seedCompany({ company, seed }))
    oauth.preset()
  }
  new Webhooks(company)
  const api = new AccountingApi({ company, oauth })
  return (request, response) => {
    const isApi = (request.url ?? '').startsWith('/v3/company/')
    const entry = sandbox.log.witness({ system: isApi ? 'quickbooks-online' : 'oauth', request, response })
    const answering = isApi ? answerApi({ api, request, entry }) : answerOAuth({ sandbox, oauth, request })
    answering.then(
      (outcome) => finish({ company, outcome, response, entry }),
      (error: unknown) => {
        entry.detail = { ...entry.detail, error: String(error) }
        send({ response, answer: brokenAnswer(), tid: tidOf(company) })
      },
    )
  }
}

async function answerApi({
  api,
  request,
  entry,
}: {
  api: AccountingApi
  request: IncomingMessage
  entry: LoggedRequest
}): Promise<Outcome> {
  const taken = await takenApart(request)
  return api.answer({
    request: taken,
    note: (asked) => {
      entry.detail = { ...asked }
    },
  })
}

async function answerOAuth({
  sandbox,
  oauth,
  request,
}: {
  sandbox: Sandbox
  oauth: OAuth
  request: IncomingMessage
}): Promise<Outcome> {
  const taken = await takenApart(request)
  const fault = sandbox.faults.take({ system: 'oauth', method: taken.method, path: request.url ?? '/' })
  if (fault && fault.when !== 'after' && fault.kind !== 'delay') return { spoil: fault }
  if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, (fault.seconds ?? 1) * 1000))
  const answer = oauth.answer(taken) ?? notThere()
  return fault?.when === 'after' && fault.kind !== 'delay' ? { spoil: fault } : { answer }
}

async function takenApart(request: IncomingMessage): Promise<OAuthRequest> {
  const url = new URL(request.url ?? '/', 'http://sandbox')
  const body = (await readBody(request)).toString('utf8')
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body,
  }
}

function finish({ company, outcome, response, entry }: Finish): void {
  if ('answer' in outcome) {
    send({ response, answer: outcome.answer, tid: tidOf(company) })
    return
  }
  entry.detail = { ...entry.detail, fault: outcome.spoil.kind }
  void play({ company, fault: outcome.spoil, response })
}

interface Finish {
  company: Company
  outcome: Outcome
  response: ServerResponse
  entry: LoggedRequest
}

async function play({
  company,
  fault,
  response,
}: {
  company: Company
  fault: Fault
  response: ServerResponse
}): Promise<void> {
  response.setHeader('intuit_tid', tidOf(company))
  const played = await playFault({ fault, response })
  // A rule with a kind that nobody knows must not look like a success.
  if (played !== 'played') send({ response, answer: brokenAnswer(), tid: tidOf(company) })
}

const notThere = (): Answer => ({
  status: 404,
  headers: { 'Content-Type': 'text/html' },
  text: '<html>Not Found</html>',
})
const brokenAnswer = (): Answer => ({
  status: 500,
  headers: { 'Content-Type': 'text/html' },
  text: '<html>Error</html>',
})
