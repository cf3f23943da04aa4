import { LineKind, type LineMapping, MappingTargetKind } from '../domain/account-mapping.ts'
import type { Connection } from '../domain/connection.ts'
import type { ItemDocument, MappedItem } from '../domain/document.ts'
import { LinkKind } from '../domain/link.ts'
import { type CompiledMappings, chooseFor, type LineFacts } from '../domain/mapping-choice.ts'
import { ZERO } from '../domain/money.ts'
import type { Posting } from '../domain/posting.ts'
import type { ReasonCode } from '../domain/reason.ts'
import { PostingState } from '../domain/transitions.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'
import type { Lane } from '../storage/lanes.ts'
import { saveLinks } from '../storage/links.ts'
import { ask } from './ask.ts'
import { businessDay } from './business-day.ts'
import { keepChoices } from './keep-choices.ts'
import { mappingRules } from './mapping-rules.ts'
import type { Road } from './road.ts'
import { type Aside, alone, type MappedPosting, type Step } from './step.ts'

interface Held {
  connection: Connection
  lane: Lane
  claimToken: string
}

/** What QuickBooks calls an account that sales may not be booked to. */
const USES = {
  COST_OF_GOODS: 'an account of costs of goods sold',
  EXPENSE: 'an expense account',
  OTHER: 'a balance account',
} as const

/**
 * Decides what an item's posting does: one that QuickBooks has by now is taken as it is, any other is created, booked to the
 * income account that an account mapping chooses. Names are looked for first, so that nothing is made twice.
 */
export async function mapItems(road: Road, args: Held & { postings: Posting[] }): Promise<Step<MappedPosting>> {
  const step: Step<MappedPosting> = { ready: [], aside: [] }
  const items = args.postings.flatMap((posting) =>
    posting.document?.kind === 'ITEM' ? [{ posting, document: posting.document }] : [],
  )
  if (items.length === 0) return step
  const rules = await mappingRules(road, args.connection)
  const date = businessDay(road)
  const chosen = new Map(items.map(({ posting, document }) => [posting.id, accountFor(document, { rules, date })]))
  const mappings = items.map(({ posting }) => ({ posting, choices: [chosen.get(posting.id) ?? []].flat() }))
  await keepChoices(road, { ...args, mappings })
  const accounts = [...new Set([...chosen.values()].flatMap((choice) => choice?.target ?? []))]
  const records = await ask(road, {
    ...args,
    questions: [
      { entity: LinkKind.ITEM, by: 'NAME', values: items.map(({ document }) => document.name) },
      { entity: LinkKind.ACCOUNT, by: 'NAME', values: accounts },
    ],
  })
  await linkAccounts(road, { ...args, accounts, records })
  for (const { posting, document } of items) {
    const choice = chosen.get(posting.id) ?? null
    const result = alone(posting, () => mapOne(posting, { ...args, document, choice, records }))
    if ('to' in result) step.aside.push(result)
    else step.ready.push({ posting, mapped: result })
  }
  return step
}

/** A product is booked as a line of it would be, as far as a product alone says: it has no order, and no customer group. */
function accountFor(
  { name, description, category }: ItemDocument,
  { rules, date }: { rules: CompiledMappings; date: string },
): LineMapping | null {
  const facts: LineFacts = {
    ...{
      line: null,
      kind: LineKind.ITEM,
      items: description === '' ? [name] : [name, description],
      category: category ?? null,
    },
    ...{ customerGroup: null, taxState: null, shipTo: [], account: null, amount: ZERO },
  }
  return chooseFor(rules, { facts, targetKind: MappingTargetKind.ACCOUNT, date, byDefault: null })
}

/** By these links what was sent is held against what was meant, when an answer was lost. */
async function linkAccounts(
  road: Road,
  { connection, accounts, records }: Held & { accounts: string[]; records: LedgerRecord[] },
): Promise<void> {
  const links = accounts.flatMap((name) => {
    const account = activeNamed(records, { entity: LinkKind.ACCOUNT, name })
    return account ? [{ kind: LinkKind.ACCOUNT, sourceId: name, quickBooksId: account.quickBooksId, name }] : []
  })
  await saveLinks(road.database, { connectionId: connection.id, links, now: road.now() })
}

function mapOne(
  posting: Posting,
  args: { connection: Connection; document: ItemDocument; choice: LineMapping | null; records: LedgerRecord[] },
): MappedItem | Aside {
  const { connection, document, choice, records } = args
  const { name } = document
  const failed = (code: ReasonCode, detail: { problem?: string } = {}): Aside => ({
    id: posting.id,
    to: PostingState.FAILED,
    reason: { code, detail: { item: name, ...detail } },
  })
  const unusable = (problem: string) => failed('ITEM_ACCOUNT_UNUSABLE', { problem })
  const there = activeNamed(records, { entity: LinkKind.ITEM, name })
  if (there) {
    const { quickBooksId } = there
    return { id: posting.id, to: PostingState.POSTED, posted: { quickBooksId, adopted: true } }
  }
  if (records.some((record) => isNamed(record, { entity: LinkKind.ITEM, name }))) return failed('ITEM_NAME_TAKEN')
  if (!connection.createItems) return failed('ITEM_CREATION_OFF')
  if (choice === null) return unusable('no account mapping chooses its income account')
  const said = `"${choice.target}", which the rule "${choice.rule}" (version ${choice.version}) chooses`
  const account = activeNamed(records, { entity: LinkKind.ACCOUNT, name: choice.target })
  if (!account) return unusable(`${said}, is no active account of QuickBooks`)
  const { accountUse } = account
  if (accountUse === undefined) return unusable(`${said}, is of a type that QuickBooks did not tell`)
  if (accountUse !== 'INCOME')
    return unusable(`${said}, is ${USES[accountUse]}, and sales are booked to an income account`)
  return { kind: 'ITEM', document, incomeAccountId: account.quickBooksId }
}

type Name = { entity: LinkKind; name: string }

function isNamed(record: LedgerRecord, { entity, name }: Name): boolean {
  return record.entity === entity && record.name?.toLowerCase() === name.toLowerCase()
}

function activeNamed(records: LedgerRecord[], wanted: Name): LedgerRecord | undefined {
  return records.find((record) => record.active && isNamed(record, wanted))
}
