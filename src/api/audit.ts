import { Arg, Args, Authorized, Ctx, Field, InputType, ObjectType, Query, Resolver } from 'type-graphql'
import { AuditEntry, AuditResult } from '../domain/access.ts'
import { Role } from '../domain/kinds.ts'
import { type AuditSelection, auditPage } from '../storage/audit.ts'
import type { ApiContext } from './context.ts'
import { PageArgs, pageOf } from './page.ts'

@InputType()
class AuditFilter implements AuditSelection {
  @Field(() => String, { nullable: true, description: 'The name of a key, or of the part of Countersign that acted.' })
  author?: string | null

  @Field(() => String, { nullable: true, description: 'The name of a mutation, or `readExchangeBodies`.' })
  action?: string | null

  @Field(() => String, { nullable: true, description: 'A part of the subject, such as an id.' })
  subject?: string | null

  @Field(() => AuditResult, { nullable: true })
  result?: AuditResult | null
}

@ObjectType()
class AuditEntryPage extends pageOf(AuditEntry) {}

@Resolver()
export class AuditQueries {
  @Authorized(Role.ADMIN)
  @Query(() => AuditEntryPage, { description: 'Newest first. A scoped key sees what keys within its scope did.' })
  async auditEntries(
    @Arg('filter', () => AuditFilter, { nullable: true }) filter: AuditFilter | null,
    @Args(() => PageArgs) { request }: PageArgs,
    @Ctx() { services }: ApiContext,
  ): Promise<AuditEntryPage> {
    return new AuditEntryPage(await auditPage(services.database, { selection: filter ?? {}, request }))
  }
}
