import {
  Arg,
  Authorized,
  Ctx,
  Field,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
  UseMiddleware,
} from 'type-graphql'
import { InvoiceStanding, InvoiceStatus } from '../domain/invoice-standing.ts'
import { Role } from '../domain/kinds.ts'
import type { Money } from '../domain/money.ts'
import {
  type CustomerAccount as Account,
  type AccountEntry,
  type AccountEntryKind,
  customerAccount,
} from '../storage/customer-account.ts'
import { findStandings } from '../storage/invoice-standings.ts'
import { InvalidRequest, idFrom } from '../storage/pages.ts'
import { audited } from './access.ts'
import type { ApiContext } from './context.ts'

const ENTRIES_MAX = 1_000

enum AccountEntryKindName {
  INVOICE = 'INVOICE',
  CREDIT_MEMO = 'CREDIT_MEMO',
  PAYMENT = 'PAYMENT',
  REFUND_RECEIPT = 'REFUND_RECEIPT',
}
registerEnumType(AccountEntryKindName, { name: 'AccountEntryKind' })

@ObjectType({ description: 'What a customer bought or paid. Amounts are decimal strings with two places.' })
class CustomerAccountEntry implements AccountEntry {
  @Field(() => AccountEntryKindName)
  kind!: AccountEntryKind

  @Field(() => ID)
  quickBooksId!: string

  @Field(() => String, { nullable: true })
  number!: string | null

  @Field(() => String, { nullable: true, description: 'YYYY-MM-DD.' })
  date!: string | null

  @Field(() => String)
  total!: Money

  @Field(() => String, { description: 'What it adds to what the customer owes: negative lowers it.' })
  effect!: Money

  @Field(() => String, { description: 'What the customer owes after it.' })
  balance!: Money

  @Field(() => String, { nullable: true, description: 'Of a payment: how it was made.' })
  method!: string | null

  @Field(() => String, { nullable: true, description: 'Of an invoice that was posted from here.' })
  orderNumber!: string | null

  @Field(() => InvoiceStatus, { nullable: true })
  status!: InvoiceStatus | null

  @Field(() => String, { nullable: true, description: 'What is left to pay of the invoice.' })
  due!: Money | null
}

@ObjectType({ description: 'What a customer bought, paid and owes, on one page.' })
class CustomerAccount implements Account {
  @Field(() => ID)
  connectionId!: string

  @Field(() => ID)
  customerId!: string

  @Field(() => String, { nullable: true })
  name!: string | null

  @Field(() => String)
  invoiced!: Money

  @Field(() => String)
  credited!: Money

  @Field(() => String, { description: 'Cash of payments, applied or not.' })
  paid!: Money

  @Field(() => String, { description: 'Discounts and write-offs that came with payments.' })
  discounted!: Money

  @Field(() => String)
  balance!: Money

  @Field(() => String)
  overdue!: Money

  @Field(() => [CustomerAccountEntry], { description: 'Newest first.' })
  entries!: CustomerAccountEntry[]

  @Field(() => Int, { description: 'How many there are in all.' })
  entryCount!: number
}

/** What a customer owes is personal: each reading leaves an entry in the audit trail. */
@Resolver()
export class CustomerAccountQueries {
  @Authorized(Role.VIEWER)
  @UseMiddleware(audited)
  @Query(() => CustomerAccount, {
    nullable: true,
    description: 'Invoices, payments and credits of a customer, with what is owed after each. Reading it is recorded.',
  })
  customerAccount(
    @Arg('connectionId', () => ID) connectionId: string,
    @Arg('customerId', () => ID, { description: 'The QuickBooks id.' }) customerId: string,
    @Arg('first', () => Int, { defaultValue: 200, description: `From 1 to ${ENTRIES_MAX}.` }) first: number,
    @Ctx() { services }: ApiContext,
  ): Promise<CustomerAccount | null> {
    if (first < 1 || first > ENTRIES_MAX) throw new InvalidRequest(`"first" is ${first}: ask for 1 to ${ENTRIES_MAX}.`)
    return customerAccount(services.database, {
      connectionId: idFrom({ id: connectionId, what: 'connection' }),
      customerId,
      first,
    })
  }

  @Authorized(Role.VIEWER)
  @Query(() => [InvoiceStanding], {
    description: 'How the invoices of an order stand; a DRAFT while QuickBooks has none.',
  })
  invoiceStandings(
    @Arg('orderNumber', () => String) orderNumber: string,
    @Ctx() { services }: ApiContext,
  ): Promise<InvoiceStanding[]> {
    return findStandings(services.database, { orderNumber })
  }
}
