import { Migration } from '@mikro-orm/migrations'

export class Migration20261121092726_reset_plans extends Migration {
  override name = 'Migration20261121092726_reset_plans'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "reset_plan" ("id" uuid not null, "connection_id" uuid not null, "state" text not null default 'PLANNING', "selection" jsonb not null, "progress" jsonb null, "gathered_at" timestamptz null, "hash" text null, "author" text not null, "operation_id" uuid null, "error" text null, "created_at" timestamptz not null, "ready_at" timestamptz null, primary key ("id"));`,
    )
    this.addSql(`create index "reset_plan_by_connection" on "reset_plan" ("connection_id", "id");`)

    this.addSql(
      `create table "reset_plan_row" ("id" uuid not null, "plan_id" uuid not null, "connection_id" uuid not null, "cause" text not null, "log_row_id" uuid null, "created_on" text not null default '', "source_id" uuid null, "order_number" text null, "document_number" text null, "total" numeric(18,2) null, "currency" text null, "action" text null, "reason_code" text null, "reason_detail" jsonb null, "quick_books_id" text null, "world" text not null, "document" jsonb null, "result" text null, "settled_at" timestamptz null, primary key ("id"));`,
    )
    this.addSql(
      `create index "reset_plan_row_unapplied" on "reset_plan_row" ("plan_id", "id") where "settled_at" is null and "action" in ('CREATE', 'ADOPT', 'UPDATE');`,
    )
    this.addSql(`create index "reset_plan_row_undecided" on "reset_plan_row" ("plan_id", "id") where "action" is null;`)
    this.addSql(`create index "reset_plan_row_by_plan" on "reset_plan_row" ("plan_id", "id");`)

    this.addSql(`alter table "bulk_operation" drop constraint "bulk_operation_kind_check";`)
    this.addSql(
      `alter table "bulk_operation" add constraint "bulk_operation_kind_check" check ("kind" in ('RETRY_FAILED', 'SYNC', 'RESET'));`,
    )

    this.addSql(
      `alter table "reset_plan" add constraint "reset_plan_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `alter table "reset_plan" add constraint "reset_plan_state_check" check ("state" in ('PLANNING', 'READY', 'APPLYING', 'DONE', 'FAILED'));`,
    )

    this.addSql(
      `alter table "reset_plan_row" add constraint "reset_plan_row_plan_id_foreign" foreign key ("plan_id") references "reset_plan" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "reset_plan_row" add constraint "reset_plan_row_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `alter table "reset_plan_row" add constraint "reset_plan_row_cause_check" check ("cause" in ('FALSE_PROCESSED', 'STUCK', 'ERROR', 'NO_LOG_ROW'));`,
    )
    this.addSql(
      `alter table "reset_plan_row" add constraint "reset_plan_row_action_check" check ("action" in ('CREATE', 'ADOPT', 'UPDATE', 'SKIP', 'REFUSE'));`,
    )
    this.addSql(
      `alter table "reset_plan_row" add constraint "reset_plan_row_result_check" check ("result" in ('APPLIED', 'CHANGED'));`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "reset_plan_row" drop constraint "reset_plan_row_plan_id_foreign";`)

    this.addSql(`drop table if exists "reset_plan" cascade;`)
    this.addSql(`drop table if exists "reset_plan_row" cascade;`)

    this.addSql(`alter table "bulk_operation" drop constraint "bulk_operation_kind_check";`)
    this.addSql(
      `alter table "bulk_operation" add constraint "bulk_operation_kind_check" check ("kind" in ('RETRY_FAILED', 'SYNC'));`,
    )
  }
}
