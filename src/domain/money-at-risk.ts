import 'reflect-metadata'
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { Money } from './money.ts'

export enum RiskClass {
  NOT_POSTED = 'NOT_POSTED',
  NOT_VERIFIED = 'NOT_VERIFIED',
  UNPAID = 'UNPAID',
}
registerEnumType(RiskClass, {
  name: 'RiskClass',
  valuesConfig: {
    NOT_POSTED: {
      description:
        'Sold, and not in QuickBooks: it waits or needs a person, no log row asks for it, or the CRM falsely calls it Processed.',
    },
    NOT_VERIFIED: {
      description:
        'QuickBooks has it, or may have it, and it is not countersigned: sent and not settled, MISMATCHED, the CRM not told, or contradicted since.',
    },
    UNPAID: { description: 'What is still owed of posted invoices, and so earns no commission yet.' },
  },
})

/** Dollars of which something is still to happen, and how long it has been so. Amounts are added up as documents say them. */
@ObjectType({
  description: 'Dollars that are at risk for one reason, and for how long. Amounts are added up as documents say them.',
})
export class MoneyAtRisk {
  @Field(() => RiskClass)
  risk!: RiskClass

  @Field(() => Int)
  count!: number

  @Field(() => String, { description: 'A decimal string with two places.' })
  amount!: Money

  @Field(() => String, {
    description:
      'Each amount times its age in whole days since the day of its document, added up: a decimal string with two places.',
  })
  dollarDays!: Money

  @Field(() => String, { nullable: true, description: 'The day of the oldest, yyyy-mm-dd.' })
  oldest!: string | null
}
