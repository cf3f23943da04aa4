import { Migration } from '@mikro-orm/migrations'

export class Migration20261121090027_payments_back extends Migration {
  override name = 'Migration20261121090027_payments_back'

  override up(): void | Promise<void> {
    this.addSql(`alter table "mirror_record" add "collected" boolean not null default false;`)
    this.addSql(
      `create index "mirror_record_uncollected" on "mirror_record" ("connection_id") where not "collected" and "entity" in ('PAYMENT', 'CREDIT_MEMO', 'REFUND_RECEIPT');`,
    )

    this.addSql(`alter table "payment_event" add "method" text null;`)
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "mirror_record_uncollected";`)
    this.addSql(`alter table "mirror_record" drop column "collected";`)

    this.addSql(`alter table "payment_event" drop column "method";`)
  }
}
