import type { ApolloServerPlugin } from '@apollo/server'
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases'
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth'
import { GraphQLError, type GraphQLSchema, Kind, type ValidationRule, visit } from 'graphql'
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
/** Fragments that spread fragments multiply: few enough spreads keep the worst that can be built of them harmless. */
const SPREADS_MAX = 30
/** A full page of 50 postings with all their fields and exchanges fits; 200 of them do not. */
const COST_MAX = 20_000

type Report = Parameters<typeof maxDepthRule>[0]

function telling(message: string): Report {
  return {
    propagateOnRejection: false,
    onReject: [(context) => context?.reportError(new ApiError('QUERY_TOO_LARGE', message))],
  }
}

const fewSpreads: ValidationRule = (context) => ({
  Document(document) {
    let spreads = 0
    visit(document, {
      [Kind.FRAGMENT_SPREAD]: () => {
        spreads += 1
      },
    })
    if (spreads <= SPREADS_MAX) return
    context.reportError(new GraphQLError(`The query spreads ${spreads} fragments and may spread ${SPREADS_MAX}.`))
  },
})

/** What can be seen of a query that is too large without its variables. Introspection, which the explorer needs, may go deeper. */
export const sizeRules: ValidationRule[] = [
  fewSpreads,
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
          const variables = request.variables ?? {}
          const operation = operationName === null ? {} : { operationName }
          const cost = costOf({ schema, query: document, variables, estimators, ...operation })
          if (cost <= COST_MAX) return
          throw new ApiError(
            'QUERY_TOO_LARGE',
            `The query costs ${cost} and may cost ${COST_MAX}: ask for fewer rows with "first", or for fewer fields.`,
          )
        },
      }
    },
  }
}

/** Variables that do not fit cost nothing: the execution refuses them, in better words. */
function costOf(options: Parameters<typeof getComplexity>[0]): number {
  try {
    return getComplexity(options)
  } catch (error) {
    if (error instanceof GraphQLError) return 0
    throw error
  }
}
