import { Migration } from '@mikro-orm/migrations'

export class Migration20261121164756_drafts_stand_without_an_invoice extends Migration {
  override name = 'Migration20261121164756_drafts_stand_without_an_invoice'

  override up(): void | Promise<void> {
    this.addSql(`alter table "invoice_standing" alter column "invoice_id" drop not null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "invoice_standing" alter column "invoice_id" set not null;`)
  }
}
