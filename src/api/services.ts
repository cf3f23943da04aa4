import type { CommissionServices } from '../commission/services.ts'
import type { Author } from '../domain/access.ts'
import type { AccountMapping, LineMapping } from '../domain/account-mapping.ts'
import type { AskedBulkState, BulkOperation } from '../domain/bulk-operation.ts'
import type { Connection } from '../domain/connection.ts'
import type { Correction } from '../domain/correction.ts'
import type { Discrepancy, DiscrepancyResolution } from '../domain/discrepancy.ts'
import type { DryRunPage } from '../domain/dry-run.ts'
import type { Explanation, RecordKind } from '../domain/explanation.ts'
import type { ItemPull } from '../domain/item-pull.ts'
import type { ConnectionMode, CorrectionApproval, CorrectionMethod, Environment, Role } from '../domain/kinds.ts'
import type { MappingInput } from '../domain/mapping-input.ts'
import type { MappingLint } from '../domain/mapping-lint.ts'
import type { AccountMappingPreview } from '../domain/mapping-preview.ts'
import type { MirrorEntity } from '../domain/mirror.ts'
import type { DocumentNumbers } from '../domain/number-sequence.ts'
import type { Posting } from '../domain/posting.ts'
import type { Reconciliation } from '../domain/reconciliation.ts'
import type { ResetPlan } from '../domain/reset-plan.ts'
import type { SyncMode } from '../domain/sync-cursor.ts'
import type { SyncRun } from '../domain/sync-run.ts'
import type { VerifiedOrder } from '../domain/verified-order.ts'
import type { WebhookEvent } from '../domain/webhook-event.ts'
import type { MetricServices } from '../metrics/services.ts'
import type { Database } from '../storage/database.ts'
import type { PostingSelection } from '../storage/posting-pages.ts'
import type { CorrectionPlan } from '../sync/correction-plan.ts'
import type { OrderRequest } from '../sync/dry-run-orders.ts'
import type { MoveRequest } from '../sync/move.ts'
import type { PreviewRequest } from '../sync/preview-account-mapping.ts'
import type { ResetRequest } from '../sync/reset.ts'
import type { Retried } from '../sync/retry.ts'
import type { Tested } from '../sync/tend-connection.ts'
import type { Job } from './job.ts'

/** Who asks: what the audit trail shows of a key, and its role. */
export interface Caller extends Author {
  role: Role
}

/** What the resolvers call. The road's own functions, handed in by app.ts. */
export interface ApiServices extends CommissionServices, MetricServices {
  database: Database
  poll(): Promise<SyncRun>
  /** Throws NoSuchOrder. */
  syncOrder(number: string): Promise<Posting>
  retryPostings(ids: string[]): Promise<Retried>
  /** Throws InvalidRequest. */
  pullItems(request: { connectionId: string }): Promise<ItemPull>
  /** Throws InvalidRequest. */
  documentNumbers(request: { connectionId: string; from: string | null }): Promise<DocumentNumbers>
  /** Throws InvalidRequest and CrmUnavailable. */
  dryRun(request: OrderRequest): Promise<DryRunPage>
  /** Throws InvalidRequest. */
  acceptMismatch(request: { id: string; note: string; author: Author }): Promise<Posting>
  /** Throw InvalidRequest. */
  applyCorrection(request: { id: string; method: CorrectionMethod | null; author: string }): Promise<Correction>
  dismissCorrection(request: { id: string; note: string; author: string }): Promise<Correction>
  /** What applying it would write; null when its invoice is gone. */
  correctionPlan(request: { correction: Correction; method: CorrectionMethod }): Promise<CorrectionPlan | null>
  /** Throws InvalidRequest. */
  setCorrectionPolicy(request: {
    connectionId: string
    method: CorrectionMethod
    approval: CorrectionApproval
  }): Promise<Connection>
  /** Throws InvalidRequest. */
  setItemCreation(request: { connectionId: string; allowed: boolean }): Promise<Connection>
  /** Throws InvalidRequest. */
  setConnectionMode(request: { connectionId: string; mode: ConnectionMode }): Promise<Connection>
  /** Throws InvalidRequest. */
  syncCustomer(accountId: string): Promise<Posting>
  /** Gives the operation that was begun, or the author's same one that still runs. Throws InvalidRequest. */
  retryFailedPostings(request: { selection: PostingSelection; author: Author }): Promise<BulkOperation>
  /** Null when there is no such operation, or it is in no state from which it may go there. */
  changeBulkOperation(request: { id: string; to: AskedBulkState }): Promise<BulkOperation | null>
  /** Throws WrongEnvironment. */
  connectQuickBooksOnline(request: {
    environment: Environment
    connectionId: string | null
    author: Author
  }): Promise<{ url: string; expiresAt: Date }>
  testConnection(request: { id: string }): Promise<Tested>
  refreshToken(request: { id: string }): Promise<Connection>
  pauseConnection(request: { id: string; author: Author }): Promise<Connection>
  resumeConnection(request: { id: string; author: Author }): Promise<Connection>
  disconnect(request: { id: string; author: Author }): Promise<Connection>
  /** Gives the operation that was begun, or the author's same one that still runs. Throws InvalidRequest. */
  syncNow(request: {
    connectionId: string
    entity: MirrorEntity
    mode: SyncMode
    author: Author
  }): Promise<BulkOperation>
  /** Null when there is no such event, or it is about nothing that is mirrored. */
  replayWebhookEvent(id: string): Promise<WebhookEvent | null>
  /** Throws InvalidRequest. */
  planReset(request: { request: ResetRequest; author: Author }): Promise<ResetPlan>
  /** Throws InvalidRequest. */
  applyReset(request: { planId: string; planHash: string; author: Author }): Promise<BulkOperation>
  /** Throws InvalidRequest. */
  adoptCandidate(request: { rowId: string; quickBooksId: string; note: string; author: Author }): Promise<Posting>
  /** Throw InvalidRequest. */
  planMove(request: { request: MoveRequest; author: Author }): Promise<ResetPlan>
  applyMove(request: { planId: string; planHash: string; author: Author }): Promise<BulkOperation>
  /** Throw InvalidRequest. */
  createAccountMapping(request: { input: MappingInput; author: Author }): Promise<AccountMapping>
  updateAccountMapping(request: { id: string; input: MappingInput; author: Author }): Promise<AccountMapping>
  /** False when there is none that could be ended. */
  deleteAccountMapping(request: { id: string; from: string; author: Author }): Promise<boolean>
  /** Reads what the given database shows. Throws InvalidRequest. */
  previewAccountMapping(request: PreviewRequest & { database: Database }): Promise<AccountMappingPreview>
  lintAccountMappings(request: { connectionId: string; days: number; database: Database }): Promise<MappingLint[]>
  mappingOf(request: { posting: Posting; connection: Connection }): LineMapping[]
  /** Gives the operation that was begun, or the author's same one that still runs. Throws InvalidRequest. */
  fixAndRetry(request: { reasonCode: string; connectionId: string; author: Author }): Promise<BulkOperation>
  /** Throws InvalidRequest. */
  reconcile(request: { connectionId: string; from: string; to: string; author: Author }): Promise<BulkOperation>
  /** Throws InvalidRequest. */
  resolveDiscrepancy(request: {
    id: string
    resolution: DiscrepancyResolution
    note: string
    author: Author
  }): Promise<Discrepancy>
  /** Throws InvalidRequest. */
  signOffReconciliation(request: { id: string; note: string; author: Author }): Promise<Reconciliation>
  /** Throws InvalidRequest. */
  verify(request: { numbers: string[] }): Promise<VerifiedOrder[]>
  explain(args: { kind: RecordKind; number: string }): Promise<Explanation>
  /** Throws InvalidRequest. */
  createWebConnectorFile(request: WebConnectorFileRequest & { author: Author }): Promise<MadeWebConnectorFile>
  liveStatus(): LiveStatus
  /** The clock ticks as the job store knows them. */
  jobs(): Promise<Job[]>
}

export interface WebConnectorFileRequest {
  connectionId: string
  /** The new place of the company file; null leaves it as it is. */
  companyFile: string | null
}

/** The file for a Web Connector, with its password, which is shown once. */
export interface MadeWebConnectorFile {
  fileName: string
  content: string
  username: string
  password: string
  guide: string
  replaced: boolean
}

/** What the running process knows of itself, and the database does not. */
export interface LiveStatus {
  startedAt: Date
  version: string
  workerName: string
  jobStore: 'postgresql' | 'mongodb'
  crm: { state: 'UP' | 'DOWN' | 'UNKNOWN'; checkedAt: Date | null; detail: string | null }
  lastPollAt: Date | null
}
