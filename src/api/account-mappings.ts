import {
  Arg,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
  UseMiddleware,
} from 'type-graphql'
import {
  AccountMapping,
  LineKind,
  LineMapping,
  MappingPatternKind,
  MappingTargetKind,
  TaxState,
} from '../domain/account-mapping.ts'
import { BulkOperation } from '../domain/bulk-operation.ts'
import { Connection } from '../domain/connection.ts'
import { Role } from '../domain/kinds.ts'
import type { MappingInput } from '../domain/mapping-input.ts'
import { MappingLint } from '../domain/mapping-lint.ts'
import { AccountMappingPreview } from '../domain/mapping-preview.ts'
import { Posting } from '../domain/posting.ts'
import { mappingsOn, versionsOf } from '../storage/account-mappings.ts'
import { InvalidRequest, idFrom } from '../storage/pages.ts'
import { audited, failureAudited } from './access.ts'
import type { ApiContext } from './context.ts'
import type { Caller } from './services.ts'

const LINT_DAYS_MAX = 3_650

@InputType({ description: 'A rule. What is left out, or empty, is no condition.' })
class AccountMappingInput implements MappingInput {
  @Field(() => ID, { nullable: true, description: 'Left out: a rule for all connections.' })
  connectionId?: string | null

  @Field()
  name!: string

  @Field(() => Int, {
    nullable: true,
    description: 'Its place, 1 to 99999: lower ones are tried first. Left out: behind all rules that people wrote.',
  })
  position?: number | null

  @Field(() => MappingPatternKind, { nullable: true, description: 'Left out: GLOB.' })
  patternKind?: MappingPatternKind | null

  @Field(() => String, { nullable: true, description: 'A pattern for the SKU (product code) or the name of the item.' })
  item?: string | null

  @Field(() => String, { nullable: true, description: "A pattern for the product's category in the CRM." })
  category?: string | null

  @Field(() => LineKind, { nullable: true })
  lineKind?: LineKind | null

  @Field(() => String, { nullable: true, description: "A pattern for the order's sales group." })
  customerGroup?: string | null

  @Field(() => TaxState, { nullable: true })
  taxState?: TaxState | null

  @Field(() => String, {
    nullable: true,
    description:
      'A pattern for where it is shipped to: the state, the postal code, or both with a space between, such as `CA 941*`. For the sales tax of a document only (`lineKind` TAX).',
  })
  shipTo?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'A pattern for accounts of the books: for metric categories only.',
  })
  account?: string | null

  @Field(() => MappingTargetKind)
  targetKind!: MappingTargetKind

  @Field({ description: 'The name of the account, item or tax code in QuickBooks, or the key of the metric category.' })
  target!: string

  @Field(() => String, {
    nullable: true,
    description:
      'It holds for documents of this day (YYYY-MM-DD) and later. Left out: for all; of a change, for the days of the version that it replaces.',
  })
  effectiveFrom?: string | null

  @Field(() => String, { nullable: true, description: 'It no longer holds for documents of this day and later.' })
  effectiveTo?: string | null
}

@Resolver(() => AccountMapping)
export class AccountMappingResolvers {
  @Authorized(Role.VIEWER)
  @Query(() => [AccountMapping], {
    description:
      'In the order in which they are tried. Of a connection: its own rules and those for all; else every rule.',
  })
  accountMappings(
    @Arg('connectionId', () => ID, { nullable: true }) connectionId: string | null,
    @Arg('on', () => String, {
      nullable: true,
      description: 'A day (YYYY-MM-DD): the versions that hold on it, or will. Left out: today.',
    })
    on: string | null,
    @Ctx() { services, now }: ApiContext,
  ): Promise<AccountMapping[]> {
    const id = connectionId ? idFrom({ id: connectionId, what: 'connection' }) : null
    return mappingsOn(services.database, { connectionId: id, date: dayFrom(on) ?? now().toISOString().slice(0, 10) })
  }

  @Authorized(Role.VIEWER)
  @Query(() => [AccountMapping], {
    description: 'Every version of one rule, the newest first; those of a deleted one, too.',
  })
  accountMappingVersions(@Arg('id', () => ID) id: string, @Ctx() { services }: ApiContext): Promise<AccountMapping[]> {
    return versionsOf(services.database, [idFrom({ id, what: 'account mapping' })])
  }

  @Authorized(Role.VIEWER)
  @Query(() => AccountMappingPreview, {
    description: 'What a rule would have changed over some days of history. Nothing is changed by asking.',
  })
  previewAccountMapping(
    @Arg('input', () => AccountMappingInput) input: AccountMappingInput,
    @Arg('days', () => Int, { defaultValue: 90 }) days: number,
    @Arg('id', () => ID, { nullable: true, description: 'The rule that it would change; left out: a new one.' })
    id: string | null,
    @Arg('rows', () => Int, { defaultValue: 100, description: 'How many changed lines to show, at most 1,000.' })
    rows: number,
    @Ctx() { services }: ApiContext,
  ): Promise<AccountMappingPreview> {
    const rule = id ? idFrom({ id, what: 'account mapping' }) : null
    return services.previewAccountMapping({ input: checked(input), id: rule, days, rows, database: services.database })
  }

  @Authorized(Role.VIEWER)
  @Query(() => [MappingLint], {
    description: 'Everything that is wrong with the account mappings of a connection, or will be: the worst first.',
  })
  lintAccountMappings(
    @Arg('connectionId', () => ID) connectionId: string,
    @Arg('days', () => Int, { defaultValue: 90, description: 'How far back lines are looked at.' }) days: number,
    @Ctx() { services }: ApiContext,
  ): Promise<MappingLint[]> {
    if (days < 1 || days > LINT_DAYS_MAX)
      throw new InvalidRequest(`"days" is ${days}: 1 to ${LINT_DAYS_MAX} can be looked back.`)
    const id = idFrom({ id: connectionId, what: 'connection' })
    return services.lintAccountMappings({ connectionId: id, days, database: services.database })
  }

  @Authorized(Role.ADMIN)
  @UseMiddleware(failureAudited)
  @Mutation(() => AccountMapping)
  createAccountMapping(
    @Arg('input', () => AccountMappingInput) input: AccountMappingInput,
    @Ctx() { services, caller }: ApiContext,
  ): Promise<AccountMapping> {
    return services.createAccountMapping({ input: checked(input), author: caller as Caller })
  }

  @Authorized(Role.ADMIN)
  @UseMiddleware(failureAudited)
  @Mutation(() => AccountMapping, {
    description:
      'Makes another version of a rule. The version before holds up to its first day; what is posted keeps the version that it names.',
  })
  updateAccountMapping(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => AccountMappingInput) input: AccountMappingInput,
    @Ctx() { services, caller }: ApiContext,
  ): Promise<AccountMapping> {
    const rule = idFrom({ id, what: 'account mapping' })
    return services.updateAccountMapping({ id: rule, input: checked(input), author: caller as Caller })
  }

  @Authorized(Role.ADMIN)
  @UseMiddleware(failureAudited)
  @Mutation(() => Boolean, { description: 'Ends a rule. False when there is none, or it has ended.' })
  deleteAccountMapping(
    @Arg('id', () => ID) id: string,
    @Arg('from', () => String, {
      nullable: true,
      description: 'It no longer holds for documents of this day (YYYY-MM-DD) and later. Left out: today.',
    })
    from: string | null,
    @Ctx() { services, caller, now }: ApiContext,
  ): Promise<boolean> {
    const rule = idFrom({ id, what: 'account mapping' })
    const day = dayFrom(from) ?? now().toISOString().slice(0, 10)
    return services.deleteAccountMapping({ id: rule, from: day, author: caller as Caller })
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => BulkOperation, {
    description:
      'Sets just those postings of a connection going that failed for one reason, or wait because of it: when its cause is mended.',
  })
  fixAndRetry(
    @Arg('reasonCode', () => String) reasonCode: string,
    @Arg('connectionId', () => ID) connectionId: string,
    @Ctx() { services, caller }: ApiContext,
  ): Promise<BulkOperation> {
    const id = idFrom({ id: connectionId, what: 'connection' })
    return services.fixAndRetry({ reasonCode, connectionId: id, author: caller as Caller })
  }

  @FieldResolver(() => Connection, { nullable: true, description: 'Empty: it is for all connections.' })
  async connection(
    @Root() { connectionId }: AccountMapping,
    @Ctx() { loaders }: ApiContext,
  ): Promise<Connection | undefined> {
    return (await loaders.connections()).find(({ id }) => id === connectionId)
  }
}

/** What a posting shows of the rules that chose for it. */
@Resolver(() => Posting)
export class PostingMappingFields {
  @FieldResolver(() => [LineMapping], {
    description:
      'With what each line was booked when it was last made ready, by which rule, and why. Empty until then, and for what has no lines.',
    complexity: ({ childComplexity }) => 10 * childComplexity,
  })
  mapping(@Root() posting: Posting, @Ctx() { services, loaders }: ApiContext): Promise<LineMapping[]> {
    return loaders.connections().then((connections) => {
      const connection = connections.find(({ id }) => id === posting.connectionId)
      return connection ? services.mappingOf({ posting, connection }) : []
    })
  }
}

function checked(input: AccountMappingInput): MappingInput {
  const { connectionId } = input
  return connectionId ? { ...input, connectionId: idFrom({ id: connectionId, what: 'connection' }) } : input
}

function dayFrom(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`))) return text
  throw new InvalidRequest(`"${text.slice(0, 60)}" is no day: write it as 2026-01-31.`)
}
