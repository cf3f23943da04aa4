/** QuickBooks' own codes of a line: the only two that a company of the United States may use there. */
export const taxable = 'TAX'
export const nonTaxable = 'NON'

/** Whether a tax code says of a line only that it is taxed, or not. */
export function isOfLines(taxCodeId: string): boolean {
  return taxCodeId === taxable || taxCodeId === nonTaxable
}
