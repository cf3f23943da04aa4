import { amountText, penniesOf } from './amounts.ts'
import { balanceOf } from './balances.ts'
import { type BookRecord, fieldsOf, fullNameOf, type ListName, textOf, textsOf } from './books.ts'
import type { Answered, Call } from './call.ts'
import { pageOf, spanOf } from './paging.ts'
import type { Fields } from './write-xml.ts'
import { ret } from './write-xml.ts'

interface ListQuery {
  list: ListName
  /** Only records of these kinds, when the list holds others too. */
  kinds?: string[]
}

/** Answers a query of a list: by ListID or FullName also what is inactive, by filters only what is active unless asked. */
export function queryList({ call, list, kinds }: { call: Call } & ListQuery): Answered {
  const { books, fields, only } = call
  const isWanted = (record: BookRecord) => kinds === undefined || kinds.includes(record.kind)
  const ids = textsOf(fields.ListID)
  const names = textsOf(fields.FullName)
  const write = (record: BookRecord) => ret({ kind: record.kind, fields: presented({ call, record }), only })
  if (ids.length + names.length > 0) {
    const found: BookRecord[] = []
    const missing: string[] = []
    for (const key of [...ids, ...names]) {
      const record = ids.length > 0 ? books.list(list).get(key) : books.byFullName(list).get(key.toLowerCase())[0]
      if (record && isWanted(record)) found.push(record)
      else missing.push(key)
    }
    return foundByKey({ found: found.map(write), missing })
  }
  return pageOf({
    call,
    write,
    find: () => [...books.list(list).all()].filter((record) => isWanted(record) && passes({ call, record })),
  })
}

/** An answer to a query by keys: what was found, and 500 when some of them lead nowhere. */
export function foundByKey({ found, missing }: { found: string[]; missing: string[] }): Answered {
  const attributes = { retCount: found.length }
  if (missing.length === 0) return { attributes, body: found.join('') }
  const message =
    'The query request has not been fully completed. ' +
    `There was a required element ("${missing.join(', ')}") that could not be found in QuickBooks.`
  return { statusCode: 500, message, attributes, body: found.join('') }
}

function passes({ call: { books, fields }, record }: { call: Call; record: BookRecord }): boolean {
  const status = fields.ActiveStatus ?? 'ActiveOnly'
  if (status !== 'All' && (record.IsActive === 'true') !== (status === 'ActiveOnly')) return false
  const span = spanOf({ from: fields.FromModifiedDate, to: fields.ToModifiedDate })
  if (!span(Number(record.modifiedSecond))) return false
  const types = textsOf(fields.AccountType)
  if (types.length > 0 && !types.includes(String(record.AccountType))) return false
  if (!matchesName({ name: fullNameOf(record).toLowerCase(), fields })) return false
  const balance = fieldsOf(fields.TotalBalanceFilter)
  if (!balance) return true
  const difference = balanceOf({ books, customerId: record.Id }) - penniesOf(textOf(balance.Amount))
  const operator = String(balance.Operator)
  if (difference === 0n) return operator.includes('Equal')
  return operator.startsWith(difference < 0n ? 'LessThan' : 'GreaterThan')
}

function matchesName({ name, fields }: { name: string; fields: Fields }): boolean {
  const filter = fieldsOf(fields.NameFilter)
  if (filter && !matches({ text: name, criterion: filter.MatchCriterion, wanted: textOf(filter.Name) ?? '' }))
    return false
  const range = fieldsOf(fields.NameRangeFilter)
  if (!range) return true
  const [from, to] = [textOf(range.FromName)?.toLowerCase(), textOf(range.ToName)?.toLowerCase()]
  return (!from || name >= from) && (!to || name <= to || name.startsWith(to))
}

/** StartsWith, Contains or EndsWith, whatever the case. */
export function matches({
  text,
  criterion,
  wanted,
}: {
  text: string
  criterion: Fields[string]
  wanted: string
}): boolean {
  const [within, part] = [text.toLowerCase(), wanted.toLowerCase()]
  if (criterion === 'StartsWith') return within.startsWith(part)
  return criterion === 'EndsWith' ? within.endsWith(part) : within.includes(part)
}

/** A customer's balance is counted when it is asked for. */
function presented({ call: { books, only }, record }: { call: Call; record: BookRecord }): Fields {
  if (record.kind !== 'CustomerRet') return record
  if (only.length > 0 && !only.some((name) => name.includes('Balance'))) return record
  const balance = amountText(balanceOf({ books, customerId: record.Id }))
  return { ...record, Balance: balance, TotalBalance: balance }
}
