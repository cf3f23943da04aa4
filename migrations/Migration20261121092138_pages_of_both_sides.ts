import { Migration } from '@mikro-orm/migrations'

export class Migration20261121092138_pages_of_both_sides extends Migration {
  override name = 'Migration20261121092138_pages_of_both_sides'

  override up(): void | Promise<void> {
    this.addSql(
      `create index "mirror_record_gone" on "mirror_record" ("entity", "id") where not "active" or "deleted_at" is not null;`,
    )

    this.addSql(
      `create index "posting_customer_to_be" on "posting" ("id") where "kind" = 'CUSTOMER' and "quick_books_id" is null;`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "mirror_record_gone";`)

    this.addSql(`drop index "posting_customer_to_be";`)
  }
}
