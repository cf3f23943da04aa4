import type { CrmLogRow, CrmOrder } from '../creatio/creatio.ts'
import type { ExplanationCheck } from '../domain/explanation.ts'
import { isZero } from '../domain/money.ts'
import { reasonOf } from '../domain/reason.ts'
import { PostingState } from '../domain/transitions.ts'
import { crmCheck, lookAlikes, no, ok, saidBy, unknown, waits } from './explain-check.ts'
import type { OrderFacts } from './explain-facts.ts'
import { mappingChecks } from './explain-mapping.ts'
import { postingChecks } from './explain-posting.ts'
import { refusalOf } from './validate.ts'

/** Every check about an order, in the order of its road. What nobody can know without the order is left out. */
export function orderChecks(facts: OrderFacts): ExplanationCheck[] {
  const { order } = facts
  return [
    crmCheck(facts.crmTrouble),
    existsCheck(facts),
    ...(order || facts.rows.length > 0 ? [rowsCheck(facts), eligibleCheck(facts)] : []),
    ...(order ? [documentCheck(facts), customerCheck(facts), itemsCheck(facts)] : []),
    ...accountCheck(facts),
    ...mappingChecks(facts),
    ...(order || facts.posting ? [...postingChecks(facts), idCheck(facts)] : []),
    ...(order ? [crmKnowsCheck(facts, order)] : []),
  ]
}

function existsCheck({ order, search, number, crmTrouble, posting }: OrderFacts): ExplanationCheck {
  const question = 'Does the order exist?'
  if (order) {
    const invoice = order.invoiceNumber ? `, invoice ${order.invoiceNumber}` : ''
    const others = search.found.filter(({ id }) => id !== order.id).map(({ name }) => name)
    const also = others.length > 0 ? ` ${others.join(', ')} bears it too.` : ''
    return ok(question, {
      answer: `Yes: order ${order.number ?? '(without a number)'}${invoice}, in status ${order.status?.name ?? 'unknown'}.${also}`,
    })
  }
  if (crmTrouble) return unknown(question, { answer: 'The CRM could not be asked.' })
  const gone = posting ? ' It was there: it has a posting.' : ''
  return no(question, {
    answer: `The CRM has no order ${number}.${gone}${lookAlikes(search.near.map(({ name }) => name))}`,
    remedy: posting ? null : 'Look its number up in the CRM.',
  })
}

function rowsCheck({ rows, seenRows, posting, crmTrouble, profileStatuses }: OrderFacts): ExplanationCheck {
  const question = 'Has it log rows?'
  if (crmTrouble) return unknown(question, { answer: 'The CRM could not be asked.' })
  if (rows.length === 0) {
    if (posting) return ok(question, { answer: 'None, and it needs none: it has a posting.' })
    return no(question, {
      answer: 'None: nothing in the CRM asks for it to be posted.',
      remedy: 'Post it with "Sync now" (syncOrder), or let the CRM write a log row for it.',
    })
  }
  const told = rows.map((row, index) => `(${index + 1}) ${rowText(row)}${decided(row, seenRows)}`).join('; ')
  const strange = rows.filter(({ status, type, action }) => status === null || type === null || action === null)
  const answer = `${rows.length === 1 ? 'One' : rows.length}: ${told}.`
  if (strange.length === 0) return ok(question, { answer })
  return no(question, {
    answer: `${answer} The profile does not know ${strange.map(strangeValue).join(', ')}; it knows the statuses ${profileStatuses.join(', ')}.`,
    remedy: 'Add the value to the profile (CREATIO_PROFILE), or correct the row, then set it to Re-Process.',
  })
}

function rowText({ type, rawType, action, rawAction, status, rawStatus, message, createdOn }: CrmLogRow): string {
  const said = message === '' ? '' : `, saying "${message}"`
  const what = `${action ?? `action ${rawAction || 'empty'}`} of ${type ?? `type ${rawType || 'empty'}`}`
  return `${what}, ${status ?? `status ${rawStatus || 'empty'}`}, written ${createdOn.slice(0, 16).replace('T', ' ')}${said}`
}

function decided({ id }: CrmLogRow, seenRows: OrderFacts['seenRows']): string {
  const reason = seenRows.get(id)?.reasonCode
  return reason ? `, decided: ${reasonOf(reason, seenRows.get(id)?.reasonDetail ?? {}).sentence}` : ''
}

function strangeValue({ status, rawStatus, type, rawType, action, rawAction }: CrmLogRow): string {
  if (status === null) return `the status ${rawStatus || '(empty)'}`
  if (type === null) return `the type ${rawType || '(empty)'}`
  return action === null ? `the action ${rawAction || '(empty)'}` : ''
}

/** Why rows of other types, or of orders that are gone, become no invoice; null when one asks for an invoice. */
export function rowsRefusal({ rows, order }: Pick<OrderFacts, 'rows' | 'order'>): ReturnType<typeof saidBy> | null {
  if (rows.length === 0 || (order && rows.some(({ type }) => type === 'CUSTOMER_ORDER' || type === null))) return null
  const [row] = rows
  if (row?.type === 'COMMISSION') return saidBy('COMMISSION_ROW', {})
  if (row?.type === 'FACTORY_ORDER') return saidBy('TYPE_NOT_OURS', { type: 'FactoryOrder' })
  if (row?.type === 'INVENTORY_ADJUSTMENT') return saidBy('TYPE_NOT_OURS', { type: 'InventoryAdjustment' })
  if (order) return null
  const deleted = rows.some(({ action }) => action === 'DELETE')
  return deleted ? saidBy('NOTHING_TO_DELETE', {}) : saidBy('ORDER_NOT_FOUND', {})
}

function eligibleCheck(facts: OrderFacts): ExplanationCheck {
  const question = 'Is it a sale that is invoiced?'
  const refusal = rowsRefusal(facts)
  if (refusal) return no(question, refusal)
  const { reading, posting, rows } = facts
  if (reading === null) return unknown(question, { answer: 'Only the CRM could say.' })
  if (reading.kind === 'not-eligible') return no(question, saidBy(reading.reason, reading.detail))
  if (rows.some(({ action, status }) => action === 'DELETE' && status !== 'PROCESSED')) {
    const detail = { documentNumber: posting?.documentNumber ?? null }
    return no(question, saidBy(posting?.quickBooksId ? 'DELETED_AFTER_POSTING' : 'NOTHING_TO_DELETE', detail))
  }
  return ok(question, { answer: 'Yes: it is not cancelled, and has lines with quantities.' })
}

function documentCheck({ reading, connection, limits }: OrderFacts): ExplanationCheck {
  const question = 'Can its invoice be made?'
  if (reading === null || reading.kind === 'not-eligible') return unknown(question, { answer: 'It is not asked for.' })
  if (reading.kind === 'invalid') return no(question, saidBy(reading.reason, reading.detail))
  const { document } = reading
  const refused = connection && limits ? refusalOf(document, { rules: { connection, limits } }) : null
  if (refused) return no(question, saidBy(refused.code, refused.detail))
  const lines = `${document.lines.length} ${document.lines.length === 1 ? 'line' : 'lines'}`
  return ok(question, {
    answer: `Yes: invoice ${document.number} of ${document.date}, ${lines}, ${document.total} ${document.currency}.`,
  })
}

function customerCheck({ order, customerId, customerPosting }: OrderFacts): ExplanationCheck {
  const question = 'Does QuickBooks know its customer?'
  const account = order?.account
  if (!account) return no(question, saidBy('CUSTOMER_NOT_FOUND', { orderNumber: order?.number ?? null }))
  const named = `"${account.quickBooksName ?? account.name ?? ''}"`
  if (customerId) return ok(question, { answer: `Yes: ${named} is QuickBooks customer ${customerId}.` })
  if (customerPosting?.state === PostingState.FAILED || customerPosting?.state === PostingState.MISMATCHED) {
    const reason = customerPosting.reason
    return no(question, {
      answer: `No: the posting that creates ${named} is ${customerPosting.state}. ${reason?.sentence ?? ''}`.trim(),
      remedy: reason?.remedy ?? null,
    })
  }
  if (customerPosting)
    return waits(question, { answer: `Not yet: ${named} is being created (${customerPosting.state}).` })
  return unknown(question, {
    answer: `Nobody has asked yet: when the order is posted, ${named} is found by its name, or created.`,
  })
}

function itemsCheck({ order, linkedItems, connection }: OrderFacts): ExplanationCheck {
  const question = 'Does QuickBooks know its items?'
  const products = new Map(
    (order?.lines ?? []).flatMap(({ product }) => (product ? [[product.id, product.code] as const] : [])),
  )
  const unlinked = [...products]
    .filter(([id]) => !linkedItems.has(id))
    .map(([, code]) => `"${code ?? 'without a code'}"`)
  if (products.size === 0) return unknown(question, { answer: 'It has none.' })
  if (unlinked.length === 0) return ok(question, { answer: `Yes, all ${products.size}.` })
  return unknown(question, {
    answer: `Nobody has found ${unlinked.join(', ')} there yet: items are found by their code when the order is posted${connection?.createItems ? ', or created' : ''}.`,
  })
}

/** Only for an order with a discount. */
function accountCheck({ reading, connection, discountAccountLinked }: OrderFacts): ExplanationCheck[] {
  if (reading?.kind !== 'document' || isZero(reading.document.discount) || !connection) return []
  const question = 'Is there an account for its discount?'
  const named = `"${connection.discountAccountName}"`
  return discountAccountLinked
    ? [ok(question, { answer: `Yes: ${named}.` })]
    : [
        unknown(question, {
          answer: `Nobody has found the account ${named} in QuickBooks yet; \`countersign doctor\` asks.`,
        }),
      ]
}

function idCheck({ order, posting }: OrderFacts): ExplanationCheck {
  const question = 'Has it a QuickBooks id?'
  if (posting?.quickBooksId) return ok(question, { answer: `Yes: ${posting.quickBooksId}.` })
  if (posting?.state === PostingState.MISMATCHED && posting.reasonDetail?.quickBooksId) {
    return no(question, { answer: `None that it may take: the record ${posting.reasonDetail.quickBooksId} differs.` })
  }
  if (order?.quickBooksId) {
    return unknown(question, { answer: `The CRM says ${order.quickBooksId}; Countersign has never seen that record.` })
  }
  return no(question, { answer: 'No.' })
}

function crmKnowsCheck({ posting, rows }: OrderFacts, order: CrmOrder): ExplanationCheck {
  const question = 'Does the CRM know?'
  const claimed = rows.filter(({ status, type }) => status === 'PROCESSED' && type === 'CUSTOMER_ORDER').length
  if (!posting?.quickBooksId) {
    if (claimed === 0 || order.quickBooksId) return unknown(question, { answer: 'There is nothing to know yet.' })
    return no(question, {
      answer: 'Its log row says Processed, and the CRM holds no QuickBooks id: nothing proves it.',
      remedy: 'Set the row to Re-Process: it is posted, or adopted if QuickBooks has it already.',
    })
  }
  if (order.quickBooksId !== posting.quickBooksId) {
    const theirs = order.quickBooksId ? `the id ${order.quickBooksId}` : 'no id'
    const answer = `The order in the CRM has ${theirs} instead of ${posting.quickBooksId}.`
    return posting.state === PostingState.POSTED
      ? waits(question, { answer: `${answer} It is being told.` })
      : no(question, { answer, remedy: `Set the order's QuickBooks id back to ${posting.quickBooksId}.` })
  }
  return posting.writtenBackAt
    ? ok(question, { answer: `Yes: its order has the id, and ${claimed} of ${rows.length} log rows say Processed.` })
    : waits(question, { answer: 'Its order has the id; its log rows are told next.' })
}
