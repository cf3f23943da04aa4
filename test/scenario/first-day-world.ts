/** The orders of the first day: some of each kind, as after the incident. */
export const counts = {
  falselyProcessed: 4,
  processed: 3,
  stuckAbsent: 3,
  stuckInQuickBooks: 2,
  timedOutAbsent: 2,
  pending: 20,
  adoptable: 4,
  mismatched: 2,
  discounted: 1,
  unknownCustomer: 1,
  cancelled: 2,
  empty: 2,
  zeroQuantity: 2,
  severalRows: 3,
  deleteRows: 5,
  factoryRows: 2,
  inventoryRows: 1,
  commissionRows: 1,
  withoutLogRow: 2,
}

export const posted = counts.pending + counts.severalRows + counts.stuckAbsent
export const adopted = counts.adoptable + counts.stuckInQuickBooks
