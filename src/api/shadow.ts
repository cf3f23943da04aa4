import {
  Arg,
  Args,
  Authorized,
  Ctx,
  Field,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  UseMiddleware,
} from 'type-graphql'
import { Connection } from '../domain/connection.ts'
import { ConnectionMode, Role } from '../domain/kinds.ts'
import { ShadowDifference, ShadowReport } from '../domain/shadow.ts'
import { InvalidRequest, idFrom } from '../storage/pages.ts'
import { type ShadowSelection, shadowDifferencePage } from '../storage/shadow.ts'
import { shadowReport } from '../storage/shadow-report.ts'
import { audited } from './access.ts'
import type { ApiContext } from './context.ts'
import { PageArgs, pageOf } from './page.ts'

@InputType({ description: 'Each part narrows the list; what is left out does not.' })
class ShadowDifferenceFilter implements ShadowSelection {
  @Field(() => ID)
  connectionId!: string

  @Field(() => String, { nullable: true })
  orderNumber?: string | null

  @Field(() => String, { nullable: true, description: 'Such as `total`.' })
  field?: string | null

  @Field(() => String, { nullable: true, description: 'The first day of the documents (YYYY-MM-DD).' })
  from?: string | null

  @Field(() => String, { nullable: true, description: 'The last one.' })
  to?: string | null
}

@ObjectType()
class ShadowDifferencePage extends pageOf(ShadowDifference) {}

/** Shadow mode: what a connection would have posted, held against what another system posted. */
@Resolver()
export class ShadowResolvers {
  @Authorized(Role.VIEWER)
  @Query(() => ShadowReport, {
    description: 'What shadow mode found of the documents between two days, both included.',
  })
  shadowReport(
    @Arg('connectionId', () => ID) connectionId: string,
    @Arg('from', () => String, { nullable: true, description: 'YYYY-MM-DD.' }) from: string | null,
    @Arg('to', () => String, { nullable: true, description: 'YYYY-MM-DD.' }) to: string | null,
    @Ctx() { services }: ApiContext,
  ): Promise<ShadowReport> {
    const id = idFrom({ id: connectionId, what: 'connection' })
    return shadowReport(services.database, { connectionId: id, from: dayFrom(from), to: dayFrom(to) })
  }

  @Authorized(Role.VIEWER)
  @Query(() => ShadowDifferencePage, { description: 'Each field in which the two sides differ, newest first.' })
  async shadowDifferences(
    @Arg('filter', () => ShadowDifferenceFilter) filter: ShadowDifferenceFilter,
    @Args(() => PageArgs) { request }: PageArgs,
    @Ctx() { services }: ApiContext,
  ): Promise<ShadowDifferencePage> {
    const selection = { ...filter, from: dayFrom(filter.from), to: dayFrom(filter.to) }
    return new ShadowDifferencePage(await shadowDifferencePage(services.database, { selection, request }))
  }

  @Authorized(Role.ADMIN)
  @UseMiddleware(audited)
  @Mutation(() => Connection, {
    description: 'Lets a connection write, or only predict and compare, beside another system that posts.',
  })
  setConnectionMode(
    @Arg('connectionId', () => ID) connectionId: string,
    @Arg('mode', () => ConnectionMode) mode: ConnectionMode,
    @Ctx() { services }: ApiContext,
  ): Promise<Connection> {
    return services.setConnectionMode({ connectionId: idFrom({ id: connectionId, what: 'connection' }), mode })
  }
}

function dayFrom(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`))) return text
  throw new InvalidRequest(`"${text.slice(0, 60)}" is no day: write it as 2026-01-31.`)
}
