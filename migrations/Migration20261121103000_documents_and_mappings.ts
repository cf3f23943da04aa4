import { Migration } from '@mikro-orm/migrations'

export class Migration20261121103000_documents_and_mappings extends Migration {
  override up(): void {
    this.addSql(
      `create table "account_mapping" ("id" uuid not null, "version" int not null, "connection_id" uuid null, "name" text not null, "position" int not null, "pattern_kind" text not null default 'GLOB', "item" text null, "category" text null, "line_kind" text null, "customer_group" text null, "tax_state" text null, "account" text null, "target_kind" text not null, "target" text not null, "effective_from" text not null default '0001-01-01', "effective_to" text null, "author" text not null, "created_at" timestamptz not null, "ended_at" timestamptz null, "ended_by" text null, primary key ("id", "version"));`,
    )
    this.addSql(
      `create index "account_mapping_by_connection" on "account_mapping" ("connection_id", "position", "id");`,
    )
    this.addSql(
      `create unique index "account_mapping_one_open" on "account_mapping" ("id") where "effective_to" is null;`,
    )
    this.addSql(
      `alter table "account_mapping" add constraint "account_mapping_connection_id_foreign" foreign key ("connection_id") references "connection" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "account_mapping" add constraint "account_mapping_pattern_kind_check" check ("pattern_kind" in ('GLOB', 'REGEX'));`,
    )
    this.addSql(
      `alter table "account_mapping" add constraint "account_mapping_line_kind_check" check ("line_kind" in ('ITEM', 'DISCOUNT', 'SHIPPING', 'TAX', 'ROUNDING'));`,
    )
    this.addSql(
      `alter table "account_mapping" add constraint "account_mapping_tax_state_check" check ("tax_state" in ('TAXABLE', 'EXEMPT'));`,
    )
    this.addSql(
      `alter table "account_mapping" add constraint "account_mapping_target_kind_check" check ("target_kind" in ('ACCOUNT', 'ITEM', 'TAX_CODE', 'METRIC'));`,
    )
    this.addSql(
      `alter table "account_mapping" add constraint "account_mapping_begins_before_it_ends" check (effective_to is null or effective_to >= effective_from);`,
    )
    this.addSql(`alter table "account_mapping" add constraint "account_mapping_has_version" check (version >= 1);`)
    this.addSql(`insert into "account_mapping" ("id", "version", "name", "position", "pattern_kind", "account", "target_kind", "target", "effective_from", "author", "created_at") values
    ('01993a00-0000-7000-8000-000000000001', 1, 'Cost of goods sold', 10010, 'GLOB', '*Cost of Goods*', 'METRIC', 'product_cogs', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000002', 1, 'COGS', 10020, 'REGEX', '\\bCOGS\\b', 'METRIC', 'product_cogs', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000003', 1, 'Tax distributions', 10030, 'GLOB', '*Tax Distribution*', 'METRIC', 'owner_comp_taxes', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000004', 1, 'Estimated taxes', 10040, 'GLOB', '*Estimated Tax*', 'METRIC', 'owner_comp_taxes', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000005', 1, 'Owner draws', 10050, 'REGEX', '\\bowner''?s?\\b.*\\bdraws?\\b', 'METRIC', 'owner_comp', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000006', 1, 'Officer compensation', 10060, 'REGEX', '\\bofficers?\\b.*\\bcompensation\\b', 'METRIC', 'owner_comp', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000007', 1, 'Payroll', 10070, 'GLOB', '*Payroll*', 'METRIC', 'employee_expense', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000008', 1, 'Wages', 10080, 'REGEX', '\\bwages?\\b', 'METRIC', 'employee_expense', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000009', 1, 'Salaries', 10090, 'REGEX', '\\bsalar(y|ies)\\b', 'METRIC', 'employee_expense', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000010', 1, 'Professional services', 10100, 'GLOB', '*Professional Services*', 'METRIC', 'nrr', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000011', 1, 'NRR', 10110, 'REGEX', '\\bNRR\\b', 'METRIC', 'nrr', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000012', 1, 'Managed services', 10120, 'GLOB', '*Managed Services*', 'METRIC', 'mrr', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000013', 1, 'MRR', 10130, 'REGEX', '\\bMRR\\b', 'METRIC', 'mrr', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000014', 1, 'Annual contracts', 10140, 'REGEX', '\\bannual\\b.*\\bcontracts?\\b', 'METRIC', 'orr', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000015', 1, 'ORR', 10150, 'REGEX', '\\bORR\\b', 'METRIC', 'orr', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000016', 1, 'Product sales', 10160, 'GLOB', '*Product Sales*', 'METRIC', 'product_sales', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000017', 1, 'Sales of product income', 10170, 'GLOB', '*Sales of Product*', 'METRIC', 'product_sales', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000018', 1, 'Hardware sales', 10180, 'REGEX', '\\bhardware\\b.*\\b(sales|income|revenue)\\b|\\bsales\\b.*\\bhardware\\b', 'METRIC', 'product_sales', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000019', 1, 'Other income', 10190, 'GLOB', '*Other Income*', 'METRIC', 'misc_revenue', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000020', 1, 'Miscellaneous income', 10200, 'REGEX', '\\bmisc(ellaneous|\\.)?\\s.*\\b(income|revenue)\\b', 'METRIC', 'misc_revenue', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000021', 1, 'Expenses', 10210, 'REGEX', '\\bexpenses?\\b', 'METRIC', 'other_expenses', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z'),
    ('01993a00-0000-7000-8000-000000000022', 1, 'All other accounts', 10220, 'GLOB', '*', 'METRIC', 'other_expenses', '0001-01-01', 'Countersign', '2026-11-21T00:00:00Z');`)

    this.addSql(`alter table "posting" add "mapping" jsonb null;`)

    this.addSql(`alter table "bulk_operation" drop constraint "bulk_operation_kind_check";`)
    this.addSql(
      `alter table "bulk_operation" add constraint "bulk_operation_kind_check" check ("kind" in ('RETRY_FAILED', 'FIX_AND_RETRY', 'SYNC', 'RESET', 'RECONCILE'));`,
    )

    this.addSql(
      `alter table "connection" add "refund_account_name" text not null default 'Undeposited Funds', add "correction_method" text not null default 'CREDIT_MEMO', add "correction_approval" text not null default 'ASK';`,
    )
    this.addSql(
      `alter table "connection" add constraint "connection_correction_method_check" check ("correction_method" in ('CREDIT_MEMO', 'VOID'));`,
    )
    this.addSql(
      `alter table "connection" add constraint "connection_correction_approval_check" check ("correction_approval" in ('ASK', 'AUTOMATIC'));`,
    )

    this.addSql(`alter table "link" drop constraint "link_kind_check";`)
    this.addSql(
      `alter table "link" add constraint "link_kind_check" check ("kind" in ('INVOICE', 'CREDIT_MEMO', 'REFUND', 'PAYMENT', 'CUSTOMER', 'ITEM', 'ACCOUNT', 'TAX_CODE', 'TERM', 'PAYMENT_METHOD'));`,
    )

    this.addSql(`alter table "posting" add "correction_id" uuid null, add "number_suffix" text null;`)
    this.addSql(
      `create index "posting_by_correction" on "posting" ("correction_id") where "correction_id" is not null;`,
    )
    this.addSql(
      `create index "posting_customer_not_as_told" on "posting" ("source_id") where "kind" = 'CUSTOMER' and ("state" in ('PENDING', 'CLAIMED', 'SENT', 'UNKNOWN', 'FAILED', 'MISMATCHED', 'CANCELLED') or "document" ->> 'active' = 'false');`,
    )
    this.addSql(`alter table "posting" drop constraint "posting_kind_check";`)
    this.addSql(
      `alter table "posting" add constraint "posting_kind_check" check ("kind" in ('CREDIT_MEMO', 'CUSTOMER', 'INVOICE', 'PAYMENT', 'REFUND', 'VOID'));`,
    )
    this.addSql(`alter table "posting" drop constraint "posting_waiting_for_check";`)
    this.addSql(
      `alter table "posting" add constraint "posting_waiting_for_check" check ("waiting_for" in ('CUSTOMER', 'DOCUMENT', 'QUICKBOOKS', 'TOKEN', 'CRM', 'WEB_CONNECTOR'));`,
    )

    this.addSql(
      `create table "correction" ("id" uuid not null, "connection_id" uuid not null, "posting_id" uuid not null, "source_id" uuid not null, "order_number" text null, "document_number" text not null, "state" text not null default 'PROPOSED', "cause" text not null, "method" text not null, "before" jsonb not null, "after" jsonb null, "content_hash" text not null, "differences" text[] not null, "note" text null, "author" text null, "created_at" timestamptz not null, "decided_at" timestamptz null, "updated_at" timestamptz not null, primary key ("id"));`,
    )
    this.addSql(`create index "correction_by_connection" on "correction" ("connection_id", "id");`)
    this.addSql(`create index "correction_by_state" on "correction" ("state", "id");`)
    this.addSql(`create index "correction_by_posting" on "correction" ("posting_id", "id");`)
    this.addSql(
      `create unique index "correction_one_open" on "correction" ("posting_id") where "state" in ('PROPOSED', 'APPLIED');`,
    )
    this.addSql(
      `alter table "correction" add constraint "correction_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `alter table "correction" add constraint "correction_posting_id_foreign" foreign key ("posting_id") references "posting" ("id");`,
    )
    this.addSql(
      `alter table "correction" add constraint "correction_state_check" check ("state" in ('PROPOSED', 'APPLIED', 'DISMISSED', 'GONE'));`,
    )
    this.addSql(
      `alter table "correction" add constraint "correction_cause_check" check ("cause" in ('EDITED', 'CANCELLED', 'DELETED'));`,
    )
    this.addSql(
      `alter table "correction" add constraint "correction_method_check" check ("method" in ('CREDIT_MEMO', 'VOID'));`,
    )

    this.addSql(
      `alter table "posting" add "accepted_by" text null, add "acceptance_note" text null, add "accepted_comparison" jsonb null;`,
    )

    this.addSql(`alter table "connection" add "mode" text not null default 'WRITING';`)
    this.addSql(
      `alter table "connection" add constraint "connection_mode_check" check ("mode" in ('WRITING', 'SHADOW'));`,
    )
    this.addSql(
      `create table "shadow_prediction" ("id" uuid not null, "connection_id" uuid not null, "source_id" uuid not null, "kind" text not null, "order_number" text null, "document_number" text not null, "date" text not null, "total" numeric(18,2) not null, "document" jsonb not null, "content_hash" text not null, "told_id" text null, "state" text not null default 'WAITING', "quick_books_id" text null, "their_total" numeric(18,2) null, "predicted_at" timestamptz not null, "compared_at" timestamptz null, "due_at" timestamptz not null, primary key ("id"));`,
    )
    this.addSql(`create index "shadow_prediction_by_date" on "shadow_prediction" ("connection_id", "date");`)
    this.addSql(`create index "shadow_prediction_by_due" on "shadow_prediction" ("connection_id", "due_at", "id");`)
    this.addSql(
      `alter table "shadow_prediction" add constraint "shadow_prediction_connection_id_source_id_unique" unique ("connection_id", "source_id");`,
    )
    this.addSql(
      `alter table "shadow_prediction" add constraint "shadow_prediction_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `alter table "shadow_prediction" add constraint "shadow_prediction_kind_check" check ("kind" in ('CREDIT_MEMO', 'CUSTOMER', 'INVOICE', 'PAYMENT', 'REFUND', 'VOID'));`,
    )
    this.addSql(
      `alter table "shadow_prediction" add constraint "shadow_prediction_state_check" check ("state" in ('WAITING', 'EQUAL', 'DIFFERING', 'MISSING'));`,
    )
    this.addSql(
      `create table "shadow_difference" ("id" uuid not null, "connection_id" uuid not null, "prediction_id" uuid not null, "source_id" uuid not null, "order_number" text null, "document_number" text not null, "date" text not null, "field" text not null, "line" int null, "ours" text null, "theirs" text null, "cents" bigint null, "found_at" timestamptz not null, "seen_at" timestamptz not null, primary key ("id"));`,
    )
    this.addSql(`create index "shadow_difference_by_connection" on "shadow_difference" ("connection_id", "id");`)
    this.addSql(
      `create unique index "shadow_difference_one" on "shadow_difference" ("prediction_id", "field", coalesce("line", 0));`,
    )
    this.addSql(
      `alter table "shadow_difference" add constraint "shadow_difference_connection_id_foreign" foreign key ("connection_id") references "connection" ("id");`,
    )
    this.addSql(
      `alter table "shadow_difference" add constraint "shadow_difference_prediction_id_foreign" foreign key ("prediction_id") references "shadow_prediction" ("id") on delete cascade;`,
    )
  }

  override down(): void {
    this.addSql(`drop table if exists "shadow_difference" cascade;`)
    this.addSql(`drop table if exists "shadow_prediction" cascade;`)
    this.addSql(`alter table "connection" drop constraint "connection_mode_check";`)
    this.addSql(`alter table "connection" drop column "mode";`)
    this.addSql(
      `alter table "posting" drop column "accepted_by", drop column "acceptance_note", drop column "accepted_comparison";`,
    )
    this.addSql(`drop table if exists "correction" cascade;`)
    this.addSql(
      `alter table "connection" drop constraint "connection_correction_method_check", drop constraint "connection_correction_approval_check";`,
    )
    this.addSql(
      `alter table "connection" drop column "refund_account_name", drop column "correction_method", drop column "correction_approval";`,
    )
    this.addSql(
      `delete from "link" where "kind" in ('CREDIT_MEMO', 'REFUND', 'PAYMENT', 'TAX_CODE', 'TERM', 'PAYMENT_METHOD');`,
    )
    this.addSql(`alter table "link" drop constraint "link_kind_check";`)
    this.addSql(
      `alter table "link" add constraint "link_kind_check" check ("kind" in ('INVOICE', 'CUSTOMER', 'ITEM', 'ACCOUNT'));`,
    )
    this.addSql(`alter table "posting" drop constraint "posting_waiting_for_check";`)
    this.addSql(`update "posting" set "waiting_for" = null where "waiting_for" = 'DOCUMENT';`)
    this.addSql(
      `alter table "posting" add constraint "posting_waiting_for_check" check ("waiting_for" in ('CUSTOMER', 'QUICKBOOKS', 'TOKEN', 'CRM', 'WEB_CONNECTOR'));`,
    )
    this.addSql(`alter table "posting" drop constraint "posting_kind_check";`)
    this.addSql(`alter table "posting" add constraint "posting_kind_check" check ("kind" in ('INVOICE', 'CUSTOMER'));`)
    this.addSql(`drop index "posting_customer_not_as_told";`)
    this.addSql(`drop index "posting_by_correction";`)
    this.addSql(`alter table "posting" drop column "correction_id", drop column "number_suffix";`)
    this.addSql(`drop table if exists "account_mapping" cascade;`)
    this.addSql(`alter table "posting" drop column "mapping";`)
    this.addSql(`delete from "bulk_operation" where "kind" = 'FIX_AND_RETRY';`)
    this.addSql(`alter table "bulk_operation" drop constraint "bulk_operation_kind_check";`)
    this.addSql(
      `alter table "bulk_operation" add constraint "bulk_operation_kind_check" check ("kind" in ('RETRY_FAILED', 'SYNC', 'RESET', 'RECONCILE'));`,
    )
  }
}
