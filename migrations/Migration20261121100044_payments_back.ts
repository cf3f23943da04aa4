import { Migration } from '@mikro-orm/migrations'

export class Migration20261121100044_payments_back extends Migration {
  override name = 'Migration20261121100044_payments_back'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "commission_download" ("id" uuid not null default gen_random_uuid(), "connection_id" uuid not null, "invoice_id" text not null, "written" jsonb not null, "tell_at" timestamptz null, "revision" int not null default 1, "attempts" int not null default 0, "trouble" text null, primary key ("id"));`,
    )
    this.addSql(
      `create index "commission_download_untold" on "commission_download" ("tell_at") where "tell_at" is not null;`,
    )
    this.addSql(
      `alter table "commission_download" add constraint "commission_download_connection_id_invoice_id_unique" unique ("connection_id", "invoice_id");`,
    )

    this.addSql(
      `create table "invoice_standing" ("id" uuid not null, "connection_id" uuid not null, "invoice_id" text not null, "source_id" uuid not null, "order_number" text not null, "status" text not null, "total" numeric(18,2) not null, "paid" numeric(18,2) not null, "credited" numeric(18,2) not null, "due" numeric(18,2) not null, "due_on" date null, "paid_on" date null, "method" text null, "revision" int not null default 1, "tell_at" timestamptz null, "attempts" int not null default 0, "told_at" timestamptz null, "trouble" text null, primary key ("id"));`,
    )
    this.addSql(
      `create index "invoice_standing_open" on "invoice_standing" ("connection_id", "due_on") where "status" in ('SENT', 'PARTIAL');`,
    )
    this.addSql(`create index "invoice_standing_untold" on "invoice_standing" ("tell_at") where "tell_at" is not null;`)
    this.addSql(`create index "invoice_standing_by_order" on "invoice_standing" ("order_number");`)
    this.addSql(
      `alter table "invoice_standing" add constraint "invoice_standing_connection_id_invoice_id_unique" unique ("connection_id", "invoice_id");`,
    )

    this.addSql(
      `alter table "commission_invoice" add "earners_read_at" timestamptz null, add "earners_trouble" text null;`,
    )
    this.addSql(
      `create index "commission_invoice_earners_due" on "commission_invoice" ("earners_read_at" nulls first, "invoice_id");`,
    )

    this.addSql(`alter table "mirror_record" add "collected" boolean not null default false;`)
    this.addSql(
      `create index "mirror_record_uncollected" on "mirror_record" ("connection_id") where not "collected" and "entity" in ('PAYMENT', 'CREDIT_MEMO', 'REFUND_RECEIPT', 'INVOICE');`,
    )

    this.addSql(`alter table "payment_event" add "method" text null;`)

    this.addSql(
      `alter table "commission_download" add constraint "commission_download_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )

    this.addSql(
      `alter table "invoice_standing" add constraint "invoice_standing_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `alter table "invoice_standing" add constraint "invoice_standing_status_check" check ("status" in ('DRAFT', 'SENT', 'PARTIAL', 'PAID', 'OVERDUE', 'CANCELLED'));`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "commission_download" cascade;`)
    this.addSql(`drop table if exists "invoice_standing" cascade;`)

    this.addSql(`drop index "commission_invoice_earners_due";`)
    this.addSql(`alter table "commission_invoice" drop column "earners_read_at", drop column "earners_trouble";`)

    this.addSql(`drop index "mirror_record_uncollected";`)
    this.addSql(`alter table "mirror_record" drop column "collected";`)

    this.addSql(`alter table "payment_event" drop column "method";`)
  }
}
