import { setTimeout as sleep } from 'node:timers/promises'
import type { Sandbox } from '../context.ts'
import type { Application } from './application.ts'
import type { Processed, QuickBooks, QuickBooksError } from './desktop.ts'
import { Cut, OrderedFault } from './ordered-fault.ts'
import type { WebConnectorSettings } from './settings.ts'
import { envelope, resultOf, soapAction } from './soap.ts'
import type { Wire } from './wire.ts'

const SYSTEM = 'web-connector'

export type Parameters = [name: string, value: string | number][]

export interface CallerArguments {
  sandbox: Sandbox
  settings: WebConnectorSettings
  application: Application
  quickBooks: QuickBooks
  wire: Wire
}

/**
 * Makes the calls of one session, to the service and to QuickBooks. Each is witnessed in the log, and meets the fault
 * that was ordered for its operation: the method's name, or `openQuickBooks` and `processRequest`.
 */
export class Caller {
  calls = 0
  ticket = ''
  readonly #given: CallerArguments

  constructor(given: CallerArguments) {
    this.#given = given
  }

  /** The strings of the service's answer. Throws CallFailed when there is none of use, and Cut. */
  async call(method: string, parameters: Parameters, { isStray = false } = {}): Promise<string[]> {
    const { settings, application, wire } = this.#given
    if (!isStray) this.calls += 1
    const { fault, entry, end } = this.#step({ operation: method, isStray })
    try {
      await fault.before()
      const reply =
        fault.replyInstead('before') ??
        (await wire.post({
          url: application.record.url,
          soapAction: soapAction(method),
          body: envelope({ method, parameters: spoilt({ parameters, error: fault.errorInstead() }) }),
          timeoutMs: settings.webConnectorCallTimeoutSeconds * 1000,
          cutAfterMs: fault.cutAfterMs,
        }))
      if (reply === null) throw new Cut(`cut while ${method} was under way`)
      entry.status = reply.status
      await fault.after()
      return resultOf({ method, reply: fault.replyInstead('after') ?? reply })
    } finally {
      end()
    }
  }

  /** Has QuickBooks open a company file; null when it is open. */
  openQuickBooks(companyFile: string): Promise<QuickBooksError | null> {
    const { settings, quickBooks } = this.#given
    return this.#ask('openQuickBooks', async () => {
      if (settings.quickBooksDesktopOpenMs > 0) await sleep(settings.quickBooksDesktopOpenMs)
      return quickBooks.open({ companyFile })
    })
  }

  /** Has QuickBooks work through a request. */
  processRequest(requestXml: string): Promise<Processed | QuickBooksError> {
    return this.#ask('processRequest', async () => {
      const processed = this.#given.quickBooks.process(requestXml)
      if (processed.tookMs > 0) await sleep(processed.tookMs)
      return processed
    })
  }

  async #ask<T>(operation: string, work: () => Promise<T>): Promise<T | QuickBooksError> {
    const { fault, end } = this.#step({ operation, isStray: false })
    try {
      await fault.before()
      const error = fault.errorInstead()
      if (error && !error.isAfter) return error
      const answer = await work()
      await fault.after()
      return error ?? answer
    } finally {
      end()
    }
  }

  /** A step is in the log from its beginning, so that one that never ends is seen too. */
  #step({ operation, isStray }: { operation: string; isStray: boolean }) {
    const { sandbox, application } = this.#given
    const { userName, record } = application
    const occasion = { system: SYSTEM, method: 'POST', path: record.url } as const
    const ordered = isStray ? undefined : sandbox.faults.take({ ...occasion, entity: userName, operation })
    const detail: Record<string, unknown> = { operation, user: userName, ticket: this.ticket }
    if (ordered) detail.fault = ordered
    if (isStray) detail.stray = true
    const entry = sandbox.log.note({ ...occasion, detail })
    const began = performance.now()
    const end = () => {
      entry.answeredAt = sandbox.clock.now().toISOString()
      detail.ms = Math.round((performance.now() - began) * 100) / 100
    }
    return { fault: new OrderedFault(ordered), entry, end }
  }
}

/** A call that reports on QuickBooks reports the ordered error instead: an empty response, and what went wrong. */
function spoilt({ parameters, error }: { parameters: Parameters; error: QuickBooksError | null }): Parameters {
  if (!error) return parameters
  const instead: Record<string, string> = { response: '', hresult: error.hresult, message: error.message }
  return parameters.map(([name, value]) => [name, instead[name] ?? value])
}
