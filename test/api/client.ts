import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'

/** What came back over HTTP. */
export interface Reply<Result> {
  status: number
  data: Result | null
  errors: { message: string; path?: (string | number)[]; extensions: { code: string } }[]
}

/** Asks the admin API the way a program would: one POST, typed by its document. */
export async function ask<Result, Variables>(args: {
  url: string
  document: TypedDocumentNode<Result, Variables>
  variables: Variables
  headers: Record<string, string>
}): Promise<Reply<Result>> {
  const { url, document, variables, headers } = args
  return askText<Result>({ url, body: { query: print(document), variables }, headers })
}

/** Asks in words that no document types. */
export async function askText<Result>(args: {
  url: string
  body: unknown
  headers: Record<string, string>
}): Promise<Reply<Result>> {
  const response = await fetch(`${args.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...args.headers },
    body: JSON.stringify(args.body),
    signal: AbortSignal.timeout(20_000),
  })
  const { data = null, errors = [] } = (await response.json()) as Partial<Reply<Result>>
  return { status: response.status, data, errors }
}
