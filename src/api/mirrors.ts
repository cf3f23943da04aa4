import {
  Arg,
  Args,
  Authorized,
  Ctx,
  Field,
  ID,
  InputType,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql'
import { Role } from '../domain/kinds.ts'
import { MirrorEntity, type MirrorRecord } from '../domain/mirror.ts'
import type { Money } from '../domain/money.ts'
import {
  type BothSides,
  type MirrorSelection,
  type PaymentSelection,
  paymentPage,
  sidesPage,
} from '../storage/mirror-pages.ts'
import type { ApiContext } from './context.ts'
import { PageArgs, pageOf } from './page.ts'

enum SyncStatus {
  SYNCED = 'SYNCED',
  PENDING = 'PENDING',
  FAILED = 'FAILED',
  NOT_SYNCED = 'NOT_SYNCED',
}
registerEnumType(SyncStatus, {
  name: 'SyncStatus',
  valuesConfig: {
    SYNCED: { description: 'In QuickBooks and in the CRM, and linked.' },
    PENDING: { description: 'On its way to QuickBooks.' },
    FAILED: { description: 'Could not be posted; or it is linked, and was deleted or made inactive in QuickBooks.' },
    NOT_SYNCED: { description: 'In QuickBooks only: nothing of the CRM is linked to it.' },
  },
})

@InputType({ description: 'Each part narrows the list; what is left out does not.' })
class MirrorFilter implements MirrorSelection {
  @Field(() => ID, { nullable: true })
  connectionId?: string | null

  @Field(() => String, { nullable: true, description: 'How the name begins, in any case.' })
  name?: string | null

  @Field(() => Boolean, { nullable: true })
  active?: boolean | null

  @Field(() => SyncStatus, { nullable: true })
  status?: BothSides | null
}

@ObjectType()
abstract class SideOfBoth {
  @Field(() => ID)
  id!: string

  @Field(() => ID)
  connectionId!: string

  @Field(() => SyncStatus)
  status!: BothSides

  @Field(() => String, { nullable: true })
  name!: string | null

  @Field(() => ID, { nullable: true, description: 'What QuickBooks calls it; empty while it does not have it.' })
  quickBooksId!: string | null

  @Field(() => ID, { nullable: true, description: 'What the CRM calls it; empty when nothing there is linked to it.' })
  sourceId!: string | null

  @Field({ description: 'False when it was made inactive in QuickBooks.' })
  active!: boolean

  @Field(() => Date, { nullable: true, description: 'When we learnt that it is no longer in QuickBooks.' })
  deletedAt!: Date | null

  @Field(() => ID, { nullable: true, description: 'The QuickBooks id of the record that it was merged into.' })
  mergedIntoId!: string | null

  @Field(() => Date, { nullable: true, description: 'When it last changed in QuickBooks.' })
  changedAt!: Date | null
}

@ObjectType({ description: 'A customer on both sides.' })
class Customer extends SideOfBoth {
  @Field(() => String, { nullable: true, description: 'What the customer owes: a decimal string with two places.' })
  balance!: Money | null

  @Field(() => ID, { nullable: true, description: 'The posting that is to make it.' })
  postingId!: string | null

  readonly number!: string | null
  readonly total!: Money | null
}

@ObjectType({ description: 'An item on both sides.' })
class Item extends SideOfBoth {
  @Field(() => String, { nullable: true, name: 'stockNumber' })
  number!: string | null

  @Field(() => String, { nullable: true, name: 'unitPrice', description: 'A decimal string with two places.' })
  total!: Money | null

  readonly balance!: Money | null
  readonly postingId!: string | null
}

@ObjectType()
class CustomerPage extends pageOf(Customer) {}

@ObjectType()
class ItemPage extends pageOf(Item) {}

@InputType({ description: 'Each part narrows the list; what is left out does not.' })
class PaymentFilter implements PaymentSelection {
  @Field(() => ID, { nullable: true })
  connectionId?: string | null

  @Field(() => ID, { nullable: true, description: 'The QuickBooks id of the customer.' })
  customerId?: string | null

  @Field(() => String, { nullable: true, description: 'Dated on or after, YYYY-MM-DD.' })
  from?: string | null

  @Field(() => String, { nullable: true, description: 'Dated before, YYYY-MM-DD.' })
  to?: string | null
}

@ObjectType({ description: 'A payment as QuickBooks has it.' })
class Payment implements Pick<MirrorRecord, 'id' | 'number' | 'date' | 'total' | 'changedAt'> {
  @Field(() => ID)
  id!: string

  @Field(() => ID)
  connectionId!: string

  @Field(() => ID)
  quickBooksId!: string

  @Field(() => String, { nullable: true, name: 'reference' })
  number!: string | null

  @Field(() => ID, { nullable: true, name: 'customerId', description: 'The QuickBooks id of the customer.' })
  partyId!: string | null

  @Field(() => String, { nullable: true, description: 'YYYY-MM-DD.' })
  date!: string | null

  @Field(() => String, { nullable: true, description: 'A decimal string with two places.' })
  total!: Money | null

  @Field(() => String, { nullable: true, name: 'unapplied', description: 'A decimal string with two places.' })
  balance!: Money | null

  @Field(() => Date, { nullable: true, description: 'When it last changed in QuickBooks.' })
  changedAt!: Date | null
}

@ObjectType()
class PaymentPage extends pageOf(Payment) {}

@Resolver()
export class MirrorQueries {
  @Authorized(Role.VIEWER)
  @Query(() => PaymentPage, { description: 'Payments of QuickBooks, newest first.' })
  async payments(
    @Arg('filter', () => PaymentFilter, { nullable: true }) filter: PaymentFilter | null,
    @Args(() => PageArgs) { request }: PageArgs,
    @Ctx() { services }: ApiContext,
  ): Promise<PaymentPage> {
    return new PaymentPage(await paymentPage(services.database, { selection: filter ?? {}, request }))
  }

  @Authorized(Role.VIEWER)
  @Query(() => CustomerPage, { description: 'Customers of QuickBooks, and those on their way there; newest first.' })
  async customers(
    @Arg('filter', () => MirrorFilter, { nullable: true }) filter: MirrorFilter | null,
    @Args(() => PageArgs) { request }: PageArgs,
    @Ctx() { services }: ApiContext,
  ): Promise<CustomerPage> {
    const selection = filter ?? {}
    return new CustomerPage(await sidesPage(services.database, { entity: MirrorEntity.CUSTOMER, selection, request }))
  }

  @Authorized(Role.VIEWER)
  @Query(() => ItemPage, { description: 'Items of QuickBooks, newest first.' })
  async items(
    @Arg('filter', () => MirrorFilter, { nullable: true }) filter: MirrorFilter | null,
    @Args(() => PageArgs) { request }: PageArgs,
    @Ctx() { services }: ApiContext,
  ): Promise<ItemPage> {
    const selection = filter ?? {}
    return new ItemPage(await sidesPage(services.database, { entity: MirrorEntity.ITEM, selection, request }))
  }
}
