import { Migration } from '@mikro-orm/migrations'

export class Migration20261121142809_name_look_ups extends Migration {
  override name = 'Migration20261121142809_name_look_ups'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "name_look_up" ("connection_id" uuid not null, "entity" text not null, "key" text not null, "name" text not null, "asked_at" timestamptz not null, "answered_at" timestamptz null, "record" jsonb null, primary key ("connection_id", "entity", "key"));`,
    )
    this.addSql(
      `create index "name_look_up_due" on "name_look_up" ("connection_id") where "answered_at" is null or "asked_at" > "answered_at";`,
    )

    this.addSql(
      `alter table "name_look_up" add constraint "name_look_up_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `alter table "name_look_up" add constraint "name_look_up_entity_check" check ("entity" in ('INVOICE', 'CREDIT_MEMO', 'REFUND', 'PAYMENT', 'CUSTOMER', 'ITEM', 'ACCOUNT', 'TAX_CODE', 'TERM', 'PAYMENT_METHOD'));`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "name_look_up" cascade;`)
  }
}
