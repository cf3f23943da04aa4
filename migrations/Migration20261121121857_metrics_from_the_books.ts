import { Migration } from '@mikro-orm/migrations'

export class Migration20261121121857_metrics_from_the_books extends Migration {
  override name = 'Migration20261121121857_metrics_from_the_books'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "metric_answer" ("id" uuid not null, "connection_id" uuid not null, "question" text not null, "from_month" text not null, "to_month" text not null, "basis" text not null, "position" int not null default 1, "operation" text not null, "request" text not null, "status" int not null, "body" text not null, "state" text not null default 'NEW', "reason" text null, "reason_detail" jsonb null, "asked_at" timestamptz not null, primary key ("id"));`,
    )
    this.addSql(`create index "metric_answer_new" on "metric_answer" ("connection_id", "id") where "state" = 'NEW';`)
    this.addSql(`create index "metric_answer_by_connection" on "metric_answer" ("connection_id", "id");`)

    this.addSql(
      `create table "ledger_metric" ("id" uuid not null, "connection_id" uuid not null, "month" text not null, "category" text not null, "version" int not null, "amount" numeric(18,2) not null, "cause" text not null, "accounts" jsonb not null, "answer_id" uuid not null, "known_from" timestamptz not null, "known_until" timestamptz null, primary key ("id"));`,
    )
    this.addSql(
      `create unique index "ledger_metric_one_open" on "ledger_metric" ("connection_id", "month", "category") where "known_until" is null;`,
    )
    this.addSql(
      `alter table "ledger_metric" add constraint "ledger_metric_connection_id_month_category_version_unique" unique ("connection_id", "month", "category", "version");`,
    )

    this.addSql(
      `create table "metric_pull" ("connection_id" uuid not null, "from_month" text null, "to_month" text null, "basis" text not null default 'ACCRUAL', "due_at" timestamptz null, "asked" int not null default 0, "rules" text null, "answered_at" timestamptz null, "reason" text null, "reason_detail" jsonb null, primary key ("connection_id"));`,
    )

    this.addSql(
      `create table "metric_statement" ("id" uuid not null, "connection_id" uuid not null, "month" text not null, "version" int not null, "basis" text not null, "accounts" jsonb not null, "net_income" numeric(18,2) not null, "answer_id" uuid not null, "known_from" timestamptz not null, "known_until" timestamptz null, primary key ("id"));`,
    )
    this.addSql(
      `create unique index "metric_statement_one_open" on "metric_statement" ("connection_id", "month") where "known_until" is null;`,
    )
    this.addSql(
      `alter table "metric_statement" add constraint "metric_statement_connection_id_month_version_unique" unique ("connection_id", "month", "version");`,
    )

    this.addSql(
      `alter table "metric_answer" add constraint "metric_answer_connection_id_foreign" foreign key ("connection_id") references "connection" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "metric_answer" add constraint "metric_answer_question_check" check ("question" in ('PROFIT_AND_LOSS', 'EMPLOYEES'));`,
    )
    this.addSql(
      `alter table "metric_answer" add constraint "metric_answer_state_check" check ("state" in ('NEW', 'TAKEN', 'FAULTY'));`,
    )
    this.addSql(
      `create or replace function "metric_answer_metric_answer_never_changes_fn"() returns trigger as $$ begin if row(new.id, new.connection_id, new.question, new.from_month, new.to_month, new.basis, new.position, new.operation, new.request, new.status, new.body, new.asked_at) is distinct from row(old.id, old.connection_id, old.question, old.from_month, old.to_month, old.basis, old.position, old.operation, old.request, old.status, old.body, old.asked_at) then raise exception 'metric answer %: what was asked and what was answered never change', old.id using errcode = 'restrict_violation'; end if; return new; end; $$ language plpgsql;`,
    )
    this.addSql(
      `create trigger "metric_answer_never_changes" BEFORE UPDATE on "metric_answer" for each ROW execute function "metric_answer_metric_answer_never_changes_fn"();`,
    )

    this.addSql(
      `alter table "ledger_metric" add constraint "ledger_metric_connection_id_foreign" foreign key ("connection_id") references "connection" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "ledger_metric" add constraint "ledger_metric_answer_id_foreign" foreign key ("answer_id") references "metric_answer" ("id");`,
    )
    this.addSql(`alter table "ledger_metric" add constraint "ledger_metric_has_version" check (version >= 1);`)
    this.addSql(
      `alter table "ledger_metric" add constraint "ledger_metric_cause_check" check ("cause" in ('FIRST', 'RESTATED', 'REMAPPED'));`,
    )

    this.addSql(
      `alter table "metric_pull" add constraint "metric_pull_connection_id_foreign" foreign key ("connection_id") references "connection" ("id") on update cascade on delete cascade;`,
    )

    this.addSql(
      `alter table "metric_statement" add constraint "metric_statement_connection_id_foreign" foreign key ("connection_id") references "connection" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "metric_statement" add constraint "metric_statement_answer_id_foreign" foreign key ("answer_id") references "metric_answer" ("id");`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "ledger_metric" drop constraint "ledger_metric_answer_id_foreign";`)
    this.addSql(`alter table "metric_statement" drop constraint "metric_statement_answer_id_foreign";`)

    this.addSql(`drop trigger if exists "metric_answer_never_changes" on "metric_answer";`)
    this.addSql(`drop function if exists "metric_answer_metric_answer_never_changes_fn"();`)
    this.addSql(`drop table if exists "metric_answer" cascade;`)
    this.addSql(`drop table if exists "ledger_metric" cascade;`)
    this.addSql(`drop table if exists "metric_pull" cascade;`)
    this.addSql(`drop table if exists "metric_statement" cascade;`)
  }
}
