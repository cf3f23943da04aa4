import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Renewal, Tokens, TokenVault } from '../../../src/ledgers/quickbooks-online/vault.ts'

/** A server on loopback that answers as the test says. */
export async function listen(answer: RequestListener): Promise<{ url: string; close: () => Promise<void> }> {
  const server: Server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

export function reply(response: ServerResponse, { status, json }: { status: number; json: unknown }): void {
  response.writeHead(status, { 'content-type': 'application/json', intuit_tid: 'tid-7' }).end(JSON.stringify(json))
}

/** A token endpoint as strict as Intuit's may be: each refresh token serves once, and the old one is dead at once. */
export function aTokenEndpoint({ lifeSeconds = 3600 } = {}) {
  const endpoint = {
    refreshes: 0,
    /** Requests, answered in whichever way. */
    asked: 0,
    current: 'refresh-0',
    /** Answers instead of refreshing, when set. */
    refusal: null as { status: number; json: unknown } | null,
    async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const form = new URLSearchParams(await bodyOf(request))
      endpoint.asked += 1
      if (endpoint.refusal) return reply(response, endpoint.refusal)
      const isCode = form.get('grant_type') === 'authorization_code' && form.get('code') === 'code-1'
      if (!isCode && form.get('refresh_token') !== endpoint.current) {
        return reply(response, { status: 400, json: { error: 'invalid_grant', error_description: 'Incorrect token' } })
      }
      endpoint.refreshes += 1
      endpoint.current = `refresh-${endpoint.refreshes}`
      reply(response, {
        status: 200,
        json: {
          token_type: 'bearer',
          access_token: `access-${endpoint.refreshes}`,
          refresh_token: endpoint.current,
          expires_in: lifeSeconds,
          x_refresh_token_expires_in: 8_726_400,
          ...(request.headers['x-include-refresh-token-hard-expires-in'] === 'true'
            ? { x_refresh_token_hard_expires_in: 157_680_000 }
            : {}),
        },
      })
    },
  }
  return endpoint
}

/** A vault in memory: one renewal at a time, as storage keeps it. */
export function aVault(tokens: Tokens | null): TokenVault & { tokens: Tokens | null; refusal: string | null } {
  let last: Promise<unknown> = Promise.resolve()
  let refreshedAt = new Date(0)
  const vault = {
    tokens,
    refusal: null as string | null,
    read: async () => (vault.tokens ? { tokens: vault.tokens, refreshedAt, refusal: vault.refusal } : null),
    renew({ cause, isNeeded, ask }: Parameters<TokenVault['renew']>[0]): Promise<Renewal> {
      const renewed = last.then(async (): Promise<Renewal> => {
        const kept = await vault.read()
        if (!kept) throw new Error('no tokens')
        if (kept.refusal !== null && cause !== 'PERSON') {
          return { kind: 'refused', reason: 'RECONNECT', detail: kept.refusal }
        }
        if (!isNeeded(kept)) return { kind: 'unneeded', tokens: kept.tokens }
        const renewal = await ask(kept.tokens)
        if (renewal.kind === 'renewed') {
          vault.tokens = renewal.tokens
          vault.refusal = null
          refreshedAt = new Date(refreshedAt.getTime() + 1)
        }
        if (renewal.kind === 'refused' && renewal.reason === 'RECONNECT') vault.refusal = renewal.detail
        return renewal
      })
      last = renewed.catch(() => undefined)
      return renewed
    },
  }
  return vault
}

export function someTokens({ expiresAt }: { expiresAt: Date }): Tokens {
  return {
    accessToken: 'access-0',
    refreshToken: 'refresh-0',
    accessTokenExpiresAt: expiresAt,
    refreshTokenExpiresAt: new Date(expiresAt.getTime() + 8_726_400_000),
    refreshTokenHardExpiresAt: null,
  }
}
