import { Arg, Authorized, Ctx, Query, Resolver, UseMiddleware } from 'type-graphql'
import { Explanation, RecordKind } from '../domain/explanation.ts'
import { Role } from '../domain/kinds.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { audited } from './access.ts'
import type { ApiContext } from './context.ts'

const NUMBER_LENGTH_MAX = 200

@Resolver()
export class ExplainQueries {
  @Authorized(Role.VIEWER)
  @UseMiddleware(audited)
  @Query(() => Explanation, {
    description:
      'Why a record is, or is not, in QuickBooks: every check with its answer. Asks QuickBooks nothing; it shows names, so reading it is recorded in the audit trail.',
    // It asks the CRM three to five questions.
    complexity: ({ childComplexity }) => 100 + childComplexity,
  })
  explain(
    @Arg('kind', () => RecordKind) kind: RecordKind,
    @Arg('number', () => String, {
      description: 'Of an order its order number or invoice number, of a customer its name or QuickBooks name.',
    })
    number: string,
    @Ctx() { services }: ApiContext,
  ): Promise<Explanation> {
    const trimmed = number.trim()
    if (trimmed === '' || trimmed.length > NUMBER_LENGTH_MAX) {
      throw new InvalidRequest('"number" is the number of one order or the name of one customer, as the CRM shows it.')
    }
    return services.explain({ kind, number: trimmed })
  }
}
