import { Migration } from '@mikro-orm/migrations'

export class Migration20261121061550_tokens_and_alerts extends Migration {
  override name = 'Migration20261121061550_tokens_and_alerts'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "alert_notice" ("id" uuid not null, "alert_id" uuid not null, "event" text not null, "channel" text not null, "created_at" timestamptz not null, "not_before" timestamptz not null, "attempts" int not null default 0, "claim_token" uuid null, "lease_until" timestamptz null, "sent_at" timestamptz null, "given_up_at" timestamptz null, "last_error" text null, primary key ("id"));`,
    )
    this.addSql(
      `create index "alert_notice_open" on "alert_notice" ("not_before") where "sent_at" is null and "given_up_at" is null;`,
    )
    this.addSql(
      `alter table "alert_notice" add constraint "alert_notice_once" unique ("alert_id", "event", "channel");`,
    )

    this.addSql(
      `create table "sealing_key" ("id" uuid not null, "salt" text not null, "check" text not null, "created_at" timestamptz not null, "retired_at" timestamptz null, primary key ("id"));`,
    )
    this.addSql(`create unique index "sealing_key_one_current" on "sealing_key" ((true)) where "retired_at" is null;`)

    this.addSql(
      `create table "sign_in_attempt" ("state_hash" text not null, "environment" text not null, "connection_id" uuid null, "author" text not null, "author_key_id" uuid null, "created_at" timestamptz not null, "expires_at" timestamptz not null, "used_at" timestamptz null, primary key ("state_hash"));`,
    )

    this.addSql(
      `create table "token_refresh" ("id" uuid not null, "connection_id" uuid not null, "at" timestamptz not null, "cause" text not null, "result" text null, "rotated" boolean not null default false, "detail" text null, "duration_ms" int null, primary key ("id"));`,
    )
    this.addSql(`create index "token_refresh_by_time" on "token_refresh" ("at");`)
    this.addSql(`create index "token_refresh_by_connection" on "token_refresh" ("connection_id", "id");`)

    this.addSql(
      `alter table "connection_token" add "refresh_token_hard_expires_at" timestamptz null, add "rotated_at" timestamptz null, add "refused_at" timestamptz null, add "refusal" text null;`,
    )
    this.addSql(`alter table "connection_token" alter column "sealed_access_token" drop not null;`)
    this.addSql(`alter table "connection_token" alter column "sealed_refresh_token" drop not null;`)
    this.addSql(`alter table "connection_token" alter column "import_hash" drop not null;`)
    // What was sealed without a key of this database cannot be told from what was changed: it is handed in, or connected, anew.
    this.addSql(
      `update "connection_token" set "sealed_access_token" = null, "sealed_refresh_token" = null, "import_hash" = null;`,
    )

    this.addSql(
      `alter table "alert_notice" add constraint "alert_notice_alert_id_foreign" foreign key ("alert_id") references "alert" ("id");`,
    )
    this.addSql(
      `alter table "alert_notice" add constraint "alert_notice_event_check" check ("event" in ('RAISED', 'CLEARED'));`,
    )
    this.addSql(
      `alter table "alert_notice" add constraint "alert_notice_channel_check" check ("channel" in ('EMAIL', 'WEBHOOK'));`,
    )

    this.addSql(
      `alter table "sign_in_attempt" add constraint "sign_in_attempt_connection_id_foreign" foreign key ("connection_id") references "connection" ("id") on delete set null;`,
    )
    this.addSql(
      `alter table "sign_in_attempt" add constraint "sign_in_attempt_environment_check" check ("environment" in ('SANDBOX', 'PRODUCTION'));`,
    )

    this.addSql(
      `alter table "token_refresh" add constraint "token_refresh_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `alter table "token_refresh" add constraint "token_refresh_cause_check" check ("cause" in ('SCHEDULE', 'CALL', 'PERSON', 'CONNECT', 'IMPORT'));`,
    )
    this.addSql(
      `alter table "token_refresh" add constraint "token_refresh_result_check" check ("result" in ('RENEWED', 'REFUSED', 'UNREACHABLE', 'CUT_OFF'));`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "alert_notice" cascade;`)
    this.addSql(`drop table if exists "sealing_key" cascade;`)
    this.addSql(`drop table if exists "sign_in_attempt" cascade;`)
    this.addSql(`drop table if exists "token_refresh" cascade;`)

    this.addSql(`delete from "connection_token" where "sealed_refresh_token" is null or "import_hash" is null;`)
    this.addSql(
      `alter table "connection_token" drop column "refresh_token_hard_expires_at", drop column "rotated_at", drop column "refused_at", drop column "refusal";`,
    )
    this.addSql(`alter table "connection_token" alter column "sealed_access_token" set not null;`)
    this.addSql(`alter table "connection_token" alter column "sealed_refresh_token" set not null;`)
    this.addSql(`alter table "connection_token" alter column "import_hash" set not null;`)
  }
}
