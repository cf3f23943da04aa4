import { createHmac, timingSafeEqual } from 'node:crypto'
import type { WebhookNotice, WebhookOperation } from '../../domain/webhook-event.ts'
import { membersOf, readJson } from './exact-json.ts'
import { instantOf, kindNamed } from './mirror-records.ts'

/** Tells whether Intuit signed these bytes, in a time that says nothing about how wrong a signature is. */
export function isSigned(args: { body: Buffer; signature: string; verifierToken: string }): boolean {
  const expected = createHmac('sha256', args.verifierToken).update(args.body).digest()
  const given = Buffer.from(args.signature, 'base64')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** Reads either of the two shapes that Intuit sends; null when it is neither. What lacks an id or a company is left out. */
export function readNotices(body: string): WebhookNotice[] | null {
  const json = readJson(body)
  const { eventNotifications } = membersOf(json)
  const told = Array.isArray(json) ? json.map(cloudEvent) : null
  const notices = told ?? (Array.isArray(eventNotifications) ? eventNotifications.flatMap(notification) : null)
  return notices?.filter((one): one is WebhookNotice => one !== null) ?? null
}

function notification(json: unknown): (WebhookNotice | null)[] {
  const { realmId, dataChangeEvent } = membersOf(json)
  const { entities } = membersOf(dataChangeEvent)
  return (Array.isArray(entities) ? (entities as unknown[]) : []).map((entity) => {
    const { name, id, operation, lastUpdated, deletedId } = membersOf(entity)
    return noticeOf({ realmId, name, id, operation, time: lastUpdated, mergedId: deletedId })
  })
}

/** `qbo.invoice.created.v1` */
function cloudEvent(json: unknown): WebhookNotice | null {
  const { type, time, intuitentityid: id, intuitaccountid: realmId, data } = membersOf(json)
  const [, name, operation] = typeof type === 'string' ? type.split('.') : []
  return noticeOf({ realmId, name, id, operation, time, mergedId: membersOf(data).deletedid })
}

const OPERATIONS: Readonly<Record<string, WebhookOperation>> = {
  create: 'CREATED',
  created: 'CREATED',
  update: 'UPDATED',
  updated: 'UPDATED',
  emailed: 'UPDATED',
  delete: 'DELETED',
  deleted: 'DELETED',
  merge: 'MERGED',
  merged: 'MERGED',
  void: 'VOIDED',
  voided: 'VOIDED',
}

const LENGTH_MAX = 100

function noticeOf(
  told: Record<'realmId' | 'name' | 'id' | 'operation' | 'time' | 'mergedId', unknown>,
): WebhookNotice | null {
  const [realmId, name, id] = [textOf(told.realmId), textOf(told.name), textOf(told.id)]
  if (realmId === null || name === null || id === null) return null
  return {
    realmId,
    entityName: name,
    entity: kindNamed(name),
    quickBooksId: id,
    // A word that is not known yet still says that something changed.
    operation: OPERATIONS[(textOf(told.operation) ?? '').toLowerCase()] ?? 'UPDATED',
    mergedId: textOf(told.mergedId),
    occurredAt: instantOf(told.time),
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= LENGTH_MAX ? value : null
}
