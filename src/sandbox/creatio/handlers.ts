import { lookups, zeroGuid } from './lookups.ts'
import { type Change, entityNamed, type Records } from './records.ts'
import { Refusal } from './refusal.ts'

const actions = lookups.BGQuickBooksIntegrationAction

/**
 * The site's own reactions to a write: an order that is inserted or patched writes a Pending row into the QuickBooks log
 * (an update is how a write-back comes back as our own echo), and one entity's handler may be told to throw.
 */
export function installHandlers(records: Records): void {
  records.onChange((change) => {
    if (change.entity.name === 'Order') logOrder({ records, change })
  })
  records.onChange(({ entity }) => {
    if (records.switches.handlerThrowsAfterWrite !== entity.name) return
    const inner = `Error while executing event handlers of ${entity.name}`
    throw new Refusal({ status: 500, message: 'An error has occurred.', inner })
  })
}

function logOrder({ records, change: { kind, record } }: { records: Records; change: Change }): void {
  if (kind === 'delete') return
  if (kind === 'insert' && !records.switches.logOnOrderInsert) return
  if (kind === 'update' && !records.switches.echoOnOrderWrite) return
  const parent = records.table('BGQuickBooksIntegrationLog').all().next().value
  records.insert({
    entity: entityNamed('BGQuickBooksIntegrationLogDetail'),
    values: {
      BGName: String(record.Number ?? ''),
      BGTypeId: lookups.BGQuickBooksIntegrationType.CustomerOrder,
      BGActionId: kind === 'insert' ? actions.Insert : actions.Update,
      BGStatusId: lookups.BGQuickBooksIntegrationStatus.Pending,
      BGRecordId: record.Id,
      BGDate: String(record.ModifiedOn),
      BGQuickBooksIntegrationLogId: parent?.Id ?? zeroGuid,
    },
  })
  if (kind === 'insert') records.put({ entity: entityNamed('Order'), record: { ...record, BGHasQuickBooksLog: true } })
}
