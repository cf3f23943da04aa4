import { isChosen, LineKind, type LineMapping, MappingTargetKind } from '../domain/account-mapping.ts'
import type { ChargeRole, SalesDocument } from '../domain/document.ts'
import { LinkKind } from '../domain/link.ts'
import { type CompiledMappings, chooseFor, factsOf, type LineFacts } from '../domain/mapping-choice.ts'
import { type Quantity, ZERO } from '../domain/money.ts'
import { chooseTax, NAMED_BY_CONNECTION, type Taxes } from '../domain/tax-choice.ts'
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
  /** The rate of the tax that was chosen, in percent, as far as it is known. */
  taxRatePercent?: Quantity
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

const TARGETS: Partial<Record<LinkKind, MappingTargetKind>> = {
  [LinkKind.ACCOUNT]: MappingTargetKind.ACCOUNT,
  [LinkKind.TAX_CODE]: MappingTargetKind.TAX_CODE,
}

/** What a ledger books a charge with, if it wants it named; without a target, what is chosen alone. */
export function chargeOf(
  needs: Need[],
  kind: LineKind,
): { targetKind: MappingTargetKind; target: string | null } | null {
  const need = kind === LineKind.ITEM ? undefined : needs.find(({ role }) => role === ROLES[kind])
  if (!need) return null
  if ('charge' in need) return { targetKind: MappingTargetKind.ITEM, target: need.charge.id }
  const targetKind = TARGETS['choice' in need ? need.choice : need.entity] ?? MappingTargetKind.ITEM
  return { targetKind, target: 'choice' in need ? null : need.name }
}

/** The lines of a document as rules see them, and the charges that this kind of QuickBooks books by a name. */
export function bookedFacts(document: SalesDocument, needs: Need[]): LineFacts[] {
  const facts = factsOf(document)
  const tax = facts.find(({ kind }) => kind === LineKind.TAX)
  const rounding = tax && chargeOf(needs, LineKind.ROUNDING) ? [{ ...tax, kind: LineKind.ROUNDING, amount: ZERO }] : []
  return [...facts, ...rounding]
}

interface Choosing {
  rules: CompiledMappings
  needs: Need[]
  taxes: Taxes
}

/** What is chosen for each line and charge of a document, by a rule or by default, and why. Pure. */
export function chooseForDocument(document: SalesDocument, choosing: Choosing): LineMapping[] {
  const itemOf = new Map(document.lines.map(({ position, item }) => [position, item.name]))
  const chosen: LineMapping[] = []
  for (const facts of bookedFacts(document, choosing.needs)) {
    const choose = (targetKind: MappingTargetKind, byDefault: { target: string; why: string } | null = null) =>
      chooseFor(choosing.rules, { facts, targetKind, date: document.date, byDefault }) ?? []
    if (facts.kind !== LineKind.ITEM) {
      const booked = chooseCharge(document, { ...choosing, facts, lines: chosen })
      chosen.push(...[booked ?? [], choose(MappingTargetKind.METRIC)].flat())
      continue
    }
    const target = itemOf.get(facts.line ?? 0) ?? ''
    const line = [
      choose(MappingTargetKind.ITEM, { target, why: 'the item of its product code' }),
      choose(MappingTargetKind.ACCOUNT),
      choose(MappingTargetKind.TAX_CODE),
      choose(MappingTargetKind.METRIC),
    ]
    chosen.push(...line.flat())
  }
  return chosen
}

function chooseCharge(
  document: SalesDocument,
  { rules, needs, taxes, facts, lines }: Choosing & { facts: LineFacts; lines: LineMapping[] },
): LineMapping | null {
  const charge = chargeOf(needs, facts.kind)
  if (!charge) return null
  if (facts.kind === LineKind.TAX) return chooseTax(document, { rules, facts, named: charge, lines, taxes })
  const { targetKind, target } = charge
  const byDefault = target === null ? null : { target, why: NAMED_BY_CONNECTION }
  return chooseFor(rules, { facts, targetKind, date: document.date, byDefault })
}

/** Puts what was chosen, now or when it was sent, in the place of what the document and the connection name themselves. Pure. */
export function planSale(
  document: SalesDocument,
  { choices, needs }: { choices: LineMapping[]; needs: Needs },
): SalePlan {
  const won = choices.filter((choice) => isChosen(choice) && choice.targetKind !== MappingTargetKind.METRIC)
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
  const taxRatePercent = byLine.get(null)?.find(({ lineKind }) => lineKind === LineKind.TAX)?.ratePercent
  return {
    lines,
    needs: wanted,
    named: [...ofLines, ...named, ...(terms === null ? [] : [{ entity: LinkKind.TERM, name: terms, chosen: null }])],
    ...(taxRatePercent ? { taxRatePercent } : {}),
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
  return (choices ?? []).filter(isChosen).map(({ target }) => target)
}

/** What of the choices reaches QuickBooks, in a text: equal texts, equal bookings. */
export function bookingKey(choices: LineMapping[] | null): string {
  return (choices ?? [])
    .filter((choice) => isChosen(choice) && choice.targetKind !== MappingTargetKind.METRIC)
    .map(({ line, lineKind, targetKind, target }) => JSON.stringify([line, lineKind, targetKind, target]))
    .join()
}
