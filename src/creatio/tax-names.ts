import type { CrmOrder, CrmOrderLine } from './crm-order.ts'

/** The taxes that an order names, each once: its own, else those of its taxed lines; none where it is not taxed. */
export function taxNamesOf(
  { taxed, taxName }: Pick<CrmOrder, 'taxed' | 'taxName'>,
  lines: Pick<CrmOrderLine, 'taxable' | 'taxName'>[],
): string[] {
  if (!taxed) return []
  if (taxName) return [taxName]
  return [...new Set(lines.flatMap((line) => (line.taxable ? (line.taxName ?? []) : [])))]
}
