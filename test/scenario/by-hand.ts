import type { Story } from './road.ts'

/** Somebody works in QuickBooks Online by hand: changes, voids, deletes or adds a record. Gives the record. */
export async function byHand(args: {
  story: Story
  /** None: it is a new one. */
  id?: string
  entity?: 'invoice' | 'payment'
  operation?: 'void' | 'delete'
  body?: object
}): Promise<Record<string, unknown>> {
  const { story, id, entity = 'invoice', operation, body = {} } = args
  const { quickBooksOnline, realmId } = story.sandbox
  await story.pass(2)
  const url = new URL(`/v3/company/${realmId}/${entity}`, quickBooksOnline)
  if (operation) url.searchParams.set('operation', operation)
  if (!id) url.searchParams.set('include', 'allowduplicatedocnum')
  const table = entity === 'invoice' ? 'qbo.Invoice' : 'qbo.Payment'
  const known = id ? (await story.books.records(table)).find((one) => one.Id === id) : undefined
  const identity = id ? { Id: id, SyncToken: known?.SyncToken, sparse: true } : {}
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await tokenOf(story)}`,
      accept: 'application/json',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ ...identity, ...body }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return Object.values(JSON.parse(text) as Record<string, Record<string, unknown>>)[0] ?? {}
}

async function tokenOf({ sandbox }: Story): Promise<string> {
  const response = await fetch(`${sandbox.quickBooksOnline}/oauth2/v1/tokens/bearer`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from('sandbox-qbo-client:sandbox-qbo-secret').toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=refresh_token&refresh_token=sandbox-refresh-token',
  })
  return ((await response.json()) as { access_token: string }).access_token
}
