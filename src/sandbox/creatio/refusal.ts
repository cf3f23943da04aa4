import type { Fault } from '../faults.ts'

/** Creatio's no to a request, thrown where it is found and answered as error body (1) with its status. */
export class Refusal extends Error {
  readonly status: number
  readonly inner: string

  constructor({ status, message, inner = message }: { status: number; message: string; inner?: string }) {
    super(message)
    this.status = status
    this.inner = inner
  }
}

/** A fault that hits one part of a batch but ends the whole connection; what was written stays written. */
export class Broken extends Error {
  readonly fault: Fault

  constructor(fault: Fault) {
    super(`fault ${fault.kind}`)
    this.fault = fault
  }
}

/** Body (1), OData's own: the useful sentence is often only in the innermost message. */
export function odataErrorBody({ message, inner }: { message: string; inner: string }): unknown {
  return {
    error: {
      code: '',
      message,
      innererror: {
        message: inner,
        type: 'System.Exception',
        stacktrace: '',
        internalexception: { message: inner, type: 'Terrasoft.Common.DbOperationException', stacktrace: '' },
      },
    },
  }
}

/**
 * The answers that a fault puts in the place of the real one, or undefined for a fault that is no answer ('cut',
 * 'timeout', 'delay'). Kinds: the four error bodies met in the field, `odata-error`, `exception`, `no-http-resource` and
 * `html` (the message is the fault's `body` or `code`), and `status` and `body`, which are answered as they are given.
 */
export function spoiltAnswer({ fault, path }: { fault: Fault; path: string }): SpoiltAnswer | undefined {
  const message = fault.body ?? fault.code ?? 'An error has occurred.'
  const html = 'text/html; charset=utf-8'
  switch (fault.kind) {
    case 'status':
    case 'body':
      return answer({ fault, status: fault.kind === 'body' ? 200 : 500, body: fault.body ?? '', type: html })
    case 'odata-error':
      return answer({ fault, status: 500, body: odataErrorBody({ message, inner: message }) })
    case 'exception':
      return answer({
        fault,
        status: 500,
        body: {
          Message: 'An error has occurred.',
          ExceptionMessage: message,
          ExceptionType: 'System.InvalidOperationException',
          StackTrace: '   at Terrasoft.Core.Entities.Entity.Save()',
        },
      })
    case 'no-http-resource':
      return answer({ fault, status: 404, body: noHttpResource(path) })
    case 'html':
      return answer({
        fault,
        status: 500,
        body: `<!DOCTYPE html><html><head><title>Error</title></head><body><h1>${message}</h1></body></html>`,
        type: html,
      })
    default:
      return undefined
  }
}

/** A rule with a kind that nobody knows must not look like a success. */
export function unknownFault(fault: Fault): SpoiltAnswer {
  const message = `sandbox: no fault of kind ${fault.kind} is played here`
  return answer({ fault, status: 500, body: odataErrorBody({ message, inner: message }) })
}

/** Body (3): a set that is not there, or not yet there after a change of the schema. */
export function noHttpResource(path: string): { Message: string; MessageDetail: string } {
  return {
    Message: `No HTTP resource was found that matches the request URI '${path}'.`,
    MessageDetail: 'No route data was found for this request.',
  }
}

interface SpoiltAnswer {
  status: number
  headers: Record<string, string>
  body: unknown
}

function answer({
  fault,
  status,
  body,
  type = 'application/json; charset=utf-8',
}: {
  fault: Fault
  status: number
  body: unknown
  type?: string
}): SpoiltAnswer {
  return { status: fault.status ?? status, headers: { 'Content-Type': fault.contentType ?? type }, body }
}
