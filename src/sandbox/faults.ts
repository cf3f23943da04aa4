import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Random } from './random.ts'

export type FaultSystem = 'creatio' | 'quickbooks-online' | 'oauth' | 'quickbooks-desktop' | 'web-connector'

/** What goes wrong. `when: 'after'` lets the change happen and then spoils its answer: commit, then fail. */
export type Fault = {
  /** 'timeout' never answers, 'cut' destroys the socket, 'status' and 'body' answer something else, 'delay' answers late; a system may know more kinds. */
  kind: 'timeout' | 'cut' | 'status' | 'body' | 'delay' | (string & {})
  when?: 'before' | 'sent' | 'after'
  status?: number
  body?: string
  contentType?: string
  /** How long to hold ('timeout', default 600) or to wait ('delay', default 1). */
  seconds?: number
  code?: string
  [key: string]: unknown
}

/** When it goes wrong. All given conditions must hold; `path` is a substring of path and query. */
export interface FaultRule {
  id?: string
  system: FaultSystem
  method?: string
  path?: string
  entity?: string
  operation?: string
  /** Fires on the n-th matching request only, counted from 1. */
  onNth?: number
  everyNth?: number
  /** Fires at most so many times. */
  times?: number
  probability?: number
  fault: Fault
}

export interface FaultOccasion {
  system: FaultSystem
  method: string
  path: string
  entity?: string | undefined
  operation?: string | undefined
}

/** The fault rules of a run. Every rule counts the requests that match it, so that the same requests meet the same faults. */
export class Faults {
  #rules: { rule: FaultRule; id: string; matched: number; fired: number }[] = []
  #nextId = 1
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  add(rule: FaultRule): string {
    const id = rule.id ?? `fault-${this.#nextId++}`
    this.#rules = this.#rules.filter((known) => known.id !== id)
    this.#rules.push({ rule, id, matched: 0, fired: 0 })
    return id
  }

  clear(): void {
    this.#rules = []
  }

  /** The rules with how often each matched and fired. */
  list(): (FaultRule & { id: string; matched: number; fired: number })[] {
    return this.#rules.map(({ rule, id, matched, fired }) => ({ ...rule, id, matched, fired }))
  }

  /** The fault for this request, if one is due. Every matching rule counts it; the first that is due fires. */
  take(occasion: FaultOccasion): Fault | undefined {
    let due: Fault | undefined
    for (const entry of this.#rules) {
      if (!matches({ rule: entry.rule, occasion })) continue
      entry.matched += 1
      if (due || !this.#isDue(entry)) continue
      entry.fired += 1
      due = entry.rule.fault
    }
    return due
  }

  #isDue({ rule, matched, fired }: { rule: FaultRule; matched: number; fired: number }): boolean {
    if (rule.onNth !== undefined && matched !== rule.onNth) return false
    if (rule.everyNth !== undefined && matched % rule.everyNth !== 0) return false
    if (rule.times !== undefined && fired >= rule.times) return false
    return rule.probability === undefined || this.#random.chance(rule.probability)
  }
}

function matches({ rule, occasion }: { rule: FaultRule; occasion: FaultOccasion }): boolean {
  return (
    rule.system === occasion.system &&
    (rule.method === undefined || rule.method.toUpperCase() === occasion.method.toUpperCase()) &&
    (rule.path === undefined || occasion.path.includes(rule.path)) &&
    (rule.entity === undefined || rule.entity === occasion.entity) &&
    (rule.operation === undefined || rule.operation === occasion.operation)
  )
}

/**
 * Plays one of the five general kinds on the answer. Resolves 'played' when the answer is spoilt and nothing more may be
 * written, 'go-on' after a delay, and 'not-mine' for a kind that only the system itself knows.
 */
export async function playFault({
  fault,
  response,
}: {
  fault: Fault
  response: ServerResponse
}): Promise<'played' | 'go-on' | 'not-mine'> {
  switch (fault.kind) {
    case 'cut':
      response.destroy()
      return 'played'
    case 'timeout': {
      const timer = setTimeout(() => response.destroy(), (fault.seconds ?? 600) * 1000)
      timer.unref()
      response.once('close', () => clearTimeout(timer))
      return 'played'
    }
    case 'delay':
      await wait((fault.seconds ?? 1) * 1000, undefined, { ref: false })
      return 'go-on'
    case 'status':
    case 'body':
      response.statusCode = fault.status ?? (fault.kind === 'status' ? 500 : 200)
      response.setHeader('Content-Type', fault.contentType ?? 'text/html; charset=utf-8')
      response.end(fault.body ?? '')
      return 'played'
    default:
      return 'not-mine'
  }
}
