import { Migration } from '@mikro-orm/migrations'

export class Migration20261121123752_say_since_when_an_invoice_is_unpaid extends Migration {
  override name = 'Migration20261121123752_say_since_when_an_invoice_is_unpaid'

  override up(): void | Promise<void> {
    this.addSql(`alter table "invoice_standing" add "invoice_on" date null;`)
    this.addSql(
      `update "invoice_standing" s set "invoice_on" = i."invoice_on" from "commission_invoice" i where i."connection_id" = s."connection_id" and i."invoice_id" = s."invoice_id";`,
    )
    this.addSql(
      `create index "invoice_standing_unpaid" on "invoice_standing" ("connection_id") include ("due", "invoice_on") where "status" in ('SENT', 'PARTIAL', 'OVERDUE');`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "invoice_standing_unpaid";`)
    this.addSql(`alter table "invoice_standing" drop column "invoice_on";`)
  }
}
