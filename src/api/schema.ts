// Who may ask for what: the resolvers of the admin API. Each is a permission, at most one transaction, and one call into
// storage or the road; a mutation leaves an audit entry whatever comes of it. What a type shows of its own columns stands
// on the class in domain/; what it shows beyond them stands here, loaded once for all rows of a page.
import 'reflect-metadata'
import type { ApolloServerOptionsWithSchema } from '@apollo/server'
import type { GraphQLSchema } from 'graphql'
import { buildSchema } from 'type-graphql'
import { checkRole } from './access.ts'
import { AccountMappingResolvers, PostingMappingFields } from './account-mappings.ts'
import { ActivityQueries } from './activity.ts'
import { AlertQueries } from './alerts.ts'
import { AuditQueries } from './audit.ts'
import { BulkOperationResolvers } from './bulk-operations.ts'
import { CommissionCaseResolvers } from './commission-cases.ts'
import { type Download, openCommissionDownload } from './commission-download.ts'
import { CommissionPlanResolvers } from './commission-plan.ts'
import { CommissionPeriodFields, CommissionReportQueries } from './commission-report.ts'
import { ConnectionMutations } from './connection-mutations.ts'
import { ConnectionQueries } from './connections.ts'
import { type ApiContext, contextOf, type RequestHeaders } from './context.ts'
import { CorrectionResolvers } from './corrections.ts'
import { CustomerAccountQueries } from './customer-account.ts'
import { DocumentNumberQueries } from './document-numbers.ts'
import { DryRunQueries } from './dry-run.ts'
import { type ErrorReport, errorFormatter } from './errors.ts'
import { ExchangeFields, ExchangeQueries } from './exchanges.ts'
import { ExplainQueries } from './explain.ts'
import { FunnelQueries } from './funnel.ts'
import { ItemMutations } from './items.ts'
import { JobQueries } from './jobs.ts'
import { KeyResolvers } from './keys.ts'
import { LedgerMetricResolvers } from './ledger-metrics.ts'
import { costLimit, sizeRules } from './limits.ts'
import { MirrorQueries } from './mirrors.ts'
import { MismatchMutations } from './mismatches.ts'
import { openMoveDownload } from './move-download.ts'
import { MoveResolvers } from './moves.ts'
import { PostingFields } from './posting-fields.ts'
import { PostingQueries } from './postings.ts'
import { ReconciliationResolvers } from './reconciliation.ts'
import { openReconciliationDownload } from './reconciliation-download.ts'
import { ResetResolvers } from './reset.ts'
import { RoadMutations } from './road-mutations.ts'
import type { ApiServices } from './services.ts'
import { ShadowResolvers } from './shadow.ts'
import { SignInQueries } from './sign-in-status.ts'
import { SyncRunQueries } from './sync-runs.ts'
import { DiscrepancyQueries, SyncResolvers, WebhookResolvers } from './syncs.ts'
import { StatusQueries } from './system-status.ts'
import { UnloggedOrderQueries, UnloggedOrderStatus } from './unlogged-orders.ts'
import { WebConnectorResolvers } from './web-connector.ts'

/** The schema of the admin API; the same text each time. */
export function buildApiSchema(): Promise<GraphQLSchema> {
  return buildSchema({
    resolvers: [
      StatusQueries,
      ConnectionQueries,
      ConnectionMutations,
      SignInQueries,
      PostingQueries,
      PostingFields,
      ExchangeQueries,
      ExchangeFields,
      ExplainQueries,
      RoadMutations,
      MismatchMutations,
      DocumentNumberQueries,
      DryRunQueries,
      ShadowResolvers,
      ItemMutations,
      CorrectionResolvers,
      SyncRunQueries,
      ActivityQueries,
      AlertQueries,
      AuditQueries,
      KeyResolvers,
      BulkOperationResolvers,
      JobQueries,
      UnloggedOrderQueries,
      UnloggedOrderStatus,
      CommissionReportQueries,
      CommissionPeriodFields,
      CommissionPlanResolvers,
      CommissionCaseResolvers,
      CustomerAccountQueries,
      LedgerMetricResolvers,
      MirrorQueries,
      SyncResolvers,
      WebhookResolvers,
      DiscrepancyQueries,
      WebConnectorResolvers,
      AccountMappingResolvers,
      PostingMappingFields,
      MoveResolvers,
      ResetResolvers,
      ReconciliationResolvers,
      FunnelQueries,
    ],
    authChecker: checkRole,
    scalarsMap: [],
    validate: false,
  })
}

/** All that a GraphQL server must be given to speak the admin API. */
export interface Api {
  server: Required<
    Pick<ApolloServerOptionsWithSchema<ApiContext>, 'schema' | 'validationRules' | 'plugins' | 'formatError'>
  >
  context: (headers: RequestHeaders) => Promise<ApiContext>
  /** A report as a file. Throws ApiError and InvalidRequest. */
  download: (args: { headers: RequestHeaders; query: Record<string, unknown> }) => Promise<Download>
  /** A reconciliation that was signed off, by the name of its file. Throws ApiError and InvalidRequest. */
  reconciliation: (args: { headers: RequestHeaders; file: string }) => Promise<Download>
  /** The proof of a move, by the name of its file. Throws ApiError and InvalidRequest. */
  move: (args: { headers: RequestHeaders; file: string }) => Promise<Download>
}

export async function openApi(args: { services: ApiServices; now: () => Date; report: ErrorReport }): Promise<Api> {
  const { services, now, report } = args
  const schema = await buildApiSchema()
  return {
    server: {
      schema,
      validationRules: sizeRules,
      plugins: [costLimit(schema)],
      formatError: errorFormatter(report),
    },
    context: (headers) => contextOf({ headers, services, now }),
    download: async ({ headers, query }) =>
      openCommissionDownload({ context: await contextOf({ headers, services, now }), query }),
    reconciliation: async ({ headers, file }) =>
      openReconciliationDownload({ context: await contextOf({ headers, services, now }), file }),
    move: async ({ headers, file }) => openMoveDownload({ context: await contextOf({ headers, services, now }), file }),
  }
}
