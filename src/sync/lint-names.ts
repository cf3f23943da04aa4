import { type AccountMapping, LineKind, MappingTargetKind } from '../domain/account-mapping.ts'
import type { Connection } from '../domain/connection.ts'
import type { ChargeRole, SalesDocument } from '../domain/document.ts'
import { LinkKind } from '../domain/link.ts'
import { LintCode, LintSeverity, lintOf, type MappingLint } from '../domain/mapping-lint.ts'
import type { AccountUse, Ledger } from '../ledgers/ledger.ts'
import { type FoundNames, type LookedUp, type WantedName, wantedKey } from './lint-look-up.ts'
import { chargeOf } from './sale-plan.ts'

const EXAMPLES_MAX = 5

/** A name that rules choose, or that the connection itself books charges with. */
export interface UsedName extends WantedName {
  /** Null: the connection names it. */
  mapping: AccountMapping | null
  /** What it is used for. */
  kind: LineKind | null
  /** The orders to come that need it. */
  orders: string[]
  optional: boolean
}

const KINDS: Partial<Record<ChargeRole, LineKind>> = {
  DISCOUNT: LineKind.DISCOUNT,
  SHIPPING: LineKind.SHIPPING,
  SALES_TAX: LineKind.TAX,
  TAX_ROUNDING: LineKind.ROUNDING,
}

const LINKS: Partial<Record<MappingTargetKind, LinkKind>> = {
  [MappingTargetKind.ACCOUNT]: LinkKind.ACCOUNT,
  [MappingTargetKind.ITEM]: LinkKind.ITEM,
  [MappingTargetKind.TAX_CODE]: LinkKind.TAX_CODE,
}

/** Every name that postings of this connection need, or may need: of charges, and of the rules that hold. */
export function usedNames({
  mappings,
  ledger,
  documents,
}: {
  mappings: AccountMapping[]
  ledger: Pick<Ledger, 'needs'>
  documents: SalesDocument[]
}): UsedName[] {
  const own = new Map<string, UsedName>()
  for (const document of [SAMPLE, ...documents]) {
    for (const need of ledger.needs(document)) {
      if (!('name' in need)) continue
      const { entity, name, role, optional = false } = need
      const key = `${role} ${wantedKey({ entity, name })}`
      const used = own.get(key) ?? { entity, name, mapping: null, kind: KINDS[role] ?? null, orders: [], optional }
      if (document !== SAMPLE) used.orders.push(document.orderNumber)
      own.set(key, used)
    }
  }
  const chosen = mappings.flatMap((mapping): UsedName[] => {
    const entity = LINKS[mapping.targetKind]
    const { target: name, lineKind: kind } = mapping
    return entity === undefined ? [] : [{ entity, name, mapping, kind, orders: [], optional: false }]
  })
  return [...own.values(), ...chosen]
}

/** A document that has every charge: what a kind of QuickBooks wants named is asked of it. */
const SAMPLE: SalesDocument = {
  kind: 'INVOICE',
  sourceId: '',
  orderNumber: '',
  number: '',
  customer: { kind: 'CUSTOMER', sourceId: '', name: '' },
  date: '2000-01-01',
  currency: '',
  lines: [
    {
      position: 1,
      item: { sourceId: '', name: '' },
      ...{ description: '', quantity: '1', unitPrice: '1', amount: '1.00' },
      ...{ discountPercent: '10', discountAmount: '0.10', taxable: true },
    },
  ],
  ...{ discount: '0.10', shipping: '1.00', tax: '1.00', total: '2.90' },
}

/** What is missing, inactive, or an account of a type that does not fit. */
export function nameLints(used: UsedName[], { found }: FoundNames): MappingLint[] {
  return used.flatMap((one) => {
    const looked = found.get(wantedKey(one))
    if (!looked || (looked.state === 'MISSING' && one.optional)) return []
    return looked.state === 'ACTIVE' ? typeLint(one, looked.record?.accountUse) : [absentLint(one, looked)]
  })
}

const WORDS: Partial<Record<LinkKind, string>> = {
  [LinkKind.ACCOUNT]: 'account',
  [LinkKind.ITEM]: 'item',
  [LinkKind.TAX_CODE]: 'tax code',
}

const CHARGES: Record<LineKind, string> = {
  [LineKind.ITEM]: 'lines',
  [LineKind.DISCOUNT]: 'discounts',
  [LineKind.SHIPPING]: 'shipping charges',
  [LineKind.TAX]: 'taxes',
  [LineKind.ROUNDING]: 'the cents of taxes',
}

function absentLint({ entity, name, mapping, kind, orders }: UsedName, { state }: LookedUp): MappingLint {
  const what = WORDS[entity] ?? 'record'
  const who = mapping
    ? `which the rule "${mapping.name}" chooses`
    : `with which ${kind ? CHARGES[kind] : 'documents'} are booked`
  const isInactive = state === 'INACTIVE'
  const lacks = isInactive
    ? `The ${what} "${name}" is inactive in QuickBooks`
    : `QuickBooks has no active ${what} named "${name}"`
  const mend = isInactive ? 'Make it active in QuickBooks' : `Create the ${what} "${name}" in QuickBooks`
  const codeOfOwn = entity === LinkKind.ACCOUNT ? 'ACCOUNT_NOT_FOUND' : 'ITEM_NOT_FOUND'
  const waiting =
    orders.length > 0
      ? ` ${orders.length === 1 ? 'One order that waits needs' : `${orders.length} orders that wait need`} it.`
      : ''
  return lintOf({
    code: isInactive ? LintCode.NAME_INACTIVE : LintCode.NAME_MISSING,
    subject: name,
    sentence: `${lacks}, ${who}.${waiting}`,
    remedy: `${mend}${mapping ? ', or change the rule' : ''}; what failed because of it goes again with fixAndRetry.`,
    mappingId: mapping?.id ?? null,
    examples: orders.slice(0, EXAMPLES_MAX),
    count: orders.length,
    reasonCode: mapping ? 'MAPPING_TARGET_MISSING' : codeOfOwn,
  })
}

const FITTING: Record<LineKind, readonly AccountUse[]> = {
  [LineKind.ITEM]: ['INCOME'],
  [LineKind.SHIPPING]: ['INCOME', 'EXPENSE', 'COST_OF_GOODS'],
  [LineKind.DISCOUNT]: ['INCOME', 'EXPENSE', 'COST_OF_GOODS'],
  [LineKind.TAX]: ['OTHER'],
  [LineKind.ROUNDING]: ['INCOME', 'EXPENSE', 'COST_OF_GOODS', 'OTHER'],
}

export const USES: Record<AccountUse, string> = {
  INCOME: 'an income account',
  COST_OF_GOODS: 'an account of costs of goods sold',
  EXPENSE: 'an expense account',
  OTHER: 'a balance account',
}

function typeLint({ name, mapping, kind }: UsedName, use: AccountUse | undefined): MappingLint[] {
  const fitting = FITTING[kind ?? LineKind.ITEM]
  if (use === undefined || fitting.includes(use)) return []
  const what = (kind ?? LineKind.ITEM).toLowerCase()
  const who = mapping ? `the rule "${mapping.name}" books` : 'the connection books'
  return [
    lintOf({
      code: LintCode.ACCOUNT_TYPE_WRONG,
      subject: name,
      sentence: `"${name}" is ${USES[use]}, and ${who} ${what} lines to it.`,
      remedy: `Choose ${USES[fitting[0] ?? 'INCOME']}, or correct the type of "${name}" in QuickBooks.`,
      mappingId: mapping?.id ?? null,
    }),
  ]
}

/** Rules that this kind of QuickBooks books otherwise: their choice goes nowhere. */
export function effectLints(
  mappings: AccountMapping[],
  { ledger, connection }: { ledger: Pick<Ledger, 'needs' | 'booksLinesToAccounts'>; connection: Connection },
): MappingLint[] {
  const needs = ledger.needs(SAMPLE)
  // A new item is booked to the account that a rule chooses.
  const isBooked = ledger.booksLinesToAccounts || connection.createItems
  return mappings.flatMap((mapping) => {
    const { lineKind, targetKind, name } = mapping
    if (!isBooked && isForLines(mapping) && targetKind === MappingTargetKind.ACCOUNT) return [lineAccountLint(mapping)]
    if (lineKind === null || lineKind === LineKind.ITEM || targetKind === MappingTargetKind.METRIC) return []
    const charge = chargeOf(needs, lineKind)
    if (charge?.targetKind === targetKind) return []
    const fitting =
      charge && { ACCOUNT: 'an account', ITEM: 'an item', TAX_CODE: 'a tax code', METRIC: '' }[charge.targetKind]
    const instead = fitting ? `with ${fitting}` : 'by itself'
    return [
      lintOf({
        code: LintCode.NO_EFFECT,
        severity: LintSeverity.WARNING,
        subject: name,
        sentence: `The rule "${name}" chooses the ${targetKind.toLowerCase().replace('_', ' ')} of ${lineKind.toLowerCase()} lines, which this kind of QuickBooks books ${instead}.`,
        remedy: fitting ? `Choose ${fitting} instead, or delete the rule.` : 'Delete the rule.',
        mappingId: mapping.id,
      }),
    ]
  })
}

/** Charges have neither an item nor a category. */
function isForLines({ lineKind, item, category }: AccountMapping): boolean {
  return lineKind === LineKind.ITEM || (lineKind === null && (item !== null || category !== null))
}

function lineAccountLint({ id, name, target }: AccountMapping): MappingLint {
  return lintOf({
    code: LintCode.NO_EFFECT,
    subject: name,
    sentence: `The rule "${name}" chooses the account "${target}" of lines, which this kind of QuickBooks books to the account of their item.`,
    remedy: `Choose an item instead (target kind ITEM), one whose income account is "${target}", or delete the rule.`,
    mappingId: id,
  })
}

/** Where items may be created, something must choose the account that they are booked to. */
export function itemLints(mappings: AccountMapping[], { createItems, name }: Connection): MappingLint[] {
  const chooses = ({ targetKind, lineKind }: AccountMapping) =>
    targetKind === MappingTargetKind.ACCOUNT && (lineKind === null || lineKind === LineKind.ITEM)
  if (!createItems || mappings.some(chooses)) return []
  return [
    lintOf({
      code: LintCode.ITEM_ACCOUNT_UNCHOSEN,
      subject: name,
      sentence: `"${name}" may create items, and no rule chooses the income account that they would be booked to.`,
      remedy: 'Write a rule that chooses it (target kind ACCOUNT), or take the permission back (setItemCreation).',
      reasonCode: 'ITEM_ACCOUNT_UNUSABLE',
    }),
  ]
}
