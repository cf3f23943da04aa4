import { setTimeout as wait } from 'node:timers/promises'
import type { Fault } from '../faults.ts'
import { faultBody } from './answer.ts'
import type { Company } from './company.ts'
import { businessRule, QuickBooksFault, requiredMissing } from './fault.ts'
import { type Fields, isFields, type Json } from './json-text.ts'
import type { Limits } from './limits.ts'
import { checkRequestId, entityOrFault, oncePerRequestId, operationOf, perform } from './operations.ts'
import { plannedFault, throttledItem } from './planned-fault.ts'
import { runQuery } from './query-run.ts'

const batchItemsMax = 30

export interface BatchResult {
  body: Fields
  /** A fault of an item that spoils the whole answer: what stood before it is in the books, what stood after it is not. */
  spoiled?: Fault
}

interface Item {
  bId: string
  query: string | undefined
  entityName: string
  fields: Fields
  asked: string | undefined
  options: string[]
}

/** Runs the items of a batch one after another; each has its own answer or Fault. */
export async function runBatch({ company, limits, body, requestId }: BatchCall): Promise<BatchResult> {
  const items = itemsOf(body)
  // Queries are answered from the books as they stood before the batch: items cannot see one another's results.
  const answers = new Map(
    items.map((item) => [item, item.query === undefined ? undefined : answerQuery({ company, item })]),
  )
  const responses: Json[] = []
  for (const item of items) {
    if (company.settings.batchItemLatencyMs > 0) await wait(company.settings.batchItemLatencyMs)
    const planned = takeFault({ company, item })
    const spoils = planned !== undefined && plannedFault(planned) === undefined && planned.kind !== 'delay'
    if (planned?.kind === 'delay') await wait((planned.seconds ?? 1) * 1000)
    if (spoils && planned.when !== 'after') return { body: {}, spoiled: planned }
    responses.push({
      ...runItem({ company, limits, item, requestId, planned, queried: answers.get(item) }),
      bId: item.bId,
    })
    if (spoils) return { body: {}, spoiled: planned }
  }
  return { body: { BatchItemResponse: ordered({ company, responses }) } }
}

export interface BatchCall {
  company: Company
  limits: Limits
  body: Fields
  requestId: string | undefined
}

function itemsOf(body: Fields): Item[] {
  const requests = body.BatchItemRequest
  if (!Array.isArray(requests) || requests.length === 0) throw requiredMissing(['BatchItemRequest'])
  if (requests.length > batchItemsMax) {
    throw businessRule(`The maximum number of items in a batch is ${batchItemsMax}. Supplied: ${requests.length}`)
  }
  return requests.filter(isFields).map(({ bId, operation, Query, optionsData, ...rest }) => {
    const [entityName = '', fields] = Object.entries(rest).find(([, value]) => isFields(value)) ?? []
    return {
      bId: String(bId ?? ''),
      query: typeof Query === 'string' ? Query : undefined,
      entityName,
      fields: isFields(fields) ? fields : {},
      asked: operation === undefined ? undefined : String(operation),
      options: String(optionsData ?? '').split(','),
    }
  })
}

function takeFault({ company, item }: { company: Company; item: Item }): Fault | undefined {
  return company.sandbox.faults.take({
    system: 'quickbooks-online',
    // An item is not a request: only rules by entity and operation mean items as well.
    method: 'ITEM',
    path: `item ${item.bId}`,
    entity: item.query === undefined ? item.entityName : 'Query',
    operation: item.query === undefined ? (item.asked ?? 'create') : 'query',
  })
}

function runItem({ company, limits, item, requestId, planned, queried }: ItemRun): Fields {
  const planted = planned && plannedFault(planned)
  try {
    if (!limits.enterItem({ reads: item.query === undefined ? 0 : 1 })) throw throttledItem()
    if (planted && planned.when !== 'after') throw planted
    const answer = queried ?? writeItem({ company, item, requestId })
    if (planted) throw planted
    return answer
  } catch (error) {
    if (error instanceof QuickBooksFault) return faultOfItem(error)
    throw error
  }
}

interface ItemRun {
  company: Company
  limits: Limits
  item: Item
  requestId: string | undefined
  planned: Fault | undefined
  queried: Fields | undefined
}

function answerQuery({ company, item }: { company: Company; item: Item }): Fields {
  try {
    return { QueryResponse: runQuery({ company, text: item.query ?? '' }) }
  } catch (error) {
    if (error instanceof QuickBooksFault) return faultOfItem(error)
    throw error
  }
}

function writeItem({
  company,
  item,
  requestId,
}: {
  company: Company
  item: Item
  requestId: string | undefined
}): Fields {
  if (item.bId === '') throw requiredMissing(['bId'])
  checkRequestId({ requestId, bId: item.bId })
  const entity = entityOrFault(item.entityName)
  const operation = operationOf({ asked: item.asked, options: item.options, body: item.fields })
  return oncePerRequestId({
    company,
    requestId: requestId === undefined ? undefined : `${requestId}:${item.bId}`,
    run: () =>
      perform({
        company,
        entity,
        operation,
        body: item.fields,
        allowDuplicateDocNumber: item.options.includes('allowduplicatedocnum'),
      }),
  })
}

/** In a batch every error carries its element, be it empty. */
function faultOfItem(fault: QuickBooksFault): Fields {
  const errors = fault.errors.map((error) => ({ ...error, element: error.element ?? '' }))
  return faultBody(new QuickBooksFault({ errors, status: fault.status, type: fault.type }))
}

function ordered({ company, responses }: { company: Company; responses: Json[] }): Json[] {
  if (company.settings.batchOrder === 'kept') return responses
  const shuffled = [...responses]
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = company.sandbox.random.int(0, last)
    const held = shuffled[last] as Json
    shuffled[last] = shuffled[other] as Json
    shuffled[other] = held
  }
  return shuffled
}
