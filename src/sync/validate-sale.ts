import { isMappedSale, type MappedDocument, type MappedSale, type SalesDocument } from '../domain/document.ts'
import { decimal, isZero } from '../domain/money.ts'
import { type Problem, problem } from '../domain/problem.ts'
import type { LedgerLimits } from '../ledgers/ledger.ts'
import { amountProblems } from './validate-amounts.ts'
import { dateProblems, emailProblems, textProblems } from './validate-text.ts'

/** What is wrong with an invoice, a credit memo or a refund, whatever kind of QuickBooks it goes to. */
export function saleProblems(document: SalesDocument, limits: LedgerLimits): Problem[] {
  return [
    ...headProblems(document, limits),
    ...dateProblemsOf(document),
    ...lineProblems(document, limits),
    ...amountProblems(document),
  ]
}

const CALLED = { INVOICE: 'invoice', CREDIT_MEMO: 'credit memo', REFUND: 'refund' } as const

function headProblems(document: SalesDocument, limits: LedgerLimits): Problem[] {
  const { number, orderNumber, purchaseOrderNumber, customer } = document
  const field = `${CALLED[document.kind]} number`
  return [
    ...(number === ''
      ? [problem({ field, value: null, problem: `it has no ${field}`, remedy: 'Give it a number in the CRM.' })]
      : []),
    ...(/[\t\n\r]/.test(number)
      ? [
          problem({
            field,
            value: number,
            problem: `the ${field} has a tab or a line break`,
            remedy: 'Type it anew in the CRM.',
          }),
        ]
      : []),
    ...textProblems(field, number, limits.documentNumberLengthMax),
    ...textProblems('order number', orderNumber, limits.purchaseOrderNumberLengthMax),
    ...textProblems('purchase order number', purchaseOrderNumber, limits.purchaseOrderNumberLengthMax),
    ...emailProblems('e-mail address of the customer', customer.email),
  ]
}

function dateProblemsOf(document: SalesDocument): Problem[] {
  const { date } = document
  const { dueDate, shipDate } = document.kind === 'INVOICE' ? document : {}
  return [
    ...dateProblems(`${CALLED[document.kind]} date`, date),
    ...dateProblems('due date', dueDate),
    ...dateProblems('ship date', shipDate),
    ...(dueDate !== undefined && dueDate < date
      ? [
          problem({
            field: 'due date',
            value: dueDate,
            problem: `the due date ${dueDate} is before the invoice date ${date}`,
            remedy: `Set the due date to ${date} or later in the CRM.`,
          }),
        ]
      : []),
  ]
}

function lineProblems({ lines }: SalesDocument, limits: LedgerLimits): Problem[] {
  const remedy = 'Enter the lines and quantities of the order in the CRM.'
  if (lines.length === 0) return [problem({ field: 'lines', value: null, problem: 'it has no lines', remedy })]
  const negative = (position: number, field: 'quantity' | 'price', value: string) =>
    decimal(value).isNegative() && !isZero(value)
      ? [
          problem({
            field: `line ${position}, ${field}`,
            value,
            problem: `line ${position} has the negative ${field} ${value}`,
            remedy: 'Enter what comes back as a credit memo in the CRM.',
          }),
        ]
      : []
  return [
    ...(lines.every(({ quantity }) => isZero(quantity))
      ? [problem({ field: 'lines', value: '0', problem: 'the quantities of all its lines are zero', remedy })]
      : []),
    ...lines.flatMap(({ position, description, quantity, unitPrice }) => [
      ...textProblems(`description of line ${position}`, description, limits.descriptionLengthMax),
      ...negative(position, 'quantity', quantity),
      ...negative(position, 'price', unitPrice),
    ]),
  ]
}

/** What a document names and QuickBooks has no id for. Nothing of it should come so far: the road looks names up before. */
export function linkProblems(mapped: MappedDocument): Problem[] {
  switch (mapped.kind) {
    case 'CUSTOMER':
    case 'ITEM':
      return []
    case 'VOID':
      return mapped.targetId === '' ? [unlinked('target', mapped.document.target.number, 'its target')] : []
    case 'PAYMENT':
      return [
        ...customerLink(mapped),
        ...mapped.applications.flatMap(({ invoiceId }, index) => {
          const number = mapped.document.applications[index]?.invoice.number ?? ''
          return invoiceId === '' ? [unlinked(`application ${index + 1}`, number, `invoice ${number}`)] : []
        }),
      ]
    default:
      return isMappedSale(mapped) ? [...customerLink(mapped), ...itemLinks(mapped)] : []
  }
}

function customerLink({ customerId, document }: { customerId: string; document: { customer: { name: string } } }) {
  return customerId === '' ? [unlinked('customer', document.customer.name, `customer "${document.customer.name}"`)] : []
}

function itemLinks({ document, itemIds }: MappedSale): Problem[] {
  return document.lines.flatMap(({ position, item }, index) =>
    itemIds[index] ? [] : [unlinked(`line ${position}, item`, item.name, `item "${item.name}" of line ${position}`)],
  )
}

function unlinked(field: string, value: string, what: string): Problem {
  return problem({
    field,
    value,
    problem: `${what} is linked to nothing in QuickBooks`,
    remedy: 'See that QuickBooks has it under this name, then retry.',
  })
}
