import { Migration } from '@mikro-orm/migrations'

export class Migration20261121142201_moves_between_companies extends Migration {
  override name = 'Migration20261121142201_moves_between_companies'

  override up(): void | Promise<void> {
    this.addSql(`alter table "bulk_operation" drop constraint "bulk_operation_kind_check";`)
    this.addSql(
      `alter table "bulk_operation" add constraint "bulk_operation_kind_check" check ("kind" in ('RETRY_FAILED', 'FIX_AND_RETRY', 'SYNC', 'RESET', 'RECONCILE', 'MOVE'));`,
    )

    this.addSql(`alter table "reset_plan" add "move" jsonb null;`)

    this.addSql(`alter table "reset_plan_row" drop constraint "reset_plan_row_action_check";`)
    this.addSql(`alter table "reset_plan_row" drop constraint "reset_plan_row_cause_check";`)
    this.addSql(`alter table "reset_plan_row" add "posting_id" uuid null;`)
    this.addSql(
      `alter table "reset_plan_row" add constraint "reset_plan_row_action_check" check ("action" in ('CREATE', 'ADOPT', 'UPDATE', 'SKIP', 'REFUSE', 'STAY', 'MOVE'));`,
    )
    this.addSql(
      `alter table "reset_plan_row" add constraint "reset_plan_row_cause_check" check ("cause" in ('FALSE_PROCESSED', 'STUCK', 'ERROR', 'NO_LOG_ROW', 'MOVE'));`,
    )
    this.addSql(`drop index "reset_plan_row_unapplied";`)
    this.addSql(
      `create index "reset_plan_row_unapplied" on "reset_plan_row" ("plan_id", "id") where "settled_at" is null and "action" in ('CREATE', 'ADOPT', 'UPDATE', 'STAY', 'MOVE');`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "bulk_operation" drop constraint "bulk_operation_kind_check";`)
    this.addSql(
      `alter table "bulk_operation" add constraint "bulk_operation_kind_check" check ("kind" in ('RETRY_FAILED', 'FIX_AND_RETRY', 'SYNC', 'RESET', 'RECONCILE'));`,
    )

    this.addSql(`alter table "reset_plan" drop column "move";`)

    this.addSql(`alter table "reset_plan_row" drop constraint "reset_plan_row_cause_check";`)
    this.addSql(`alter table "reset_plan_row" drop constraint "reset_plan_row_action_check";`)
    this.addSql(`alter table "reset_plan_row" drop column "posting_id";`)
    this.addSql(
      `alter table "reset_plan_row" add constraint "reset_plan_row_cause_check" check ("cause" in ('FALSE_PROCESSED', 'STUCK', 'ERROR', 'NO_LOG_ROW'));`,
    )
    this.addSql(
      `alter table "reset_plan_row" add constraint "reset_plan_row_action_check" check ("action" in ('CREATE', 'ADOPT', 'UPDATE', 'SKIP', 'REFUSE'));`,
    )
    this.addSql(`drop index "reset_plan_row_unapplied";`)
    this.addSql(
      `create index "reset_plan_row_unapplied" on "reset_plan_row" ("plan_id", "id") where "settled_at" is null and "action" in ('CREATE', 'ADOPT', 'UPDATE');`,
    )
  }
}
