import { LineKind, type LineMapping, MappingTargetKind } from '../domain/account-mapping.ts'
import type { ChargeRole, SalesDocument } from '../domain/document.ts'
import { LinkKind } from '../domain/link.ts'
import { type CompiledMappings, chooseFor, factsOf, type LineFacts } from '../domain/mapping-choice.ts'
import { ZERO } from '../domain/money.ts'
import type { ChosenCharges, Ledger, Need } from '../ledgers/ledger.ts'

/** A record of QuickBooks that a document names, and that is to be found by its name. */
export interface NamedReference {
  entity: LinkKind
  name: string
  /** The line and the rule that chose it; null where the connection, or the document itself, names it. */
  chosen: LineMapping | null
}

/** What a document names in QuickBooks, besides its customer and the items of its products. */
export interface SalePlan {
  /** By the index of the line; empty where nothing was chosen. */
  lines: { item?: NamedReference; account?: NamedReference; taxCode?: NamedReference }[]
  needs: Need[]
  named: NamedReference[]
}

type Needs = Ledger['needs']

const ROLES = {
  [LineKind.DISCOUNT]: 'DISCOUNT',
  [LineKind.SHIPPING]: 'SHIPPING',
  [LineKind.TAX]: 'SALES_TAX',
  [LineKind.ROUNDING]: 'TAX_ROUNDING',
} as const satisfies Partial<Record<LineKind, ChargeRole>>

const LINKS = {
  [MappingTargetKind.ACCOUNT]: LinkKind.ACCOUNT,
  [MappingTargetKind.ITEM]: LinkKind.ITEM,
  [MappingTargetKind.TAX_CODE]: LinkKind.TAX_CODE,
} as const

/** What a ledger books a charge with, if it wants it named. */
export function chargeOf(needs: Need[], kind: LineKind): { targetKind: MappingTargetKind; target: string } | null {
  const need = kind === LineKind.ITEM ? undefined : needs.find(({ role }) => role === ROLES[kind])
  if (!need) return null
  if ('charge' in need) return { targetKind: MappingTargetKind.ITEM, target: need.charge.id }
  const targetKind = need.entity === LinkKind.ACCOUNT ? MappingTargetKind.ACCOUNT : MappingTargetKind.ITEM
  return { targetKind, target: need.name }
}

/** The lines of a document as rules see them, and the charges that this kind of QuickBooks books by a name. */
export function bookedFacts(document: SalesDocument, needs: Need[]): LineFacts[] {
  const facts = factsOf(document)
  const tax = facts.find(({ kind }) => kind === LineKind.TAX)
  const rounding = tax && chargeOf(needs, LineKind.ROUNDING) ? [{ ...tax, kind: LineKind.ROUNDING, amount: ZERO }] : []
  return [...facts, ...rounding]
}

/** What is chosen for each line and charge of a document, by a rule or by default, and why. Pure. */
export function chooseForDocument(
  document: SalesDocument,
  { rules, needs }: { rules: CompiledMappings; needs: Need[] },
): LineMapping[] {
  const itemOf = new Map(document.lines.map(({ position, item }) => [position, item.name]))
  return bookedFacts(document, needs).flatMap((facts) => {
    const choose = (targetKind: MappingTargetKind, byDefault: { target: string; why: string } | null = null) =>
      chooseFor(rules, { facts, targetKind, date: document.date, byDefault }) ?? []
    if (facts.kind !== LineKind.ITEM) {
      const charge = chargeOf(needs, facts.kind)
      const why = 'the connection names it for charges of this kind'
      const booked = charge ? choose(charge.targetKind, { target: charge.target, why }) : []
      return [booked, choose(MappingTargetKind.METRIC)].flat()
    }
    const target = itemOf.get(facts.line ?? 0) ?? ''
    return [
      choose(MappingTargetKind.ITEM, { target, why: 'the item of its product code' }),
      choose(MappingTargetKind.ACCOUNT),
      choose(MappingTargetKind.TAX_CODE),
      choose(MappingTargetKind.METRIC),
    ].flat()
  })
}

/** Puts what was chosen, now or when it was sent, in the place of what the document and the connection name themselves. Pure. */
export function planSale(
  document: SalesDocument,
  { choices, needs }: { choices: LineMapping[]; needs: Needs },
): SalePlan {
  const won = choices.filter(({ ruleId, targetKind }) => ruleId !== null && targetKind !== MappingTargetKind.METRIC)
  const byLine = Map.groupBy(won, ({ line }) => line)
  const lines = document.lines.map(({ position }) => {
    const chosen = (targetKind: keyof typeof LINKS) => {
      const choice = byLine.get(position)?.find((one) => one.targetKind === targetKind)
      return choice ? { entity: LINKS[targetKind], name: choice.target, chosen: choice } : null
    }
    const item = chosen(MappingTargetKind.ITEM)
    const account = chosen(MappingTargetKind.ACCOUNT)
    const taxCode = chosen(MappingTargetKind.TAX_CODE)
    return { ...(item && { item }), ...(account && { account }), ...(taxCode && { taxCode }) }
  })
  const charges: ChosenCharges = {}
  for (const { lineKind, targetKind, target } of byLine.get(null) ?? []) {
    if (lineKind !== LineKind.ITEM && targetKind !== MappingTargetKind.METRIC)
      charges[ROLES[lineKind]] = { ...charges[ROLES[lineKind]], [LINKS[targetKind]]: target }
  }
  const wanted = needs(document, charges)
  const chosenFor = (need: Need) =>
    byLine.get(null)?.find(({ lineKind }) => lineKind !== LineKind.ITEM && ROLES[lineKind] === need.role)
  const named = wanted.flatMap((need): NamedReference[] => {
    if (!('name' in need)) return []
    const choice = chosenFor(need)
    return [{ entity: need.entity, name: need.name, chosen: choice?.target === need.name ? choice : null }]
  })
  const ofLines = lines.flatMap(({ item, account, taxCode }) => [item ?? [], account ?? [], taxCode ?? []].flat())
  const terms = termsOf(document)
  return {
    lines,
    needs: wanted,
    named: [...ofLines, ...named, ...(terms === null ? [] : [{ entity: LinkKind.TERM, name: terms, chosen: null }])],
  }
}

export function termsOf(document: SalesDocument): string | null {
  return document.kind === 'INVOICE' && document.terms ? document.terms : null
}

/** The name of the item that a rule chose for a line; null where none did. */
export function chosenItem(choices: LineMapping[] | null, position: number): string | null {
  const isItem = ({ ruleId, targetKind, line }: LineMapping) =>
    ruleId !== null && targetKind === MappingTargetKind.ITEM && line === position
  return choices?.find(isItem)?.target ?? null
}

/** Names of what was chosen for a posting: what its links are known by. */
export function chosenNames(choices: LineMapping[] | null): string[] {
  return (choices ?? []).filter(({ ruleId }) => ruleId !== null).map(({ target }) => target)
}

/** What of the choices reaches QuickBooks, in a text: equal texts, equal bookings. */
export function bookingKey(choices: LineMapping[] | null): string {
  return (choices ?? [])
    .filter(({ ruleId, targetKind }) => ruleId !== null && targetKind !== MappingTargetKind.METRIC)
    .map(({ line, lineKind, targetKind, target }) => JSON.stringify([line, lineKind, targetKind, target]))
    .join()
}
