import type { ApolloServerPlugin } from '@apollo/server'
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases'
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth'
import { GraphQLError, type GraphQLSchema, type ValidationRule } from 'graphql'
import {
  type ComplexityEstimator,
  fieldExtensionsEstimator,
  getComplexity,
  simpleEstimator,
} from 'graphql-query-complexity/cjs'
import type { ApiContext } from './context.ts'
import { ApiError } from './errors.ts'

const DEPTH_MAX = 12
const ALIASES_MAX = 50
/** A full page of 50 postings with all their fields and exchanges fits; 200 of them do not. */
const COST_MAX = 20_000

type Report = Parameters<typeof maxDepthRule>[0]

function telling(message: string): Report {
  return {
    propagateOnRejection: false,
    onReject: [
      (context) => context?.reportError(new GraphQLError(message, { extensions: { code: 'QUERY_TOO_LARGE' } })),
    ],
  }
}

/** What can be seen of a query that is too large without its variables. Introspection, which the explorer needs, may go deeper. */
export const sizeRules: ValidationRule[] = [
  maxDepthRule({
    ...telling(`The query is deeper than ${DEPTH_MAX} levels: ask for less of it at once.`),
    n: DEPTH_MAX,
  }),
  maxAliasesRule({
    ...telling(`The query has more than ${ALIASES_MAX} aliases: use several queries.`),
    n: ALIASES_MAX,
  }),
]

const pages: ComplexityEstimator = ({ args, childComplexity }) =>
  typeof args.first === 'number' ? 1 + args.first * childComplexity : undefined

/** Refuses an operation that asks for more fields, over all rows of its pages, than one request may. */
export function costLimit(schema: GraphQLSchema): ApolloServerPlugin<ApiContext> {
  const estimators = [fieldExtensionsEstimator(), pages, simpleEstimator({ defaultComplexity: 1 })]
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, request, operationName }) {
          const cost = getComplexity({
            schema,
            query: document,
            variables: request.variables ?? {},
            estimators,
            ...(operationName === null ? {} : { operationName }),
          })
          if (cost <= COST_MAX) return
          throw new ApiError(
            'BAD_USER_INPUT',
            `The query costs ${cost} and may cost ${COST_MAX}: ask for fewer rows with "first", or for fewer fields.`,
          )
        },
      }
    },
  }
}
