// The room of QuickBooks Online: how a document becomes its JSON (to-request), travels (pack, wire, pace, tokens), and how
// every answer is understood (from-answer, with the fault table in faults and the record reader in records). Intuit's
// words stay inside this folder; only `send` and `check` touch the network.
import type { MappedDocument, SalesDocument } from '../../domain/document.ts'
import { LedgerKind } from '../../domain/kinds.ts'
import { LinkKind } from '../../domain/link.ts'
import { isZero } from '../../domain/money.ts'
import type { CompanyCheck, Envelope, Ledger, Need } from '../ledger.ts'
import { checkCompany } from './check.ts'
import { openFigures } from './figures.ts'
import { fromAnswer } from './from-answer.ts'
import { lossesOf } from './losses.ts'
import { openMirror } from './mirror.ts'
import { INTUIT_LIMITS, type OnlinePace, openPace, type PaceLimits } from './pace.ts'
import { packAgain, packInto } from './pack.ts'
import { problemsOf } from './problems.ts'
import { answers } from './questions.ts'
import { namesTax } from './sales-tax.ts'
import type { IntuitApp } from './sign-in.ts'
import { DELETED, toRequest } from './to-request.ts'
import { openAccess } from './tokens.ts'
import type { TokenVault } from './vault.ts'
import { openWire } from './wire.ts'

export interface QuickBooksOnlineOptions {
  realmId: string
  /** The account that discounts are booked to: `Discount` by default. */
  discountAccountName?: string
  /** The account that refunds are paid from: `Undeposited Funds` by default. */
  refundAccountName?: string
  /** `https://quickbooks.api.intuit.com`, or the sandbox's. */
  apiUrl: string
  oauth: IntuitApp
  vault: TokenVault
  /** Why nothing at all may be asked of this company, such as another environment; null by default. */
  locked?: string | null
  now: () => Date
  /** From 0 up to, but not including, 1. */
  random: () => number
  sleep: (ms: number) => Promise<void>
  /** Tells the workers apart in the logs of a stand-in: header `x-countersign-worker`. */
  workerName?: string
  limits?: Partial<PaceLimits>
  /** The pace of the company, when others speak to it too: Intuit counts all of us together. */
  pace?: OnlinePace
  /** How long `send` waits for an answer: 30 by default. */
  answerTimeoutSeconds?: number
  /** How long QuickBooks itself may work on a request whose answer was lost: 120 by default. */
  settleSeconds?: number
}

/** Items that QuickBooks takes in one batch. */
const batchItemsMax = 30

/** Opens a ledger that speaks to one company (realm) of QuickBooks Online. Opening touches neither network nor vault. */
export function openQuickBooksOnline(options: QuickBooksOnlineOptions): Ledger {
  const { realmId, apiUrl, oauth, vault, now, random, sleep, workerName } = options
  // QuickBooks itself gives up on a request after 120 s.
  const { answerTimeoutSeconds = 30, settleSeconds = 120, locked = null } = options
  const { discountAccountName = 'Discount', refundAccountName = 'Undeposited Funds' } = options
  const limits = { ...INTUIT_LIMITS, ...options.limits }
  const pace = options.pace ?? openPace({ limits, now, sleep })
  const access = openAccess({ app: oauth, vault, locked, now, answerTimeoutSeconds })
  const send = openWire({ apiUrl, access, pace, now, random, workerName, answerTimeoutSeconds })
  const inTurn = (right?: { before: Date }) => async (envelope: Envelope) => {
    const done = await pace.turn(envelope)
    return send(envelope, right).finally(done)
  }
  /** As the company last said; the road asks again before it refuses anything for it. */
  let closingDate: string | null = null
  let salesTax: CompanyCheck['salesTax'] = null
  return {
    kind: LedgerKind.QUICKBOOKS_ONLINE,
    limits: {
      documentNumberLengthMax: 21,
      paymentNumberLengthMax: 21,
      customerNameLengthMax: 500,
      itemNameLengthMax: 100,
      descriptionLengthMax: 4000,
      purchaseOrderNumberLengthMax: 1000,
      lookUpValuesMax: 100,
      packMax: batchItemsMax,
      concurrentMax: limits.concurrent,
      answerTimeoutSeconds,
      settleSeconds,
    },
    pace,
    refusesTakenNumbers: true,
    booksLinesToAccounts: false,
    deletes: DELETED,
    unapplies: true,
    reach: access.session,
    needs: (document, chosen = {}) => {
      const names = { discount: chosen.DISCOUNT?.ACCOUNT ?? discountAccountName, refund: refundAccountName }
      const tax = namesTax(document, salesTax) ? taxNeed(chosen.SALES_TAX?.TAX_CODE) : []
      return [...needsOf(document, names), ...tax]
    },
    answers,
    idOf,
    problems: (mapped) => problemsOf(mapped, { closingDate, locked, salesTax }),
    losses: (mapped) => lossesOf(mapped, { salesTax }),
    encode: (what) => toRequest(what),
    pack: (exchanges, how) => packInto({ exchanges, realmId, batchItemsMax, ...how }),
    packAgain,
    send,
    decode: (exchanges, answer) => fromAnswer({ exchanges, answer }),
    mirror: openMirror({ realmId }),
    figures: openFigures({ realmId }),
    async check(right) {
      const checked = await checkCompany({ realmId, carry: right?.carry ?? inTurn(right), now })
      if (checked.closingDate !== undefined) closingDate = checked.closingDate
      if (checked.salesTax !== null) salesTax = checked.salesTax
      return checked
    },
  }
}

/** Shipping has a line of its own here: only a discount and a refund name an account. */
function needsOf(document: SalesDocument, names: { discount: string; refund: string }): Need[] {
  const account = { entity: LinkKind.ACCOUNT }
  return [
    ...(isZero(document.discount) ? [] : [{ ...account, role: 'DISCOUNT' as const, name: names.discount }]),
    ...(document.kind === 'REFUND' ? [{ ...account, role: 'REFUND' as const, name: names.refund }] : []),
  ]
}

/** Tax has an amount; by which code, is said where somebody chose one. */
function taxNeed(name: string | undefined): Need[] {
  const role = 'SALES_TAX'
  return [name === undefined ? { role, choice: LinkKind.TAX_CODE } : { role, entity: LinkKind.TAX_CODE, name }]
}

/** QuickBooks numbers what it makes itself; what is changed or voided has its id already. */
function idOf(mapped: MappedDocument): string | null {
  if (mapped.kind === 'VOID') return mapped.targetId
  return mapped.kind === 'CUSTOMER' ? (mapped.update?.quickBooksId ?? null) : null
}
