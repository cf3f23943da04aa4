import { LineKind, LineMapping, MappingBasis, MappingTargetKind } from './account-mapping.ts'
import type { SalesDocument } from './document.ts'
import { type CompiledMappings, chooseFor, type LineFacts } from './mapping-choice.ts'
import type { Quantity } from './money.ts'

/** What QuickBooks has to tax documents with, and what it says of its customers. */
export interface Taxes {
  /** The tax that a customer has of its own in QuickBooks, by its name; null where it has none. */
  ofCustomer(document: SalesDocument): string | null
  /** The rate of a tax by its name, in percent; null where QuickBooks did not tell it. */
  rateOf(name: string): Quantity | null
  /** Whether a tax code says of a line only that it is taxed, or not: no document is taxed by it. */
  isOfLines(name: string): boolean
}

/** Where nobody asked QuickBooks about taxes: only the order and the rules speak. */
export const NO_TAXES: Taxes = { ofCustomer: () => null, rateOf: () => null, isOfLines: () => false }

/** Why a charge is booked with what no rule chose. */
export const NAMED_BY_CONNECTION = 'the connection names it for charges of this kind'

/**
 * By which tax a document is taxed, the first that speaks: a rule that looks at no place, the order itself, the customer's own
 * tax in QuickBooks, a rule for where it is shipped to, and what the connection names. Null when none does. Pure.
 */
export function chooseTax(
  document: SalesDocument,
  args: {
    rules: CompiledMappings
    facts: LineFacts
    /** What this kind of QuickBooks names a tax by, and what the connection names by default. */
    named: { targetKind: MappingTargetKind; target: string | null }
    /** What rules chose for the lines. */
    lines: LineMapping[]
    taxes: Taxes
  },
): LineMapping | null {
  const { rules, facts, named, taxes } = args
  const { targetKind, target } = named
  const byRule = (asked: LineFacts, byDefault: { target: string; why: string } | null = null) =>
    chooseFor(rules, { facts: asked, targetKind, date: document.date, byDefault })
  const anywhere = byRule({ ...facts, shipTo: [] })
  const ofCustomer = taxes.ofCustomer(document)
  const chosen =
    (anywhere && !taxes.isOfLines(anywhere.target) ? anywhere : null) ??
    ofTheLines(args) ??
    said(args, { name: document.taxName, basis: MappingBasis.ORDER, why: 'The order itself names it' }) ??
    said(args, {
      name: ofCustomer,
      basis: MappingBasis.CUSTOMER,
      why: 'It is the tax of the customer in QuickBooks',
    }) ??
    byRule(facts, target === null ? null : { target, why: NAMED_BY_CONNECTION })
  return chosen && Object.assign(chosen, { ratePercent: taxes.rateOf(chosen.target) })
}

/** QuickBooks takes one tax code for a whole document, so that what a rule gives a line is what it gives the document. */
function ofTheLines({ lines, named, facts, taxes }: Parameters<typeof chooseTax>[1]): LineMapping | null {
  if (named.targetKind !== MappingTargetKind.TAX_CODE) return null
  const isTax = ({ targetKind, target }: LineMapping) =>
    targetKind === MappingTargetKind.TAX_CODE && !taxes.isOfLines(target)
  const first = lines.find(isTax)
  if (!first) return null
  return Object.assign(new LineMapping(), first, {
    ...{ line: facts.line, lineKind: LineKind.TAX },
    why: `A rule gives it to line ${first.line}, and QuickBooks takes one tax code for a whole document.`,
  })
}

function said(
  { facts, named, rules }: Parameters<typeof chooseTax>[1],
  { name, basis, why }: { name: string | null | undefined; basis: MappingBasis; why: string },
): LineMapping | null {
  if (!name) return null
  const beats = rules.matching(facts, named.targetKind).map((rule) => rule.name)
  return Object.assign(new LineMapping(), {
    ...{ line: facts.line, lineKind: facts.kind, targetKind: named.targetKind, target: name, basis },
    ...{ ruleId: null, rule: null, version: null, beats },
    why: beats.length === 0 ? `${why}.` : `${why}, which comes before rules for where it is shipped to.`,
  })
}
