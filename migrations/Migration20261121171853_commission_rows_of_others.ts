import { Migration } from '@mikro-orm/migrations'

export class Migration20261121171853_commission_rows_of_others extends Migration {
  override name = 'Migration20261121171853_commission_rows_of_others'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "commission_row_of_others" ("id" uuid not null, "source_id" uuid null, "order_number" text null, "rep" text null, "invoice_number" text null, "payment_id" text null, "day" date not null, "amount" numeric(18,2) null, "commission" numeric(18,2) null, "seen_at" timestamptz not null, primary key ("id"));`,
    )
    this.addSql(`create index "commission_row_of_others_by_day" on "commission_row_of_others" ("day");`)

    this.addSql(`create index "commission_invoice_by_number" on "commission_invoice" ("document_number");`)
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "commission_row_of_others" cascade;`)

    this.addSql(`drop index "commission_invoice_by_number";`)
  }
}
