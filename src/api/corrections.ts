import {
  Arg,
  Args,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  UseMiddleware,
} from 'type-graphql'
import { Connection } from '../domain/connection.ts'
import { Correction, CorrectionState } from '../domain/correction.ts'
import { CorrectionApproval, CorrectionMethod, Role } from '../domain/kinds.ts'
import { Posting } from '../domain/posting.ts'
import { ShownDocument, shownDocument } from '../domain/shown-document.ts'
import {
  type CorrectionSelection,
  correctionPage,
  findCorrection,
  postingsOfCorrections,
} from '../storage/corrections.ts'
import { idFrom } from '../storage/pages.ts'
import { writesOf } from '../sync/correction-plan.ts'
import { audited } from './access.ts'
import type { ApiContext } from './context.ts'
import { ApiError } from './errors.ts'
import { PageArgs, pageOf } from './page.ts'

@InputType({ description: 'Each part narrows the list; what is left out does not.' })
class CorrectionFilter implements CorrectionSelection {
  @Field(() => ID, { nullable: true })
  connectionId?: string | null

  @Field(() => [CorrectionState], { nullable: true })
  states?: CorrectionState[] | null

  @Field(() => String, { nullable: true })
  orderNumber?: string | null
}

@ObjectType({ description: 'What applying a correction would write into QuickBooks.' })
class CorrectionPreview {
  @Field(() => CorrectionMethod)
  method!: CorrectionMethod

  @Field(() => [ShownDocument], { description: 'In the order in which they are posted.' })
  writes!: ShownDocument[]

  @Field(() => [String], { description: 'Why it cannot be applied so, with what helps; empty when it can.' })
  problems!: string[]

  @Field(() => [String], { description: 'What a person must do in QuickBooks before it can go through.' })
  warnings!: string[]
}

@ObjectType()
class CorrectionPage extends pageOf(Correction) {}

/** Corrections of what was posted: shown before anything of them happens. */
@Resolver(() => Correction)
export class CorrectionResolvers {
  @Authorized(Role.VIEWER)
  @Query(() => CorrectionPage, { description: 'What the CRM changed after it was posted, newest first.' })
  async corrections(
    @Arg('filter', () => CorrectionFilter, { nullable: true }) filter: CorrectionFilter | null,
    @Args(() => PageArgs) { request }: PageArgs,
    @Ctx() { services }: ApiContext,
  ): Promise<CorrectionPage> {
    return new CorrectionPage(await correctionPage(services.database, { selection: filter ?? {}, request }))
  }

  @Authorized(Role.VIEWER)
  @Query(() => Correction, { nullable: true })
  correction(@Arg('id', () => ID) id: string, @Ctx() { services }: ApiContext): Promise<Correction | null> {
    return findCorrection(services.database, idFrom({ id, what: 'correction' }))
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => Correction, {
    description: "Applies a correction by its own method, the connection's, or another; see its `preview` first.",
  })
  async applyCorrection(
    @Arg('id', () => ID) id: string,
    @Arg('method', () => CorrectionMethod, { nullable: true }) method: CorrectionMethod | null,
    @Ctx() { services, caller }: ApiContext,
  ): Promise<Correction> {
    const correction = idFrom({ id, what: 'correction' })
    return services.applyCorrection({ id: correction, method, author: caller?.name ?? 'nobody' })
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => Correction, { description: 'Leaves what was posted as it is, with a note that says why.' })
  async dismissCorrection(
    @Arg('id', () => ID) id: string,
    @Arg('note', () => String) note: string,
    @Ctx() { services, caller }: ApiContext,
  ): Promise<Correction> {
    return services.dismissCorrection({
      id: idFrom({ id, what: 'correction' }),
      note,
      author: caller?.name ?? 'nobody',
    })
  }

  @Authorized(Role.ADMIN)
  @UseMiddleware(audited)
  @Mutation(() => Connection, {
    description: 'Says how the invoices of a connection are corrected whose orders changed, and who applies it.',
  })
  setCorrectionPolicy(
    @Arg('connectionId', () => ID) id: string,
    @Arg('method', () => CorrectionMethod) method: CorrectionMethod,
    @Arg('approval', () => CorrectionApproval) approval: CorrectionApproval,
    @Ctx() { services }: ApiContext,
  ): Promise<Connection> {
    return services.setCorrectionPolicy({ connectionId: idFrom({ id, what: 'connection' }), method, approval })
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => Posting, {
    description: 'Puts a customer on the road now, by the id of its account in the CRM, linked or not.',
  })
  syncCustomer(@Arg('accountId', () => ID) accountId: string, @Ctx() { services }: ApiContext): Promise<Posting> {
    return services.syncCustomer(idFrom({ id: accountId, what: 'account' }))
  }

  @FieldResolver(() => ShownDocument, { name: 'before', description: 'What was posted.' })
  posted(@Root() { before }: Correction): ShownDocument {
    return shownDocument(before)
  }

  @FieldResolver(() => ShownDocument, {
    name: 'after',
    nullable: true,
    description: 'What the CRM says now; empty when nothing of it is to be posted.',
  })
  now(@Root() { after }: Correction): ShownDocument | null {
    return after && shownDocument(after)
  }

  @FieldResolver(() => CorrectionPreview, { complexity: ({ childComplexity }) => 10 + childComplexity })
  async preview(
    @Root() correction: Correction,
    @Arg('method', () => CorrectionMethod, { nullable: true }) method: CorrectionMethod | null,
    @Ctx() { services }: ApiContext,
  ): Promise<CorrectionPreview> {
    const chosen = method ?? correction.method
    const plan = await services.correctionPlan({ correction, method: chosen })
    if (!plan) throw new ApiError('NOT_FOUND', 'What was posted, or its connection, is gone.')
    const { problems, warnings } = plan
    return { method: chosen, writes: writesOf(plan).map(shownDocument), problems, warnings }
  }

  @FieldResolver(() => [Posting], {
    description: 'What it made: they say how far it is.',
    complexity: ({ childComplexity }) => 10 + 3 * childComplexity,
  })
  postings(@Root() { id }: Correction, @Ctx() { services }: ApiContext): Promise<Posting[]> {
    return postingsOfCorrections(services.database, [id])
  }
}
