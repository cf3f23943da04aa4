import type { Company } from './company.ts'
import { type Entity, entityNamed } from './entity.ts'
import { badLength, businessRule, duplicateRequestId, unsupportedOperation } from './fault.ts'
import type { Fields } from './json-text.ts'
import { createRecord, deleteRecord, updateRecord, voidRecord } from './write.ts'

export type Operation = 'create' | 'update' | 'delete' | 'void'

export interface OperationCall {
  company: Company
  entity: Entity
  operation: Operation
  body: Fields
  allowDuplicateDocNumber: boolean
}

/** Does one write and gives the answer's body, such as `{Invoice: {…}}`. Throws a QuickBooksFault. */
export function perform({ company, entity, operation, body, allowDuplicateDocNumber }: OperationCall): Fields {
  const write = { company, entity, body, allowDuplicateDocNumber }
  const does = { create: createRecord, update: updateRecord, delete: deleteRecord, void: voidRecord }
  return { [entity.name]: does[operation](write) }
}

/**
 * What a request asks for: its `operation`, or else an update when an Id is given and a create when not.
 * `include=void` turns an update into a void. Throws fault 500 for an operation that does not exist.
 */
export function operationOf({
  asked,
  options,
  body,
}: {
  asked: string | undefined
  options: string[]
  body: Fields
}): Operation {
  if (options.includes('void')) return 'void'
  if (asked === undefined || asked === '') return body.Id === undefined ? 'create' : 'update'
  if (asked === 'create' || asked === 'update' || asked === 'delete' || asked === 'void') return asked
  throw unsupportedOperation(asked)
}

/** The entity of a path or a batch item. Throws fault 500 for one that QuickBooks Online does not have. */
export function entityOrFault(name: string): Entity {
  const entity = entityNamed(name)
  if (!entity) throw unsupportedOperation(name)
  return entity
}

type AnsweredRequest = { Id: string; body: Fields }

/**
 * Runs a write once per requestid, as the setting has it. Only what went into the books is remembered, so a refused write may
 * be repeated; and the memory outlives the record: after it was deleted the same requestid still answers the dead one.
 */
export function oncePerRequestId({
  company,
  requestId,
  run,
}: {
  company: Company
  requestId: string | undefined
  run: () => Fields
}): Fields {
  const mode = company.settings.requestIdMode
  const { store } = company.sandbox
  // One journal entry for everything a write changes, so that a killed sandbox has all of it or nothing.
  if (requestId === undefined || requestId === '' || mode === 'ignore') return store.together(run)
  const answered = store.table<AnsweredRequest>('qbo.RequestId')
  const known = answered.get(requestId)
  if (known && mode === 'duplicate-600') throw duplicateRequestId(requestId)
  if (known) return known.body
  return store.together(() => {
    const body = run()
    answered.put({ Id: requestId, body })
    return body
  })
}

/** A requestid has at most 50 characters; in a batch at most 36, and then a bId at most 10. */
export function checkRequestId({ requestId, bId }: { requestId: string | undefined; bId?: string }): void {
  if (requestId === undefined) return
  const max = bId === undefined ? 50 : 36
  if (requestId.length > max) {
    throw businessRule(
      `You cannot enter more than ${max} characters in the request_id field. ` +
        `You tried entering ${requestId}, which is ${requestId.length} characters.`,
    )
  }
  if (bId !== undefined && bId.length > 10) throw badLength({ name: 'bId', min: 1, max: 10, length: bId.length })
}
