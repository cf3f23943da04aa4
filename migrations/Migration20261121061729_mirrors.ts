import { Migration } from '@mikro-orm/migrations'

export class Migration20261121061729_mirrors extends Migration {
  override name = 'Migration20261121061729_mirrors'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "mirror_record" ("id" uuid not null, "connection_id" uuid not null, "entity" text not null, "quick_books_id" text not null, "sync_token" int null, "active" boolean not null default true, "deleted_at" timestamptz null, "merged_into_id" text null, "number" text null, "name" text null, "party_id" text null, "date" text null, "total" numeric(18,2) null, "balance" numeric(18,2) null, "raw" jsonb not null, "changed_at" timestamptz null, "seen_at" timestamptz not null, "updated_at" timestamptz not null, primary key ("id"));`,
    )
    this.addSql(
      `create index "mirror_record_unseen" on "mirror_record" ("connection_id", "entity", "seen_at") where "deleted_at" is null;`,
    )
    this.addSql(
      `create index "mirror_record_by_date" on "mirror_record" ("entity", "date", "id") where "date" is not null;`,
    )
    this.addSql(
      `create index "mirror_record_by_party" on "mirror_record" ("entity", "party_id", "id") where "party_id" is not null;`,
    )
    this.addSql(
      `create index "mirror_record_by_number" on "mirror_record" ("entity", "number", "id") where "number" is not null;`,
    )
    this.addSql(
      `create index "mirror_record_by_name" on "mirror_record" ("entity", (lower("name")) text_pattern_ops, "id") where "name" is not null;`,
    )
    this.addSql(`create index "mirror_record_by_connection" on "mirror_record" ("connection_id", "entity", "id");`)
    this.addSql(`create index "mirror_record_by_entity" on "mirror_record" ("entity", "id");`)
    this.addSql(
      `alter table "mirror_record" add constraint "mirror_record_connection_id_entity_quick_books_id_unique" unique ("connection_id", "entity", "quick_books_id");`,
    )

    this.addSql(
      `create table "discrepancy" ("id" uuid not null, "connection_id" uuid not null, "posting_id" uuid null, "kind" text not null, "state" text not null default 'OPEN', "entity" text not null, "quick_books_id" text null, "document_number" text null, "our_total" numeric(18,2) null, "their_total" numeric(18,2) null, "differences" text[] not null, "found_at" timestamptz not null, "seen_at" timestamptz not null, "resolved_at" timestamptz null, primary key ("id"));`,
    )
    this.addSql(`create index "discrepancy_by_kind" on "discrepancy" ("kind", "id");`)
    this.addSql(`create index "discrepancy_by_state" on "discrepancy" ("state", "id");`)
    this.addSql(`create index "discrepancy_by_connection" on "discrepancy" ("connection_id", "id");`)
    this.addSql(
      `create unique index "discrepancy_one_open" on "discrepancy" ("posting_id") where "state" = 'OPEN' and "posting_id" is not null;`,
    )

    this.addSql(
      `create table "read_meter" ("connection_id" uuid not null, "month" text not null, "reads" int not null default 0, primary key ("connection_id", "month"));`,
    )

    this.addSql(
      `create table "sync_cursor" ("id" uuid not null, "connection_id" uuid not null, "entity" text not null, "last_full_at" timestamptz null, "changed_through" timestamptz null, "last_webhook_at" timestamptz null, "changes_due_at" timestamptz null, "count_due" boolean not null default false, "error" text null, primary key ("id"));`,
    )
    this.addSql(
      `alter table "sync_cursor" add constraint "sync_cursor_connection_id_entity_unique" unique ("connection_id", "entity");`,
    )

    this.addSql(
      `create table "sync_portion" ("operation_id" uuid not null, "entity" text not null, "connection_id" uuid not null, "place" int not null, "mode" text not null, "state" text not null default 'READING', "changed_since" timestamptz null, "position" int not null default 1, "last_id" text null, "rows_read" int not null default 0, "started_at" timestamptz null, primary key ("operation_id", "entity"));`,
    )
    this.addSql(`create index "sync_portion_by_connection" on "sync_portion" ("connection_id");`)

    this.addSql(
      `create table "webhook_event" ("id" uuid not null, "key" text not null, "connection_id" uuid null, "realm_id" text not null, "entity_name" text not null, "entity" text null, "quick_books_id" text not null, "operation" text not null, "merged_id" text null, "state" text not null default 'PENDING', "repeats" int not null default 0, "occurred_at" timestamptz null, "received_at" timestamptz not null, "not_before" timestamptz null, "processed_at" timestamptz null, primary key ("id"));`,
    )
    this.addSql(`alter table "webhook_event" add constraint "webhook_event_key_unique" unique ("key");`)
    this.addSql(`create index "webhook_event_by_received" on "webhook_event" ("received_at");`)
    this.addSql(`create index "webhook_event_by_connection" on "webhook_event" ("connection_id", "id");`)
    this.addSql(
      `create index "webhook_event_pending" on "webhook_event" ("connection_id", "id") where "state" = 'PENDING';`,
    )

    this.addSql(
      `create table "webhook_refusal" ("hash" text not null, "times" int not null default 1, "first_at" timestamptz not null, "last_at" timestamptz not null, primary key ("hash"));`,
    )

    this.addSql(`alter table "bulk_operation" drop constraint "bulk_operation_kind_check";`)
    this.addSql(
      `alter table "bulk_operation" add constraint "bulk_operation_kind_check" check ("kind" in ('RETRY_FAILED', 'SYNC'));`,
    )

    this.addSql(`create index "link_by_quick_books_id" on "link" ("connection_id", "kind", "quick_books_id");`)

    this.addSql(`alter table "posting" add "evidence_at" timestamptz null;`)
    this.addSql(
      `create index "posting_by_quick_books_id" on "posting" ("connection_id", "quick_books_id") where "quick_books_id" is not null;`,
    )

    this.addSql(
      `alter table "mirror_record" add constraint "mirror_record_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `alter table "mirror_record" add constraint "mirror_record_entity_check" check ("entity" in ('ALL', 'CUSTOMER', 'INVOICE', 'PAYMENT', 'VENDOR', 'BILL', 'ITEM', 'ACCOUNT', 'CREDIT_MEMO', 'REFUND_RECEIPT', 'TAX_CODE', 'TAX_RATE', 'TERM', 'COMPANY_INFO', 'PREFERENCES'));`,
    )

    this.addSql(
      `alter table "discrepancy" add constraint "discrepancy_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `alter table "discrepancy" add constraint "discrepancy_posting_id_foreign" foreign key ("posting_id") references "posting" ("id") on delete set null;`,
    )
    this.addSql(
      `alter table "discrepancy" add constraint "discrepancy_kind_check" check ("kind" in ('VOIDED', 'DELETED', 'EDITED'));`,
    )
    this.addSql(
      `alter table "discrepancy" add constraint "discrepancy_state_check" check ("state" in ('OPEN', 'GONE'));`,
    )
    this.addSql(
      `alter table "discrepancy" add constraint "discrepancy_entity_check" check ("entity" in ('ALL', 'CUSTOMER', 'INVOICE', 'PAYMENT', 'VENDOR', 'BILL', 'ITEM', 'ACCOUNT', 'CREDIT_MEMO', 'REFUND_RECEIPT', 'TAX_CODE', 'TAX_RATE', 'TERM', 'COMPANY_INFO', 'PREFERENCES'));`,
    )

    this.addSql(
      `alter table "read_meter" add constraint "read_meter_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )

    this.addSql(
      `alter table "sync_cursor" add constraint "sync_cursor_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `alter table "sync_cursor" add constraint "sync_cursor_entity_check" check ("entity" in ('ALL', 'CUSTOMER', 'INVOICE', 'PAYMENT', 'VENDOR', 'BILL', 'ITEM', 'ACCOUNT', 'CREDIT_MEMO', 'REFUND_RECEIPT', 'TAX_CODE', 'TAX_RATE', 'TERM', 'COMPANY_INFO', 'PREFERENCES'));`,
    )

    this.addSql(
      `alter table "sync_portion" add constraint "sync_portion_operation_id_foreign" foreign key ("operation_id") references "bulk_operation" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "sync_portion" add constraint "sync_portion_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `alter table "sync_portion" add constraint "sync_portion_entity_check" check ("entity" in ('ALL', 'CUSTOMER', 'INVOICE', 'PAYMENT', 'VENDOR', 'BILL', 'ITEM', 'ACCOUNT', 'CREDIT_MEMO', 'REFUND_RECEIPT', 'TAX_CODE', 'TAX_RATE', 'TERM', 'COMPANY_INFO', 'PREFERENCES'));`,
    )
    this.addSql(
      `alter table "sync_portion" add constraint "sync_portion_mode_check" check ("mode" in ('FULL', 'INCREMENTAL'));`,
    )
    this.addSql(
      `alter table "sync_portion" add constraint "sync_portion_state_check" check ("state" in ('READING', 'VERIFYING', 'DONE'));`,
    )

    this.addSql(
      `alter table "webhook_event" add constraint "webhook_event_connection_id_foreign" foreign key ("connection_id") references "connection" ("id") on delete set null;`,
    )
    this.addSql(
      `alter table "webhook_event" add constraint "webhook_event_entity_check" check ("entity" in ('ALL', 'CUSTOMER', 'INVOICE', 'PAYMENT', 'VENDOR', 'BILL', 'ITEM', 'ACCOUNT', 'CREDIT_MEMO', 'REFUND_RECEIPT', 'TAX_CODE', 'TAX_RATE', 'TERM', 'COMPANY_INFO', 'PREFERENCES'));`,
    )
    this.addSql(
      `alter table "webhook_event" add constraint "webhook_event_state_check" check ("state" in ('PENDING', 'PROCESSED', 'IGNORED'));`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "mirror_record" cascade;`)
    this.addSql(`drop table if exists "discrepancy" cascade;`)
    this.addSql(`drop table if exists "read_meter" cascade;`)
    this.addSql(`drop table if exists "sync_cursor" cascade;`)
    this.addSql(`drop table if exists "sync_portion" cascade;`)
    this.addSql(`drop table if exists "webhook_event" cascade;`)
    this.addSql(`drop table if exists "webhook_refusal" cascade;`)

    this.addSql(`alter table "bulk_operation" drop constraint "bulk_operation_kind_check";`)
    this.addSql(
      `alter table "bulk_operation" add constraint "bulk_operation_kind_check" check ("kind" in ('RETRY_FAILED'));`,
    )

    this.addSql(`drop index "link_by_quick_books_id";`)

    this.addSql(`drop index "posting_by_quick_books_id";`)
    this.addSql(`alter table "posting" drop column "evidence_at";`)
  }
}
