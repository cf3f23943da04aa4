import { meantBy } from '../domain/did-you-mean.ts'
import type { EntityShape, SiteMetadata } from './metadata.ts'
import type { Profile } from './profile.ts'

/** A name of the profile that the site does not have. */
export interface ProfileProblem {
  /** Where it stands in the profile: `order.shipDate`. */
  setting: string
  /** What is wrong, with what was probably meant. */
  sentence: string
  remedy: string
  /** What cannot be read because of it; null when the name is a convenience. */
  stops: 'the order log' | 'the order' | null
}

/** Holds every set, column and navigation that the profile names against what the site says it has. */
export function validateProfile(profile: Profile, metadata: SiteMetadata): ProfileProblem[] {
  return [
    ...orderLogProblems(profile, metadata),
    ...orderProblems(profile, metadata),
    ...lineProblems(profile, metadata),
    ...earnerProblems(profile, metadata),
    ...standingProblems(profile, metadata),
    ...downloadProblems(profile, metadata),
    ...(Object.values(profile.product.fromQuickBooks).some((column) => column !== null)
      ? productProblems(profile, metadata)
      : []),
    ...(profile.payment.pushed ? paymentProblems(profile, metadata) : []),
  ]
}

type Stops = ProfileProblem['stops']

function orderLogProblems(profile: Profile, metadata: SiteMetadata): ProfileProblem[] {
  const { set, type, action, status, recordId, message, name } = profile.orderLog
  const table = tableOf({ metadata, room: 'orderLog', set, stops: 'the order log' })
  return [
    ...table.problems,
    ...table.lookups({ type, action, status }),
    ...table.columns({ recordId, message }),
    ...table.optional({ name }),
  ]
}

function orderProblems(profile: Profile, metadata: SiteMetadata): ProfileProblem[] {
  const { order, account, contact, currency } = profile
  const table = tableOf({ metadata, room: 'order', set: order.set, stops: 'the order' })
  const { number, date, quickBooksId, invoiceNumber, invoiceDate, dueDate, shipDate, shipping, taxed, tax } = order
  const columns = { number, date, quickBooksId, invoiceNumber, invoiceDate, dueDate, shipDate, shipping, taxed, tax }
  const customer = tableOf({ metadata, room: 'account', set: account.set, stops: 'the order' })
  const { name, quickBooksName, email, phone, street, postalCode, city, state, country } = account
  return [
    ...table.problems,
    ...table.columns({ ...columns, amount: order.amount, purchaseOrderNumber: order.purchaseOrderNumber }),
    ...table.optional({ hasLog: order.hasLog }),
    ...table.lookups({
      account: order.account,
      contact: order.contact,
      status: order.status,
      currency: order.currency,
    }),
    ...table.lookups({ salesGroup: order.salesGroup, transactionType: order.transactionType }),
    ...table.lookups({ correctedOrder: order.correctedOrder, paymentStatus: order.paymentStatus, terms: order.terms }),
    ...table.lookups({ taxName: order.taxName }),
    ...placeProblems(profile, metadata),
    ...customer.problems,
    ...customer.columns({
      name,
      quickBooksName,
      quickBooksId: account.quickBooksId,
      email,
      phone,
      street,
      postalCode,
      inactive: account.inactive,
    }),
    ...customer.lookups({ city, state, country }),
    ...table.behind({
      lookup: order.contact,
      room: 'contact',
      columns: { email: contact.email, phone: contact.phone },
    }),
    ...table.behind({ lookup: order.currency, room: 'currency', columns: { code: currency.code } }),
  ]
}

/** Where an order is shipped to, as far as the site has columns for it. */
function placeProblems({ order }: Profile, metadata: SiteMetadata): ProfileProblem[] {
  const { street, postalCode, city, state, country } = order.shipTo
  const table = tableOf({ metadata, room: 'order.shipTo', set: order.set, stops: 'the order' })
  return [...table.columns({ street, postalCode }), ...table.lookups({ city, state, country })]
}

function earnerProblems({ commissionEarner }: Profile, metadata: SiteMetadata): ProfileProblem[] {
  const { set, order, rep, rate } = commissionEarner
  if (set === null) return []
  const table = tableOf({ metadata, room: 'commissionEarner', set, stops: null })
  return [...table.problems, ...table.lookups({ order, rep }), ...table.columns({ rate })]
}

function downloadProblems({ commissionDownload }: Profile, metadata: SiteMetadata): ProfileProblem[] {
  const { set, name, order, rep, invoiceNumber, paymentId, paidOn, amount, commission } = commissionDownload
  if (set === null) return []
  const table = tableOf({ metadata, room: 'commissionDownload', set, stops: null })
  const columns = { name, invoiceNumber, paymentId, paidOn, amount, commission }
  return [...table.problems, ...table.lookups({ order, rep }), ...table.columns(columns)]
}

function standingProblems({ order, standing }: Profile, metadata: SiteMetadata): ProfileProblem[] {
  const { status, statusKind, paid, due, paidOn, method } = standing
  const table = tableOf({ metadata, room: 'standing', set: order.set, stops: null })
  return [
    ...(statusKind === 'lookup' ? table.lookups({ status }) : table.columns({ status })),
    ...table.columns({ paid, due, paidOn, method }),
  ]
}

function lineProblems({ orderLine, product }: Profile, metadata: SiteMetadata): ProfileProblem[] {
  const { set, order, product: ware, ...rest } = orderLine
  const { name, position, price, standardPrice, quantity, standardQuantity } = rest
  const { discountPercent, standardDiscountPercent, taxable } = rest
  const table = tableOf({ metadata, room: 'orderLine', set, stops: 'the order' })
  return [
    ...table.problems,
    ...table.lookups({ order, product: ware, taxName: rest.taxName }),
    ...table.columns({ name, position, price, standardPrice, quantity, standardQuantity }),
    ...table.columns({ discountPercent, standardDiscountPercent, taxable }),
    ...table.behind({ lookup: ware, room: 'product', columns: { code: product.code } }),
    ...table.behind({
      lookup: ware,
      room: 'product',
      columns: { category: product.category && `${product.category}Id` },
    }),
  ]
}

/** What the items of QuickBooks are written into. Orders need none of it, so nothing stops for it. */
function productProblems({ product }: Profile, metadata: SiteMetadata): ProfileProblem[] {
  const { set, standardName, fromQuickBooks } = product
  const table = tableOf({ metadata, room: 'product', set, stops: null })
  const written = tableOf({ metadata, room: 'product.fromQuickBooks', set, stops: null })
  return [...table.problems, ...table.columns({ standardName }), ...written.columns(fromQuickBooks)]
}

function paymentProblems({ payment }: Profile, metadata: SiteMetadata): ProfileProblem[] {
  const { set, order, method, amount, date, reference, quickBooksId } = payment
  const table = tableOf({ metadata, room: 'payment', set, stops: null })
  return [
    ...table.problems,
    ...table.lookups({ order, method }),
    ...table.columns({ amount, date, reference, quickBooksId }),
  ]
}

type Names = Record<string, string | null>

/** The checks of one table; a table that is not there has one problem instead of one for each of its columns. */
function tableOf(args: { metadata: SiteMetadata; room: string; set: string; stops: Stops }) {
  const { metadata, room, set, stops } = args
  const shape = metadata.sets.get(set)
  const check = (
    names: Names,
    find: (shape: EntityShape, name: string) => Iterable<string> | null,
    own: Stops = stops,
  ) =>
    shape === undefined
      ? []
      : Object.entries(names).flatMap(([key, name]) => {
          const known = name === null ? null : find(shape, name)
          return name === null || known === null
            ? []
            : [missing({ setting: `${room}.${key}`, set, name, known, stops: own })]
        })
  const columns = (names: Names, own?: Stops) =>
    check(names, (has, name) => (has.columns.has(name) ? null : has.columns), own)
  return {
    problems: shape === undefined ? [missingSet({ setting: `${room}.set`, set, metadata, stops })] : [],
    columns: (names: Names) => columns(names),
    optional: (names: Names) => columns(names, null),
    /** A lookup is read through its navigation and through the column of its id. */
    lookups: (names: Names) =>
      check(names, (has, name) =>
        has.navigations.has(name) && has.columns.has(`${name}Id`) ? null : has.navigations.keys(),
      ),
    /** The columns of the table that a lookup leads to. */
    behind({ lookup, room: owner, columns: names }: { lookup: string; room: string; columns: Names }) {
      const target = shape?.navigations.get(lookup)
      const found = target === undefined ? undefined : metadata.types.get(target)
      if (target === undefined || found === undefined) return []
      return Object.entries(names).flatMap(([key, name]) =>
        name === null || found.columns.has(name)
          ? []
          : [missing({ setting: `${owner}.${key}`, set: target, name, known: found.columns, stops })],
      )
    },
  }
}

function missing(args: {
  setting: string
  set: string
  name: string
  known: Iterable<string>
  stops: Stops
}): ProfileProblem {
  const { setting, set, name, known, stops } = args
  return {
    setting,
    sentence: `The CRM's table ${set} has no column "${name}".${meantBy({ given: name, known })}`,
    remedy: `Set "${setting}" in the profile (CREATIO_PROFILE) to the name of the column, or give the CRM's user the right to it.`,
    stops,
  }
}

function missingSet(args: { setting: string; set: string; metadata: SiteMetadata; stops: Stops }): ProfileProblem {
  const { setting, set, metadata, stops } = args
  return {
    setting,
    sentence: `The CRM has no table "${set}".${meantBy({ given: set, known: metadata.sets.keys() })}`,
    remedy: `Set "${setting}" in the profile (CREATIO_PROFILE) to the name of the table, or give the CRM's user the right to it.`,
    stops,
  }
}
