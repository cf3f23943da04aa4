import { Migration } from '@mikro-orm/migrations'

export class Migration20261121064648_web_connector extends Migration {
  override name = 'Migration20261121064648_web_connector'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "web_connector_session" ("ticket" uuid not null, "connection_id" uuid not null, "expects" text not null default 'ASK', "qb_xml_version" text null, "company_file_name" text null, "country" text null, "hcp_response" text null, "asked" int not null default 0, "answered" int not null default 0, "backlog" int not null default 0, "files_tried" int not null default 0, "last_error" text null, "opened_at" timestamptz not null, "last_seen_at" timestamptz not null, "closed_at" timestamptz null, "close_reason" text null, primary key ("ticket"));`,
    )
    this.addSql(
      `create unique index "web_connector_session_one_open" on "web_connector_session" ("connection_id") where "closed_at" is null;`,
    )

    this.addSql(
      `create table "web_connector_user" ("connection_id" uuid not null, "user_name" text not null, "password_hash" text null, "owner_guid" uuid not null, "file_guid" uuid not null, "run_every_minutes" int not null, "company_file" text not null default '', "company_file_seen" text null, "file_made_at" timestamptz null, "failed_sign_ins" int not null default 0, "locked_until" timestamptz null, "last_refused_at" timestamptz null, "last_seen_at" timestamptz null, "last_code" text null, "last_message" text null, "last_completed_at" timestamptz null, primary key ("connection_id"));`,
    )
    this.addSql(
      `alter table "web_connector_user" add constraint "web_connector_user_user_name_unique" unique ("user_name");`,
    )

    this.addSql(`alter table "connection" drop constraint "connection_kind_check";`)
    this.addSql(
      `alter table "connection" add "shipping_item_name" text not null default 'Shipping', add "sales_tax_item_name" text not null default 'Sales tax', add "tax_rounding_item_name" text not null default 'Sales tax rounding';`,
    )
    this.addSql(
      `alter table "connection" add constraint "connection_kind_check" check ("kind" in ('QUICKBOOKS_ONLINE', 'QUICKBOOKS_DESKTOP'));`,
    )

    this.addSql(`alter table "posting" drop constraint "posting_waiting_for_check";`)
    this.addSql(`alter table "posting" add "warning" text null;`)
    this.addSql(
      `alter table "posting" add constraint "posting_waiting_for_check" check ("waiting_for" in ('CUSTOMER', 'QUICKBOOKS', 'TOKEN', 'CRM', 'WEB_CONNECTOR'));`,
    )

    this.addSql(
      `alter table "web_connector_session" add constraint "web_connector_session_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `alter table "web_connector_session" add constraint "web_connector_session_expects_check" check ("expects" in ('ASK', 'ANSWER', 'CLOSE'));`,
    )

    this.addSql(
      `alter table "web_connector_user" add constraint "web_connector_user_connection_id_foreign" foreign key ("connection_id") references "connection" ("id") on update cascade on delete cascade;`,
    )
    this.addSql(
      `alter table "web_connector_user" add constraint "web_connector_user_interval" check (run_every_minutes > 0 and run_every_minutes <= 1440);`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "web_connector_session" cascade;`)
    this.addSql(`drop table if exists "web_connector_user" cascade;`)

    this.addSql(`alter table "connection" drop constraint "connection_kind_check";`)
    this.addSql(
      `alter table "connection" drop column "shipping_item_name", drop column "sales_tax_item_name", drop column "tax_rounding_item_name";`,
    )
    this.addSql(
      `alter table "connection" add constraint "connection_kind_check" check ("kind" in ('QUICKBOOKS_ONLINE'));`,
    )

    this.addSql(`alter table "posting" drop constraint "posting_waiting_for_check";`)
    this.addSql(`alter table "posting" drop column "warning";`)
    this.addSql(
      `alter table "posting" add constraint "posting_waiting_for_check" check ("waiting_for" in ('CUSTOMER', 'QUICKBOOKS', 'TOKEN', 'CRM'));`,
    )
  }
}
