import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Tokens, TokenVault } from '../../../src/ledgers/ledger.ts'

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
    current: 'refresh-0',
    /** Answers instead of refreshing, when set. */
    refusal: null as { status: number; json: unknown } | null,
    async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const form = new URLSearchParams(await bodyOf(request))
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
        },
      })
    },
  }
  return endpoint
}

/** A vault in memory: one renewal at a time, as storage keeps it. */
export function aVault(tokens: Tokens | null): TokenVault & { tokens: Tokens | null } {
  let last: Promise<unknown> = Promise.resolve()
  const vault = {
    tokens,
    read: async () => vault.tokens,
    renew(renew: (newest: Tokens) => Promise<Tokens>): Promise<Tokens> {
      const renewed = last.then(async () => {
        if (!vault.tokens) throw new Error('no tokens')
        vault.tokens = await renew(vault.tokens)
        return vault.tokens
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
  }
}
