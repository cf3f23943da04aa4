import quickBooksModule from 'node-quickbooks'
import type { RunningSandbox } from '../sandbox/spawn.ts'
import { SANDBOX_APP } from '../simulation/companies.ts'

// The package is CommonJS and exports its class alone, which its types do not say.
const QuickBooks = quickBooksModule as unknown as typeof quickBooksModule.QuickBooks
type Client = InstanceType<typeof QuickBooks>
type Told = (error: unknown, answer: { Id?: string }) => void

/** What a loop makes that writes one invoice after the other with npm `node-quickbooks`: invoices in a minute. */
export async function sequentialPerMinute(args: { sandbox: RunningSandbox; seconds: number }): Promise<number> {
  const client = clientOf(args.sandbox)
  await told((answer) => client.refreshAccessToken(answer as never))
  const [[customer], [item]] = await Promise.all([
    args.sandbox.fetchControl<{ Id: string }[]>('/records/qbo.Customer'),
    args.sandbox.fetchControl<{ Id: string }[]>('/records/qbo.Item'),
  ])
  if (!customer || !item) throw new Error('the sandbox has no customer or no item')
  const line = {
    Amount: 10,
    DetailType: 'SalesItemLineDetail',
    SalesItemLineDetail: { ItemRef: { value: item.Id }, Qty: 1, UnitPrice: 10 },
  }
  const began = Date.now()
  let made = 0
  while (Date.now() - began < args.seconds * 1000) {
    const invoice = { DocNumber: `LOOP-${made}`, CustomerRef: { value: customer.Id }, Line: [line] }
    await told((answer) => client.createInvoice(invoice as never, answer as never))
    made += 1
  }
  return (made * 60_000) / (Date.now() - began)
}

function clientOf({ quickBooksOnline, realmId }: RunningSandbox): Client {
  QuickBooks.V3_ENDPOINT_BASE_URL = `${quickBooksOnline}/v3/company/`
  QuickBooks.TOKEN_URL = `${quickBooksOnline}/oauth2/v1/tokens/bearer`
  const { clientId, clientSecret, refreshToken } = SANDBOX_APP
  return new QuickBooks(clientId, clientSecret, '', false, realmId, true, false, null, '2.0', refreshToken)
}

function told(call: (answer: Told) => void): Promise<unknown> {
  return new Promise((resolve, reject) => call((error, answer) => (error ? reject(error) : resolve(answer))))
}
