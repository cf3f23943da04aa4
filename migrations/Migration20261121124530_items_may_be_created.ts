import { Migration } from '@mikro-orm/migrations'

export class Migration20261121124530_items_may_be_created extends Migration {
  override name = 'Migration20261121124530_items_may_be_created'

  override up(): void | Promise<void> {
    this.addSql(`alter table "connection" add "create_items" boolean not null default false;`)

    this.addSql(`alter table "posting" drop constraint "posting_kind_check";`)
    this.addSql(`alter table "posting" drop constraint "posting_waiting_for_check";`)
    this.addSql(
      `alter table "posting" add constraint "posting_kind_check" check ("kind" in ('CREDIT_MEMO', 'CUSTOMER', 'INVOICE', 'ITEM', 'PAYMENT', 'REFUND', 'VOID'));`,
    )
    this.addSql(
      `alter table "posting" add constraint "posting_waiting_for_check" check ("waiting_for" in ('CUSTOMER', 'DOCUMENT', 'ITEM', 'QUICKBOOKS', 'TOKEN', 'CRM', 'WEB_CONNECTOR'));`,
    )

    this.addSql(`alter table "shadow_prediction" drop constraint "shadow_prediction_kind_check";`)
    this.addSql(
      `alter table "shadow_prediction" add constraint "shadow_prediction_kind_check" check ("kind" in ('CREDIT_MEMO', 'CUSTOMER', 'INVOICE', 'ITEM', 'PAYMENT', 'REFUND', 'VOID'));`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "connection" drop column "create_items";`)

    this.addSql(`alter table "posting" drop constraint "posting_kind_check";`)
    this.addSql(`alter table "posting" drop constraint "posting_waiting_for_check";`)
    this.addSql(
      `alter table "posting" add constraint "posting_kind_check" check ("kind" in ('CREDIT_MEMO', 'CUSTOMER', 'INVOICE', 'PAYMENT', 'REFUND', 'VOID'));`,
    )
    this.addSql(
      `alter table "posting" add constraint "posting_waiting_for_check" check ("waiting_for" in ('CUSTOMER', 'DOCUMENT', 'QUICKBOOKS', 'TOKEN', 'CRM', 'WEB_CONNECTOR'));`,
    )

    this.addSql(`alter table "shadow_prediction" drop constraint "shadow_prediction_kind_check";`)
    this.addSql(
      `alter table "shadow_prediction" add constraint "shadow_prediction_kind_check" check ("kind" in ('CREDIT_MEMO', 'CUSTOMER', 'INVOICE', 'PAYMENT', 'REFUND', 'VOID'));`,
    )
  }
}
