import type { ApolloServerOptionsWithSchema, BaseContext } from '@apollo/server'
import type { OpenDownload } from './reports.ts'

/** What the admin API brings along: the options of its GraphQL server, and how a request becomes its context. */
export interface ServedApi<Context extends BaseContext> {
  server: Required<
    Pick<ApolloServerOptionsWithSchema<Context>, 'schema' | 'validationRules' | 'plugins' | 'formatError'>
  >
  context(headers: Record<string, string | string[] | undefined>): Promise<Context>
  /** Opens /reports/commission. */
  download?: OpenDownload
  /** Opens /reports/reconciliation/<file>. */
  reconciliation?: OpenFile
  /** Opens /reports/move/<file>. */
  move?: OpenFile
}

type OpenFile = (args: {
  headers: Record<string, string | string[] | undefined>
  file: string
}) => ReturnType<OpenDownload>
