import 'reflect-metadata'
import { describe, expect, test } from '@jest/globals'
import { MetadataStorage } from '@mikro-orm/core'
import { isObjectType } from 'graphql'
import { buildApiSchema } from '../../src/api/schema.ts'
import { ENTITIES } from '../../src/storage/database.ts'

/**
 * The columns that the API never shows under their own name, table by table. A new column is shown, or it stands here:
 * this list is where somebody decides. A table that is left out shows nothing at all.
 */
const PRIVATE: Record<string, string[]> = {
  Alert: ['connectionId', 'detail', 'seenAt'],
  ApiKey: ['hash'],
  AuditEntry: ['connectionIds'],
  BulkOperation: ['attempts', 'authorKeyId', 'claimToken', 'connectionIds', 'cursor', 'fingerprint', 'leaseUntil'],
  CommissionAdjustment: [],
  CommissionDispute: [],
  CommissionDisputeNote: ['connectionId', 'disputeId', 'id'],
  CommissionPeriod: [],
  CommissionRate: ['scopeKey'],
  CommissionSplit: ['scopeKey'],
  InvoiceStanding: ['attempts', 'revision', 'sourceId', 'tellAt'],
  Connection: [
    'laneEpoch',
    'laneLeaseUntil',
    'laneOwner',
    'refundAccountName',
    'salesTaxItemName',
    'shippingItemName',
    'stateReasonCode',
    'stateReasonDetail',
    'taxRoundingItemName',
  ],
  Correction: ['contentHash', 'updatedAt'],
  Delivery: ['bodyHash', 'connectionId', 'createdAt', 'laneEpoch', 'response'],
  Exchange: ['connectionId', 'deliveryId', 'idempotencyKey', 'position'],
  LedgerMetric: ['connectionId'],
  Posting: [
    'absences',
    'acceptedComparison',
    'adopts',
    'blockedById',
    'claimEpoch',
    'claimToken',
    'connectionId',
    'contentHash',
    'document',
    'numberSuffix',
    'quickBooksId',
    'reasonCode',
    'reasonDetail',
    'revision',
    'updatedAt',
    'writeBackAt',
    'writeBackAttempts',
  ],
  ResetPlan: ['gatheredAt', 'progress', 'selection', 'syncOperationId'],
  ResetPlanRow: [
    'connectionId',
    'createdOn',
    'document',
    'likely',
    'planId',
    'postingId',
    'reasonCode',
    'reasonDetail',
    'settledAt',
    'sourceId',
    'workedOnAt',
    'world',
  ],
  SyncRun: [],
  TokenRefresh: ['connectionId'],
}
/** Whatever table it stands in. */
const NEVER = /hash|sealed|token|secret|password|claim|lease/i
/** Names that only speak of secrets, and the password that is shown the one time that it is made, as the text of a key is. */
const MAY = new Set(['Query.tokenStatus', 'Mutation.refreshToken', 'WebConnectorFile.password', 'ResetPlan.hash'])

const schema = await buildApiSchema()
const metadata = Object.values(MetadataStorage.getMetadata()).filter((one) =>
  ENTITIES.some((entity) => entity === one.class),
)

const shownOf = (name: string): string[] => {
  const type = schema.getType(name)
  return isObjectType(type) ? Object.keys(type.getFields()) : []
}

describe('the schema shows no private column', () => {
  test.each(
    metadata.filter(({ className }) => shownOf(className).length > 0).map((one) => [one.className, one] as const),
  )('of %s: each of its columns is shown, or named as private', (name, { properties }) => {
    const hidden = Object.keys(properties).filter((column) => !shownOf(name).includes(column))
    expect(hidden.sort()).toEqual(PRIVATE[name] ?? hidden.sort())
  })

  test('of a table that shows nothing: it is no type of the schema', () => {
    for (const name of [
      'AlertNotice',
      'ConnectionToken',
      'SealingKey',
      'SignInAttempt',
      'BulkOperationItem',
      'LogRow',
      'Cursor',
      'WebConnectorUser',
      'WebConnectorSession',
    ])
      expect(schema.getType(name)).toBeUndefined()
  })

  test('under any other name: nothing in it sounds like a secret', () => {
    const fields = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
      .flatMap((type) => shownOf(type.name).map((field) => `${type.name}.${field}`))
    expect(fields.filter((field) => NEVER.test(field.split('.')[1] ?? '') && !MAY.has(field))).toEqual([])
  })
})
