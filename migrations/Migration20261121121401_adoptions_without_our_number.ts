import { Migration } from '@mikro-orm/migrations'

export class Migration20261121121401_adoptions_without_our_number extends Migration {
  override name = 'Migration20261121121401_adoptions_without_our_number'

  override up(): void | Promise<void> {
    this.addSql(
      `create index "mirror_invoice_by_customer" on "mirror_record" ("connection_id", "party_id", "date") where "entity" = 'INVOICE' and "deleted_at" is null;`,
    )
    this.addSql(
      `create index "mirror_invoice_by_total" on "mirror_record" ("connection_id", "total", "date") where "entity" = 'INVOICE' and "deleted_at" is null;`,
    )

    this.addSql(`alter table "posting" add "adopts" jsonb null;`)
    this.addSql(
      `create unique index "posting_one_adopter" on "posting" ("connection_id", ("adopts" ->> 'quickBooksId')) where "adopts" is not null;`,
    )

    this.addSql(`alter table "reset_plan" add "sync_operation_id" uuid null;`)

    this.addSql(`alter table "reset_plan_row" add "worked_on_at" text[] null, add "likely" jsonb null;`)
    this.addSql(
      `create index "reset_plan_row_likely" on "reset_plan_row" ("plan_id", "id") where "likely" is not null;`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "mirror_invoice_by_customer";`)
    this.addSql(`drop index "mirror_invoice_by_total";`)

    this.addSql(`drop index "posting_one_adopter";`)
    this.addSql(`alter table "posting" drop column "adopts";`)

    this.addSql(`alter table "reset_plan" drop column "sync_operation_id";`)

    this.addSql(`drop index "reset_plan_row_likely";`)
    this.addSql(`alter table "reset_plan_row" drop column "worked_on_at", drop column "likely";`)
  }
}
