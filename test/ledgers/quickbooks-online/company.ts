import { LinkKind } from '../../../src/domain/link.ts'
import type { Ledger, LookUp } from '../../../src/ledgers/ledger.ts'
import { openQuickBooksOnline, type QuickBooksOnlineOptions } from '../../../src/ledgers/quickbooks-online/ledger.ts'
import { type CompanyRecords, stored } from '../../contract/documents.ts'
import { type RunningSandbox, type SandboxOptions, startSandbox } from '../../sandbox/spawn.ts'
import { aVault } from './intuit.ts'

/** A ledger that speaks over HTTP to a company of the sandbox, and the records that the company has already. */
export async function playedCompany({
  sandbox: sandboxOptions = {},
  options = {},
}: {
  sandbox?: SandboxOptions
  options?: Partial<QuickBooksOnlineOptions>
} = {}): Promise<{ ledger: Ledger; sandbox: RunningSandbox; records: CompanyRecords }> {
  const sandbox = await startSandbox(sandboxOptions)
  const [grant] = await sandbox.fetchControl<{ realmId: string }[]>('/records/qbo.Grant')
  const url = sandbox.quickBooksOnline
  const ledger = openQuickBooksOnline({
    realmId: grant!.realmId,
    apiUrl: url,
    oauth: {
      clientId: 'sandbox-qbo-client',
      clientSecret: 'sandbox-qbo-secret',
      tokenUrl: `${url}/oauth2/v1/tokens/bearer`,
      authorizeUrl: `${url}/connect/oauth2`,
      revokeUrl: `${url}/v2/oauth2/tokens/revoke`,
      redirectUri: 'http://127.0.0.1/callback',
    },
    // The access token is past its life, so that the first request has to renew it.
    vault: aVault({
      accessToken: 'expired',
      refreshToken: 'sandbox-refresh-token',
      accessTokenExpiresAt: new Date(0),
      refreshTokenExpiresAt: new Date(Date.now() + 86_400_000),
      refreshTokenHardExpiresAt: null,
    }),
    now: () => new Date(),
    random: () => 0,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    ...options,
  })
  return { ledger, sandbox, records: await recordsOf({ ledger, sandbox }) }
}

/** Finds by name what the empty company of the sandbox starts with. */
async function recordsOf({ ledger, sandbox }: { ledger: Ledger; sandbox: RunningSandbox }): Promise<CompanyRecords> {
  const [customer] = await sandbox.fetchControl<{ DisplayName: string }[]>('/records/qbo.Customer')
  const [item, other] = await sandbox.fetchControl<{ Name: string }[]>('/records/qbo.Item')
  const idsOf = (entity: LinkKind, values: string[]) =>
    find({ ledger, lookUp: { kind: 'LOOK_UP', entity, by: 'NAME', values } })
  const [customerId] = await idsOf(LinkKind.CUSTOMER, [customer!.DisplayName])
  const [itemId, otherItemId] = await idsOf(LinkKind.ITEM, [item!.Name, other!.Name])
  const [discountAccountId] = await idsOf(LinkKind.ACCOUNT, ['Discount'])
  const [refundAccountId] = await idsOf(LinkKind.ACCOUNT, ['Undeposited Funds'])
  return {
    customerId: customerId!,
    itemIds: [itemId!, otherItemId!],
    charges: { DISCOUNT: { id: discountAccountId! }, REFUND: { id: refundAccountId! } },
  }
}

async function find({ ledger, lookUp }: { ledger: Ledger; lookUp: LookUp }): Promise<string[]> {
  const envelope = ledger.pack(stored([{ request: ledger.encode(lookUp), key: 'find' }]))[0]!
  const done = await ledger.pace.turn(envelope)
  const answer = await ledger.send(envelope).finally(done)
  const { outcome } = [...ledger.decode(envelope.exchanges, answer).values()][0]!
  if (outcome.kind !== 'found') throw new Error(JSON.stringify({ outcome, answer }))
  return outcome.records.map(({ quickBooksId }) => quickBooksId)
}
