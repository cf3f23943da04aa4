import { Migration } from '@mikro-orm/migrations'

export class Migration20261121182436_rows_of_a_plan_by_number extends Migration {
  override name = 'Migration20261121182436_rows_of_a_plan_by_number'

  override up(): void | Promise<void> {
    this.addSql(
      `create index "reset_plan_row_by_number" on "reset_plan_row" ("plan_id", "document_number") where "document_number" is not null;`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "reset_plan_row_by_number";`)
  }
}
