import { Migration } from '@mikro-orm/migrations'

export class Migration20261121121902_the_tax_of_a_document extends Migration {
  override name = 'Migration20261121121902_the_tax_of_a_document'

  override up(): void | Promise<void> {
    this.addSql(`alter table "account_mapping" add "ship_to" text null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "account_mapping" drop column "ship_to";`)
  }
}
