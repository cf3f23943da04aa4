import { Migration } from '@mikro-orm/migrations'

export class Migration20261121070541_commission extends Migration {
  override name = 'Migration20261121070541_commission'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "commission_entry" ("id" bigserial primary key, "connection_id" uuid not null, "kind" text not null, "invoice_id" text null, "record_kind" text null, "record_id" text null, "effective_on" date not null, "payable_on" date not null, "origin_on" date null, "rep" text null, "rule_id" uuid null, "split_id" uuid null, "base" numeric(18,2) not null default '0.00', "credited" numeric(18,2) not null default '0.00', "amount" numeric(18,2) not null default '0.00', "reason" text null);`,
    )
    this.addSql(`create index "commission_entry_late" on "commission_entry" ("connection_id") where "kind" = 'LATE';`)
    this.addSql(
      `create index "commission_entry_by_rep" on "commission_entry" ("connection_id", "rep", "payable_on") where "kind" <> 'EXCLUDED';`,
    )
    this.addSql(
      `create index "commission_entry_by_period" on "commission_entry" ("connection_id", "payable_on") include ("kind", "rep", "base", "amount") where "kind" <> 'EXCLUDED';`,
    )
    this.addSql(`create index "commission_entry_by_invoice" on "commission_entry" ("connection_id", "invoice_id");`)

    this.addSql(
      `create table "commission_split" ("id" uuid not null, "connection_id" uuid not null, "scope_key" text not null, "order_number" text null, "customer_id" text null, "shares" jsonb not null, "effective_from" date not null, "effective_until" date null, "version" int not null default 1, "author" text not null, "note" text not null default '', "recorded_at" timestamptz not null, "superseded_at" timestamptz null, primary key ("id"));`,
    )
    this.addSql(`create index "commission_split_by_scope" on "commission_split" ("connection_id", "scope_key");`)

    this.addSql(
      `create table "commission_rate" ("id" uuid not null, "connection_id" uuid not null, "scope_key" text not null, "rep" text null, "item_id" text null, "customer_id" text null, "mode" text not null, "percent" numeric(7,4) null, "tiers" jsonb null, "holdback_days" int not null default 0, "effective_from" date not null, "effective_until" date null, "version" int not null default 1, "author" text not null, "note" text not null default '', "recorded_at" timestamptz not null, "superseded_at" timestamptz null, primary key ("id"));`,
    )
    this.addSql(`create index "commission_rate_by_scope" on "commission_rate" ("connection_id", "scope_key");`)

    this.addSql(
      `create table "commission_period" ("id" uuid not null, "connection_id" uuid not null, "month" text not null, "starts_on" date not null, "ends_on" date not null, "locked_at" timestamptz not null, "locked_by" text not null, "entries" int not null, "amount" numeric(18,2) not null, "fingerprint" text not null, "balances" jsonb not null, primary key ("id"));`,
    )
    this.addSql(
      `alter table "commission_period" add constraint "commission_period_connection_id_month_unique" unique ("connection_id", "month");`,
    )

    this.addSql(
      `create table "commission_locked_entry" ("period_id" uuid not null, "place" int not null, "connection_id" uuid not null, "kind" text not null, "invoice_id" text null, "record_kind" text null, "record_id" text null, "effective_on" date not null, "payable_on" date not null, "origin_on" date null, "rep" text null, "rule_id" uuid null, "split_id" uuid null, "base" numeric(18,2) not null default '0.00', "credited" numeric(18,2) not null default '0.00', "amount" numeric(18,2) not null default '0.00', "reason" text null, primary key ("period_id", "place"));`,
    )
    this.addSql(
      `create index "commission_locked_entry_by_day" on "commission_locked_entry" ("connection_id", "payable_on");`,
    )
    this.addSql(
      `create index "commission_locked_entry_by_invoice" on "commission_locked_entry" ("connection_id", "invoice_id");`,
    )

    this.addSql(
      `create table "commission_line" ("connection_id" uuid not null, "invoice_id" text not null, "position" int not null, "item_id" text not null, "item_name" text not null, "net" numeric(18,2) not null, primary key ("connection_id", "invoice_id", "position"));`,
    )

    this.addSql(
      `create table "commission_invoice" ("connection_id" uuid not null, "invoice_id" text not null, "posting_id" uuid not null, "order_number" text not null, "document_number" text not null, "customer_id" text not null, "customer_name" text not null, "invoice_on" date not null, "total" numeric(18,2) not null, "base" numeric(18,2) not null, "currency" text not null, "recorded_at" timestamptz not null, primary key ("connection_id", "invoice_id"));`,
    )

    this.addSql(
      `create table "commission_dispute" ("id" uuid not null, "connection_id" uuid not null, "rep" text not null, "order_number" text not null, "author" text not null, "opened_at" timestamptz not null, primary key ("id"));`,
    )

    this.addSql(
      `create table "commission_dispute_note" ("id" uuid not null, "connection_id" uuid not null, "dispute_id" uuid not null, "author" text not null, "text" text not null, "state" text not null, "at" timestamptz not null, primary key ("id"));`,
    )
    this.addSql(`create index "commission_dispute_note_by_dispute" on "commission_dispute_note" ("dispute_id", "id");`)

    this.addSql(
      `create table "commission_adjustment" ("id" uuid not null, "connection_id" uuid not null, "rep" text not null, "kind" text not null, "amount" numeric(18,2) not null, "effective_on" date not null, "order_number" text null, "note" text not null, "approver" text not null, "author" text not null, "recorded_at" timestamptz not null, primary key ("id"));`,
    )
    this.addSql(
      `create index "commission_adjustment_by_day" on "commission_adjustment" ("connection_id", "effective_on");`,
    )

    this.addSql(
      `create table "payment_event" ("id" uuid not null, "connection_id" uuid not null, "kind" text not null, "record_id" text not null, "version" numeric(20,0) not null, "changed_at" timestamptz not null, "date" date null, "state" text not null, "currency" text not null, "total" numeric(18,2) null, "parts" jsonb not null, "content_hash" text not null, "fault" text null, "recorded_at" timestamptz not null, primary key ("id"));`,
    )
    this.addSql(`create index "payment_event_faulty" on "payment_event" ("connection_id") where "fault" is not null;`)
    this.addSql(
      `alter table "payment_event" add constraint "payment_event_connection_id_kind_record_id_versio_4f548_unique" unique ("connection_id", "kind", "record_id", "version", "changed_at", "content_hash");`,
    )

    this.addSql(
      `create table "payment_application" ("id" uuid not null, "connection_id" uuid not null, "event_id" uuid not null, "kind" text not null, "record_id" text not null, "invoice_id" text null, "part" text not null, "amount" numeric(18,2) not null, "currency" text not null, "effective_on" date not null, "recorded_at" timestamptz not null, primary key ("id"));`,
    )
    this.addSql(`create index "payment_application_by_day" on "payment_application" ("connection_id", "effective_on");`)
    this.addSql(
      `create index "payment_application_by_record" on "payment_application" ("connection_id", "kind", "record_id");`,
    )
    this.addSql(
      `create index "payment_application_by_invoice" on "payment_application" ("connection_id", "invoice_id");`,
    )

    this.addSql(
      `alter table "commission_entry" add constraint "commission_entry_kind_check" check ("kind" in ('EARNED', 'LATE', 'ADJUSTMENT', 'EXCLUDED'));`,
    )
    this.addSql(
      `alter table "commission_entry" add constraint "commission_entry_record_kind_check" check ("record_kind" in ('PAYMENT', 'CREDIT_MEMO', 'REFUND'));`,
    )

    this.addSql(
      `alter table "commission_split" add constraint "commission_split_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `alter table "commission_split" add constraint "commission_split_ends_after_it_begins" check (effective_until is null or effective_until >= effective_from);`,
    )

    this.addSql(
      `alter table "commission_rate" add constraint "commission_rate_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `alter table "commission_rate" add constraint "commission_rate_ends_after_it_begins" check (effective_until is null or effective_until >= effective_from);`,
    )
    this.addSql(
      `alter table "commission_rate" add constraint "commission_rate_is_a_share" check (percent is null or percent >= 0 and percent <= 100);`,
    )
    this.addSql(
      `alter table "commission_rate" add constraint "commission_rate_mode_check" check ("mode" in ('FLAT', 'MARGINAL', 'RETROACTIVE'));`,
    )

    this.addSql(
      `alter table "commission_period" add constraint "commission_period_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `create or replace function "commission_period_never_changes_fn"() returns trigger as $$ begin raise exception 'A locked period never changes.' using errcode = 'restrict_violation'; end; $$ language plpgsql;`,
    )
    this.addSql(
      `create trigger "never_changes" BEFORE UPDATE OR DELETE on "commission_period" for each ROW execute function "commission_period_never_changes_fn"();`,
    )

    this.addSql(
      `alter table "commission_locked_entry" add constraint "commission_locked_entry_period_id_foreign" foreign key ("period_id") references "commission_period" ("id");`,
    )
    this.addSql(
      `alter table "commission_locked_entry" add constraint "commission_locked_entry_kind_check" check ("kind" in ('EARNED', 'LATE', 'ADJUSTMENT', 'EXCLUDED'));`,
    )
    this.addSql(
      `alter table "commission_locked_entry" add constraint "commission_locked_entry_record_kind_check" check ("record_kind" in ('PAYMENT', 'CREDIT_MEMO', 'REFUND'));`,
    )
    this.addSql(
      `create or replace function "commission_locked_entry_never_changes_fn"() returns trigger as $$ begin raise exception 'A locked period never changes.' using errcode = 'restrict_violation'; end; $$ language plpgsql;`,
    )
    this.addSql(
      `create trigger "never_changes" BEFORE UPDATE OR DELETE on "commission_locked_entry" for each ROW execute function "commission_locked_entry_never_changes_fn"();`,
    )

    this.addSql(
      `alter table "commission_line" add constraint "commission_line_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )

    this.addSql(
      `alter table "commission_invoice" add constraint "commission_invoice_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )

    this.addSql(
      `alter table "commission_dispute" add constraint "commission_dispute_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )

    this.addSql(
      `alter table "commission_dispute_note" add constraint "commission_dispute_note_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `alter table "commission_dispute_note" add constraint "commission_dispute_note_dispute_id_foreign" foreign key ("dispute_id") references "commission_dispute" ("id");`,
    )
    this.addSql(
      `alter table "commission_dispute_note" add constraint "commission_dispute_note_state_check" check ("state" in ('OPEN', 'UPHELD', 'REJECTED'));`,
    )
    this.addSql(
      `create or replace function "commission_dispute_note_only_grows_fn"() returns trigger as $$ begin raise exception 'Rows of % are only ever added.', tg_table_name using errcode = 'restrict_violation'; end; $$ language plpgsql;`,
    )
    this.addSql(
      `create trigger "only_grows" BEFORE UPDATE OR DELETE on "commission_dispute_note" for each ROW execute function "commission_dispute_note_only_grows_fn"();`,
    )

    this.addSql(
      `alter table "commission_adjustment" add constraint "commission_adjustment_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `alter table "commission_adjustment" add constraint "commission_adjustment_kind_check" check ("kind" in ('BONUS', 'CORRECTION', 'DRAW', 'RECOVERY'));`,
    )
    this.addSql(
      `create or replace function "commission_adjustment_only_grows_fn"() returns trigger as $$ begin raise exception 'Rows of % are only ever added.', tg_table_name using errcode = 'restrict_violation'; end; $$ language plpgsql;`,
    )
    this.addSql(
      `create trigger "only_grows" BEFORE UPDATE OR DELETE on "commission_adjustment" for each ROW execute function "commission_adjustment_only_grows_fn"();`,
    )

    this.addSql(
      `alter table "payment_event" add constraint "payment_event_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `alter table "payment_event" add constraint "payment_event_kind_check" check ("kind" in ('PAYMENT', 'CREDIT_MEMO', 'REFUND'));`,
    )
    this.addSql(
      `alter table "payment_event" add constraint "payment_event_state_check" check ("state" in ('LIVE', 'VOIDED', 'DELETED'));`,
    )
    this.addSql(
      `create or replace function "payment_event_only_grows_fn"() returns trigger as $$ begin raise exception 'Rows of % are only ever added.', tg_table_name using errcode = 'restrict_violation'; end; $$ language plpgsql;`,
    )
    this.addSql(
      `create trigger "only_grows" BEFORE UPDATE OR DELETE on "payment_event" for each ROW execute function "payment_event_only_grows_fn"();`,
    )

    this.addSql(
      `alter table "payment_application" add constraint "payment_application_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `alter table "payment_application" add constraint "payment_application_event_id_foreign" foreign key ("event_id") references "payment_event" ("id");`,
    )
    this.addSql(
      `alter table "payment_application" add constraint "payment_application_kind_check" check ("kind" in ('PAYMENT', 'CREDIT_MEMO', 'REFUND'));`,
    )
    this.addSql(
      `alter table "payment_application" add constraint "payment_application_part_check" check ("part" in ('CASH', 'UNAPPLIED', 'REFUND', 'DISCOUNT', 'WRITE_OFF', 'CREDIT'));`,
    )
    this.addSql(
      `create or replace function "payment_application_only_grows_fn"() returns trigger as $$ begin raise exception 'Rows of % are only ever added.', tg_table_name using errcode = 'restrict_violation'; end; $$ language plpgsql;`,
    )
    this.addSql(
      `create trigger "only_grows" BEFORE UPDATE OR DELETE on "payment_application" for each ROW execute function "payment_application_only_grows_fn"();`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "commission_locked_entry" drop constraint "commission_locked_entry_period_id_foreign";`)
    this.addSql(`alter table "commission_dispute_note" drop constraint "commission_dispute_note_dispute_id_foreign";`)
    this.addSql(`alter table "payment_application" drop constraint "payment_application_event_id_foreign";`)

    this.addSql(`drop table if exists "commission_entry" cascade;`)
    this.addSql(`drop table if exists "commission_split" cascade;`)
    this.addSql(`drop table if exists "commission_rate" cascade;`)
    this.addSql(`drop trigger if exists "never_changes" on "commission_period";`)
    this.addSql(`drop function if exists "commission_period_never_changes_fn"();`)
    this.addSql(`drop table if exists "commission_period" cascade;`)
    this.addSql(`drop trigger if exists "never_changes" on "commission_locked_entry";`)
    this.addSql(`drop function if exists "commission_locked_entry_never_changes_fn"();`)
    this.addSql(`drop table if exists "commission_locked_entry" cascade;`)
    this.addSql(`drop table if exists "commission_line" cascade;`)
    this.addSql(`drop table if exists "commission_invoice" cascade;`)
    this.addSql(`drop table if exists "commission_dispute" cascade;`)
    this.addSql(`drop trigger if exists "only_grows" on "commission_dispute_note";`)
    this.addSql(`drop function if exists "commission_dispute_note_only_grows_fn"();`)
    this.addSql(`drop table if exists "commission_dispute_note" cascade;`)
    this.addSql(`drop trigger if exists "only_grows" on "commission_adjustment";`)
    this.addSql(`drop function if exists "commission_adjustment_only_grows_fn"();`)
    this.addSql(`drop table if exists "commission_adjustment" cascade;`)
    this.addSql(`drop trigger if exists "only_grows" on "payment_event";`)
    this.addSql(`drop function if exists "payment_event_only_grows_fn"();`)
    this.addSql(`drop table if exists "payment_event" cascade;`)
    this.addSql(`drop trigger if exists "only_grows" on "payment_application";`)
    this.addSql(`drop function if exists "payment_application_only_grows_fn"();`)
    this.addSql(`drop table if exists "payment_application" cascade;`)
  }
}
