import { Arg, Authorized, Ctx, ID, Int, Query, Resolver } from 'type-graphql'
import { behindDrop, funnel } from '../commission/funnel.ts'
import { Funnel, FunnelRow, FunnelStep } from '../domain/funnel.ts'
import { Role } from '../domain/kinds.ts'
import type { ApiContext } from './context.ts'

const FIRST_DAY = 'The first day, yyyy-mm-dd: that of the invoice, or of the posting where there is none.'

@Resolver()
export class FunnelQueries {
  @Authorized(Role.VIEWER)
  @Query(() => Funnel, {
    description:
      'How far the orders of some days came: order, posting, invoice, payment, commission; and what was lost where.',
  })
  funnel(
    @Arg('connectionId', () => ID, { nullable: true }) connectionId: string | null,
    @Arg('from', () => String, { description: FIRST_DAY }) from: string,
    @Arg('to', () => String, { description: 'The last day, yyyy-mm-dd.' }) to: string,
    @Ctx() { services }: ApiContext,
  ): Promise<Funnel> {
    return funnel(services.database, { connectionId, from, to })
  }

  @Authorized(Role.VIEWER)
  @Query(() => [FunnelRow], { description: 'What stands behind one drop of the funnel, the largest amount first.' })
  funnelRows(
    @Arg('connectionId', () => ID, { nullable: true }) connectionId: string | null,
    @Arg('from', () => String, { description: FIRST_DAY }) from: string,
    @Arg('to', () => String, { description: 'The last day, yyyy-mm-dd.' }) to: string,
    @Arg('step', () => FunnelStep) step: FunnelStep,
    @Arg('reason', () => String) reason: string,
    @Arg('first', () => Int, { defaultValue: 50 }) first: number,
    @Arg('after', () => Int, { defaultValue: 0, description: 'How many were shown.' }) after: number,
    @Ctx() { services }: ApiContext,
  ): Promise<FunnelRow[]> {
    const request = { connectionId, from, to }
    return behindDrop(services.database, { request, step, reason, first, after })
  }
}
