import { Migration } from '@mikro-orm/migrations'

export class Migration20261121100835_three_sides extends Migration {
  override name = 'Migration20261121100835_three_sides'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "reconciliation" ("id" uuid not null, "connection_id" uuid not null, "first_day" text not null, "last_day" text not null, "state" text not null default 'RUNNING', "operation_id" uuid not null, "sync_operation_id" uuid not null, "progress" jsonb not null, "orders" int not null default 0, "orders_total" numeric(18,2) not null default '0.00', "posted" int not null default 0, "posted_total" numeric(18,2) not null default '0.00', "invoices" int not null default 0, "invoices_total" numeric(18,2) not null default '0.00', "author" text not null, "error" text null, "created_at" timestamptz not null, "finished_at" timestamptz null, "signed_by" text null, "signed_at" timestamptz null, "note" text null, primary key ("id"));`,
    )
    this.addSql(`create index "reconciliation_by_operation" on "reconciliation" ("operation_id");`)
    this.addSql(`create index "reconciliation_by_connection" on "reconciliation" ("connection_id", "id");`)

    this.addSql(
      `create table "reconciliation_item" ("reconciliation_id" uuid not null, "discrepancy_id" uuid not null, "connection_id" uuid not null, "signed" jsonb null, primary key ("reconciliation_id", "discrepancy_id"));`,
    )

    this.addSql(
      `create table "reconciliation_match" ("reconciliation_id" uuid not null, "quick_books_id" text not null, primary key ("reconciliation_id", "quick_books_id"));`,
    )

    this.addSql(`alter table "bulk_operation" drop constraint "bulk_operation_kind_check";`)
    this.addSql(
      `alter table "bulk_operation" add constraint "bulk_operation_kind_check" check ("kind" in ('RETRY_FAILED', 'SYNC', 'RESET', 'RECONCILE'));`,
    )

    this.addSql(
      `create index "posting_by_number" on "posting" ("connection_id", "document_number") where "kind" = 'INVOICE';`,
    )

    this.addSql(`alter table "discrepancy" drop constraint "discrepancy_kind_check";`)
    this.addSql(`alter table "discrepancy" drop constraint "discrepancy_state_check";`)
    this.addSql(
      `alter table "discrepancy" add "subject" text not null default '', add "source_id" uuid null, add "order_number" text null, add "date" text null, add "lines" jsonb not null default '[]', add "proposal" text null, add "resolution" text null, add "resolved_by" text null, add "note" text null;`,
    )
    this.addSql(`alter table "discrepancy" alter column "lines" drop default;`)
    this.addSql(`update "discrepancy" set "subject" = 'posting:' || "posting_id" where "posting_id" is not null;`)
    this.addSql(`drop index "discrepancy_one_open";`)
    this.addSql(
      `create unique index "discrepancy_one_open" on "discrepancy" ("connection_id", "subject", "kind") where "state" = 'OPEN';`,
    )
    this.addSql(
      `create index "discrepancy_decided" on "discrepancy" ("connection_id", "subject", "kind") where "state" = 'RESOLVED';`,
    )
    this.addSql(
      `alter table "discrepancy" add constraint "discrepancy_proposal_check" check ("proposal" in ('ADOPT', 'REPOST', 'VOID', 'ACCEPT', 'IGNORE'));`,
    )
    this.addSql(
      `alter table "discrepancy" add constraint "discrepancy_resolution_check" check ("resolution" in ('ADOPT', 'REPOST', 'VOID', 'ACCEPT', 'IGNORE'));`,
    )
    this.addSql(
      `alter table "discrepancy" add constraint "discrepancy_kind_check" check ("kind" in ('MISSING_IN_QUICKBOOKS', 'MISSING_LINK', 'FALSE_PROCESSED', 'DUPLICATE', 'AMOUNT', 'TAX', 'DISCOUNT_ROUNDING', 'CUSTOMER', 'DATE', 'NUMBER', 'VOIDED', 'DELETED', 'EDITED', 'UNKNOWN_IN_CRM', 'PAYMENT_UNMATCHED', 'ENVIRONMENT'));`,
    )
    this.addSql(
      `alter table "discrepancy" add constraint "discrepancy_state_check" check ("state" in ('OPEN', 'GONE', 'RESOLVED'));`,
    )

    this.addSql(
      `alter table "reconciliation" add constraint "reconciliation_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `alter table "reconciliation" add constraint "reconciliation_state_check" check ("state" in ('RUNNING', 'DONE', 'FAILED', 'SIGNED_OFF'));`,
    )

    this.addSql(
      `alter table "reconciliation_item" add constraint "reconciliation_item_reconciliation_id_foreign" foreign key ("reconciliation_id") references "reconciliation" ("id") on update cascade on delete cascade;`,
    )
    this.addSql(
      `alter table "reconciliation_item" add constraint "reconciliation_item_discrepancy_id_foreign" foreign key ("discrepancy_id") references "discrepancy" ("id") on update cascade on delete cascade;`,
    )
    this.addSql(
      `alter table "reconciliation_item" add constraint "reconciliation_item_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )

    this.addSql(
      `alter table "reconciliation_match" add constraint "reconciliation_match_reconciliation_id_foreign" foreign key ("reconciliation_id") references "reconciliation" ("id") on delete cascade;`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "reconciliation_item" drop constraint "reconciliation_item_reconciliation_id_foreign";`)
    this.addSql(`alter table "reconciliation_match" drop constraint "reconciliation_match_reconciliation_id_foreign";`)

    this.addSql(`drop table if exists "reconciliation" cascade;`)
    this.addSql(`drop table if exists "reconciliation_item" cascade;`)
    this.addSql(`drop table if exists "reconciliation_match" cascade;`)

    this.addSql(`alter table "bulk_operation" drop constraint "bulk_operation_kind_check";`)
    this.addSql(
      `alter table "bulk_operation" add constraint "bulk_operation_kind_check" check ("kind" in ('RETRY_FAILED', 'SYNC', 'RESET'));`,
    )

    this.addSql(`drop index "discrepancy_decided";`)
    this.addSql(`drop index "discrepancy_one_open";`)
    this.addSql(
      `create unique index "discrepancy_one_open" on "discrepancy" ("posting_id") where "state" = 'OPEN' and "posting_id" is not null;`,
    )
    this.addSql(`alter table "discrepancy" drop constraint "discrepancy_proposal_check";`)
    this.addSql(`alter table "discrepancy" drop constraint "discrepancy_resolution_check";`)
    this.addSql(`alter table "discrepancy" drop constraint "discrepancy_kind_check";`)
    this.addSql(`alter table "discrepancy" drop constraint "discrepancy_state_check";`)
    this.addSql(
      `alter table "discrepancy" drop column "subject", drop column "source_id", drop column "order_number", drop column "date", drop column "lines", drop column "proposal", drop column "resolution", drop column "resolved_by", drop column "note";`,
    )
    this.addSql(
      `alter table "discrepancy" add constraint "discrepancy_kind_check" check ("kind" in ('VOIDED', 'DELETED', 'EDITED'));`,
    )
    this.addSql(
      `alter table "discrepancy" add constraint "discrepancy_state_check" check ("state" in ('OPEN', 'GONE'));`,
    )

    this.addSql(`drop index "posting_by_number";`)
  }
}
