import { Migration } from '@mikro-orm/migrations'

export class Migration20261121121312_void_what_should_not_be_there extends Migration {
  override name = 'Migration20261121121312_void_what_should_not_be_there'

  override up(): void | Promise<void> {
    this.addSql(`alter table "discrepancy" add "resolution_posting_id" uuid null;`)
    this.addSql(
      `alter table "discrepancy" add constraint "discrepancy_resolution_posting_id_foreign" foreign key ("resolution_posting_id") references "posting" ("id") on delete set null;`,
    )
    this.addSql(
      `create index "discrepancy_being_voided" on "discrepancy" ("connection_id", "quick_books_id") where "state" = 'OPEN' and "resolution" = 'VOID';`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "discrepancy" drop constraint "discrepancy_resolution_posting_id_foreign";`)

    this.addSql(`drop index "discrepancy_being_voided";`)
    this.addSql(`alter table "discrepancy" drop column "resolution_posting_id";`)
  }
}
