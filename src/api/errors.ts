import { unwrapResolverError } from '@apollo/server/errors'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { v4 as uuidv4 } from 'uuid'
import { InvalidRequest } from '../storage/pages.ts'
import { CrmUnavailable, NoSuchOrder } from '../sync/order.ts'

type ErrorCode = 'UNAUTHENTICATED' | 'FORBIDDEN' | 'BAD_USER_INPUT' | 'NOT_FOUND' | 'QUERY_TOO_LARGE' | 'UNAVAILABLE'

/** Where the whole request fails, HTTP says so too; a refused field leaves the rest of the answer as it is. */
const HTTP_STATUS: Partial<Record<ErrorCode, number>> = { UNAUTHENTICATED: 401, QUERY_TOO_LARGE: 400 }

/** An error that is meant for the caller: a code for programs, and a sentence that says what to do. */
export class ApiError extends GraphQLError {
  constructor(code: ErrorCode, message: string) {
    const status = HTTP_STATUS[code]
    super(message, { extensions: { code, ...(status === undefined ? {} : { http: { status } }) } })
  }
}

/** An error that was not foreseen, under the reference by which the caller may ask for it. */
export type ErrorReport = (args: { error: unknown; reference: string }) => void

/**
 * What leaves the house of an error. Those meant for the caller, and those of GraphQL itself, leave as they are; of
 * anything else only a reference leaves, and the log has the rest.
 */
export function errorFormatter(report: ErrorReport) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const cause = unwrapResolverError(error)
    const place = {
      ...(formatted.locations ? { locations: formatted.locations } : {}),
      ...(formatted.path ? { path: formatted.path } : {}),
    }
    const told = (code: string, message: string) => ({ message, ...place, extensions: { code } })
    if (cause instanceof InvalidRequest) return told('BAD_USER_INPUT', cause.message)
    if (cause instanceof CrmUnavailable) return told('UNAVAILABLE', `${cause.message} Try again when it answers.`)
    if (cause instanceof NoSuchOrder) return told('NOT_FOUND', `${cause.message} Look its number up in the CRM.`)
    const code = formatted.extensions?.code
    if (typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR') return told(code, formatted.message)
    const reference = uuidv4()
    report({ error: cause, reference })
    return told(
      'INTERNAL',
      `Something went wrong inside Countersign. Its log says more under the reference ${reference}.`,
    )
  }
}
