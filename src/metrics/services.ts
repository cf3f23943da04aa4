/** What the API may set going in this room, by the names that it gives it. Each throws InvalidRequest. */
export interface MetricServices {
  /** Asks QuickBooks for the figures of so many months, the current one among them, as soon as it can be asked. */
  pullLedgerMetrics(request: { connectionId: string; months: number }): Promise<void>
  /** Counts all figures of a company anew from what QuickBooks has told. Gives how many changed. */
  recountLedgerMetrics(request: { connectionId: string }): Promise<number>
}
