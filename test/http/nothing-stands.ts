/** What is told of a database in which nothing is. */
export const NOTHING_STANDS = {
  postingsByState: [],
  webhooks: { pending: 0, lagSeconds: 0 },
  signIns: [],
  moneyAtRisk: [],
}
