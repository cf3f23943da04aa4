import { odataErrorBody, Refusal } from './refusal.ts'

/** An answer before it is on the wire: a part of a batch is one too. A string body goes out as it is, all else as JSON. */
export interface Answer {
  status: number
  headers?: Record<string, string | string[]>
  body?: unknown
}

export const odataHeaders = {
  'Content-Type': 'application/json; odata.metadata=minimal; odata.streaming=true; charset=utf-8',
  'OData-Version': '4.0',
}

/** The answer for something thrown: a refusal is Creatio's own no, all else is a defect of the sandbox and says so. */
export function answerOf(error: unknown): Answer {
  if (error instanceof Refusal) {
    return {
      status: error.status,
      headers: odataHeaders,
      body: odataErrorBody({ message: error.message, inner: error.inner }),
    }
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { status: 500, headers: odataHeaders, body: odataErrorBody({ message: 'sandbox defect', inner: message }) }
}

export function bodyText(answer: Answer): string {
  if (answer.body === undefined) return ''
  return typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
}
