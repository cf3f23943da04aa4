// The accounting API under /v3/company/{realmId}/: who may ask, how much, what is asked, and the planned faults around it.
// A fault ordered for 'after' lets the change into the books and then spoils its answer.
// The routes are short: most of what happens is in write.ts, query-run.ts and batch.ts.
import { setTimeout as wait } from 'node:timers/promises'
import type { Fault } from '../faults.ts'
import {
  type Answer,
  faultAnswer,
  notAuthenticated,
  notAuthorized,
  serviceAnswer,
  throttled,
  wrongRealm,
} from './answer.ts'
import { runBatch } from './batch.ts'
import { changesSince } from './change-capture.ts'
import type { Company } from './company.ts'
import { refreshPreferences } from './company-info.ts'
import type { Entity } from './entity.ts'
import { adminLostAccess, malformedBody, objectNotFound, QuickBooksFault, unsupportedOperation } from './fault.ts'
import { type Fields, isFields, parseJson } from './json-text.ts'
import { Limits } from './limits.ts'
import { bearerOf, type OAuth, type OAuthRequest } from './oauth.ts'
import { checkRequestId, entityOrFault, oncePerRequestId, operationOf, perform } from './operations.ts'
import { plannedFault } from './planned-fault.ts'
import { profitAndLoss } from './profit-and-loss.ts'
import { runQuery } from './query-run.ts'
import { readRecord } from './write.ts'

/** What is to be sent, or the general fault to be played instead. */
export type Outcome = { answer: Answer } | { spoil: Fault }

/** What a request turned out to ask for; for the log and for fault rules. */
export interface Asked {
  entity?: string
  operation?: string
}

/** One request, taken apart. */
interface Call {
  request: OAuthRequest
  /** The parts of the path after the realm. */
  parts: string[]
  asked: Asked
  requestId: string | undefined
}

export class AccountingApi {
  readonly #company: Company
  readonly #oauth: OAuth
  readonly #limits: Limits

  constructor({ company, oauth }: { company: Company; oauth: OAuth }) {
    this.#company = company
    this.#oauth = oauth
    this.#limits = new Limits(company)
  }

  /** Answers a request; `note` is told what it asks for. */
  async answer({ request, note }: { request: OAuthRequest; note: (asked: Asked) => void }): Promise<Outcome> {
    const [, , , realm = '', ...parts] = request.path.split('/')
    const refusal = this.#refusal({ request, realm })
    if (refusal) return { answer: refusal }
    const company = this.#company
    const asked = askedOf({ request, parts })
    note(asked)
    const [first = ''] = parts
    const isRead = request.method === 'GET' || first === 'query'
    if (!this.#limits.enter({ isBatch: first === 'batch', isReport: first === 'reports', reads: isRead ? 1 : 0 })) {
      return { answer: throttled({ company }) }
    }
    try {
      const requestId = request.query.get('requestid') ?? undefined
      return await this.#withFault({ request, parts, asked, requestId })
    } finally {
      this.#limits.leave()
    }
  }

  #refusal({ request, realm }: { request: OAuthRequest; realm: string }): Answer | undefined {
    const company = this.#company
    const token = bearerOf(request.headers)
    const state = this.#oauth.tokenState(token)
    if (state.kind === 'expired') return notAuthenticated({ company, detail: `Token expired: ${token}` })
    if (state.kind === 'invalid') return notAuthenticated({ company, detail: `Token revoked: ${token}` })
    if (state.realmId !== realm) return wrongRealm({ company })
    if (!company.settings.appAuthorized) return notAuthorized({ company })
    if (!company.settings.adminAccess) return faultAnswer({ company, fault: adminLostAccess() })
    return undefined
  }

  async #withFault(call: Call): Promise<Outcome> {
    const company = this.#company
    const planned = company.sandbox.faults.take({
      system: 'quickbooks-online',
      method: call.request.method,
      path: `${call.request.path}?${call.request.query}`,
      ...call.asked,
    })
    const latency = company.settings.quickBooksLatencyMs + company.sandbox.latencyMs
    if (latency > 0) await wait(latency)
    if (planned?.kind === 'delay' && planned.when !== 'after') await wait((planned.seconds ?? 1) * 1000)
    if (planned && planned.kind !== 'delay' && planned.when !== 'after') return this.#spoiled(planned)
    const outcome = await this.#run(call)
    if (planned?.kind === 'delay' && planned.when === 'after') await wait((planned.seconds ?? 1) * 1000)
    // A request that was refused by a rule of its own has committed nothing, but its answer is lost all the same.
    return planned?.when === 'after' && planned.kind !== 'delay' ? this.#spoiled(planned) : outcome
  }

  #spoiled(planned: Fault): Outcome {
    const company = this.#company
    const isThrottle = planned.kind === 'status' && planned.status === 429 && planned.body === undefined
    if (isThrottle || (planned.kind === 'fault' && planned.code === '3001')) return { answer: throttled({ company }) }
    if (planned.kind === 'fault' && planned.code === '3200') {
      return { answer: notAuthenticated({ company, detail: 'Token expired: planned' }) }
    }
    const fault = plannedFault(planned)
    return fault ? { answer: faultAnswer({ company, fault }) } : { spoil: planned }
  }

  async #run(call: Call): Promise<Outcome> {
    const company = this.#company
    try {
      if (call.parts[0] !== 'batch') return { answer: serviceAnswer({ company, body: this.#route(call) }) }
      const body = bodyOf(call.request)
      const { body: answered, spoiled } = await runBatch({
        company,
        limits: this.#limits,
        body,
        requestId: call.requestId,
      })
      return spoiled ? this.#spoiled(spoiled) : { answer: serviceAnswer({ company, body: answered }) }
    } catch (error) {
      if (error instanceof QuickBooksFault) return { answer: faultAnswer({ company, fault: error }) }
      throw error
    }
  }

  #route({ request, parts, requestId }: Call): Fields {
    const company = this.#company
    const { method, query, body } = request
    const [first = '', second] = parts
    if (first === 'query') {
      refreshPreferences(company)
      return { QueryResponse: runQuery({ company, text: method === 'POST' ? body : (query.get('query') ?? '') }) }
    }
    if (first === 'cdc' && method === 'GET') {
      const changedSince = query.get('changedSince') ?? ''
      return changesSince({ company, entities: query.get('entities') ?? '', changedSince })
    }
    if (first === 'reports' && method === 'GET') {
      if (second !== 'ProfitAndLoss') throw unsupportedOperation(`report ${second}`)
      return profitAndLoss({ company, query })
    }
    const entity = entityOrFault(first)
    if (method === 'GET') return { [entity.name]: this.#read({ entity, id: second }) }
    if (method !== 'POST') throw unsupportedOperation(method)
    checkRequestId({ requestId })
    const fields = bodyOf(request)
    const options = (query.get('include') ?? '').split(',')
    const operation = operationOf({ asked: query.get('operation') ?? undefined, options, body: fields })
    const allowDuplicateDocNumber = options.includes('allowduplicatedocnum')
    const run = () => perform({ company, entity, operation, body: fields, allowDuplicateDocNumber })
    return oncePerRequestId({ company, requestId, run })
  }

  #read({ entity, id }: { entity: Entity; id: string | undefined }): Fields {
    const company = this.#company
    if (entity.family !== 'company') return readRecord({ company, entity, id: id ?? '' })
    refreshPreferences(company)
    const known = company.get(entity.name, '1')
    if (!known || (id !== undefined && id !== company.realmId && id !== '1')) throw objectNotFound()
    return known
  }
}

/** What a fault rule and the log call it: the entity's name and the operation. */
function askedOf({ request, parts }: { request: OAuthRequest; parts: string[] }): Asked {
  const [first = ''] = parts
  if (first === 'batch' || first === 'query' || first === 'cdc' || first === 'reports') return { operation: first }
  try {
    const entity = entityOrFault(first).name
    if (request.method === 'GET') return { entity, operation: 'read' }
    const options = (request.query.get('include') ?? '').split(',')
    const asked = request.query.get('operation') ?? undefined
    return { entity, operation: operationOf({ asked, options, body: bodyOf(request) }) }
  } catch {
    return {}
  }
}

function bodyOf({ body }: OAuthRequest): Fields {
  let parsed: unknown
  try {
    parsed = parseJson(body)
  } catch {
    throw malformedBody()
  }
  if (!isFields(parsed)) throw malformedBody()
  return parsed
}
