import { Migration } from '@mikro-orm/migrations'

export class Migration20261121090800_keep_bodies_for_so_long extends Migration {
  override name = 'Migration20261121090800_keep_bodies_for_so_long'

  override up(): void | Promise<void> {
    this.addSql(`drop trigger if exists "delivery_never_changes" on "delivery";`)
    this.addSql(`drop function if exists "delivery_delivery_never_changes_fn"();`)
    this.addSql(`alter table "delivery" add "carries" text null, add "pruned_at" timestamptz null;`)
    // What there is already says it by its exchanges: one that carries a single write is a write.
    this.addSql(`update "delivery" set "carries" = coalesce((
      select "purpose" from "exchange" where "delivery_id" = "delivery"."id"
      order by "purpose" = 'POST' desc, "position" limit 1), 'PULL');`)
    this.addSql(`alter table "delivery" alter column "carries" set not null;`)
    this.addSql(`create index "delivery_to_prune" on "delivery" ("carries", "sent_at") where "response" is not null;`)
    this.addSql(
      `alter table "delivery" add constraint "delivery_carries_check" check ("carries" in ('POST', 'LOOK_UP', 'PULL'));`,
    )
    this.addSql(
      `create or replace function "delivery_delivery_never_changes_fn"() returns trigger as $$ begin if row(new.id, new.connection_id, new.lane_epoch, new.method, new.path, new.body_hash, new.size, new.carries, new.created_at) is distinct from row(old.id, old.connection_id, old.lane_epoch, old.method, old.path, old.body_hash, old.size, old.carries, old.created_at) or old.sent_at is not null and new.sent_at is distinct from old.sent_at or old.answered_at is not null and row(new.answered_at, new.status, new.duration_ms, new.intuit_tid, new.lost_reason) is distinct from row(old.answered_at, old.status, old.duration_ms, old.intuit_tid, old.lost_reason) or old.answered_at is not null and new.response is distinct from old.response and not (old.pruned_at is null and new.pruned_at is not null and new.response is null) or old.pruned_at is not null and new.pruned_at is distinct from old.pruned_at then raise exception 'delivery %: what was asked, when it was sent and what was answered never change', old.id using errcode = 'restrict_violation'; end if; return new; end; $$ language plpgsql;`,
    )
    this.addSql(
      `create trigger "delivery_never_changes" BEFORE UPDATE on "delivery" for each ROW execute function "delivery_delivery_never_changes_fn"();`,
    )

    this.addSql(`drop trigger if exists "exchange_never_changes" on "exchange";`)
    this.addSql(`drop function if exists "exchange_exchange_never_changes_fn"();`)
    this.addSql(
      `create or replace function "exchange_exchange_never_changes_fn"() returns trigger as $$ begin if row(new.id, new.connection_id, new.delivery_id, new.position, new.purpose, new.operation, new.idempotency_key, new.created_at) is distinct from row(old.id, old.connection_id, old.delivery_id, old.position, old.purpose, old.operation, old.idempotency_key, old.created_at) or new.posting_id is not null and new.posting_id is distinct from old.posting_id or old.outcome is not null and new.outcome is distinct from old.outcome or (new.request is distinct from old.request or old.outcome is not null and new.response is distinct from old.response) and not (new.request = '' and new.response is null and exists (select from delivery where delivery.id = old.delivery_id and delivery.pruned_at is not null)) then raise exception 'exchange %: what was asked and what was answered never change', old.id using errcode = 'restrict_violation'; end if; return new; end; $$ language plpgsql;`,
    )
    this.addSql(
      `create trigger "exchange_never_changes" BEFORE UPDATE on "exchange" for each ROW execute function "exchange_exchange_never_changes_fn"();`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "delivery_to_prune";`)
    this.addSql(`alter table "delivery" drop constraint "delivery_carries_check";`)
    this.addSql(`drop trigger if exists "delivery_never_changes" on "delivery";`)
    this.addSql(`drop function if exists "delivery_delivery_never_changes_fn"();`)
    this.addSql(`alter table "delivery" drop column "carries", drop column "pruned_at";`)
    this.addSql(
      `create or replace function "delivery_delivery_never_changes_fn"() returns trigger as $$ begin if row(new.id, new.connection_id, new.lane_epoch, new.method, new.path, new.body_hash, new.size, new.created_at) is distinct from row(old.id, old.connection_id, old.lane_epoch, old.method, old.path, old.body_hash, old.size, old.created_at) or old.sent_at is not null and new.sent_at is distinct from old.sent_at or old.answered_at is not null and row(new.answered_at, new.status, new.duration_ms, new.intuit_tid, new.response, new.lost_reason) is distinct from row(old.answered_at, old.status, old.duration_ms, old.intuit_tid, old.response, old.lost_reason) then raise exception 'delivery %: what was asked, when it was sent and what was answered never change', old.id using errcode = 'restrict_violation'; end if; return new; end; $$ language plpgsql;`,
    )
    this.addSql(
      `create trigger "delivery_never_changes" BEFORE UPDATE on "delivery" for each ROW execute function "delivery_delivery_never_changes_fn"();`,
    )

    this.addSql(`drop trigger if exists "exchange_never_changes" on "exchange";`)
    this.addSql(`drop function if exists "exchange_exchange_never_changes_fn"();`)
    this.addSql(
      `create or replace function "exchange_exchange_never_changes_fn"() returns trigger as $$ begin if row(new.id, new.connection_id, new.delivery_id, new.position, new.purpose, new.operation, new.idempotency_key, new.request, new.created_at) is distinct from row(old.id, old.connection_id, old.delivery_id, old.position, old.purpose, old.operation, old.idempotency_key, old.request, old.created_at) or new.posting_id is not null and new.posting_id is distinct from old.posting_id or old.outcome is not null and row(new.outcome, new.response) is distinct from row(old.outcome, old.response) then raise exception 'exchange %: what was asked and what was answered never change', old.id using errcode = 'restrict_violation'; end if; return new; end; $$ language plpgsql;`,
    )
    this.addSql(
      `create trigger "exchange_never_changes" BEFORE UPDATE on "exchange" for each ROW execute function "exchange_exchange_never_changes_fn"();`,
    )
  }
}
