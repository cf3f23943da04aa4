// A played company file in this process, and a plain client of it that writes its own qbXML and reads the answer as text.
// Its books are small: nested accounts, items of all twelve kinds, two customers, three terms, no document.
import { SaxesParser } from 'saxes'
import { openSandbox, type Sandbox } from '../../../src/sandbox/context.ts'
import {
  createQuickBooksDesktop,
  type QuickBooksDesktop,
} from '../../../src/sandbox/quickbooks-desktop/company-file.ts'
import type { QuickBooksDesktopSeed } from '../../../src/sandbox/world/seed.ts'

export const desktopSeed: QuickBooksDesktopSeed = {
  companyName: 'Larkfield Lamps (sandbox)',
  companyFile: 'C:\\QuickBooks\\Larkfield Lamps.qbw',
  accounts: [
    { name: 'Sales', accountType: 'Income' },
    { name: 'Sales:Lamps', accountType: 'Income' },
    { name: 'Shipping income', accountType: 'Income' },
    { name: 'Discount', accountType: 'Income' },
    { name: 'Rent', accountType: 'Expense' },
  ],
  terms: [
    { name: 'Due on receipt', dueDays: 0 },
    { name: 'Net 15', dueDays: 15 },
  ],
  employees: [{ firstName: 'Ada', lastName: 'Sandbox', initials: 'AS' }],
  items: [
    {
      kind: 'NonInventory',
      name: 'LAMP',
      description: 'A lamp',
      price: '100.00',
      accountName: 'Sales:Lamps',
      taxable: true,
    },
    { kind: 'Service', name: 'FITTING', description: 'Fitting', price: '45.5', accountName: 'Sales', taxable: false },
    { kind: 'OtherCharge', name: 'Shipping', accountName: 'Shipping income' },
    { kind: 'Discount', name: 'Discount', accountName: 'Discount', taxable: true },
    { kind: 'Subtotal', name: 'Subtotal' },
    { kind: 'SalesTax', name: 'Sales tax', ratePercent: '8.25' },
    { kind: 'SalesTax', name: 'City tax', ratePercent: '1.5' },
    { kind: 'SalesTaxGroup', name: 'State and city', members: ['Sales tax', 'City tax'] },
    { kind: 'Inventory', name: 'BULB', description: 'A bulb', price: '2.50', accountName: 'Sales', taxable: true },
    { kind: 'InventoryAssembly', name: 'LAMP SET', price: '99.00', accountName: 'Sales', members: ['BULB'] },
    { kind: 'Group', name: 'LAMP AND FITTING', members: ['LAMP', 'FITTING'] },
    { kind: 'FixedAsset', name: 'VAN', description: 'The van', accountName: 'Rent' },
    { kind: 'Payment', name: 'PREPAID', description: 'Prepaid', accountName: 'Rent' },
    { kind: 'NonInventory', name: 'GONE', price: '1.00', accountName: 'Sales', active: false },
  ],
  customers: [
    {
      displayName: "Ida's Interiors",
      email: 'ida@customers.example',
      phone: '(555) 0101',
      billing: { line1: '12 Harbour Row', city: 'Millbay', state: 'CA', postalCode: '90210', country: 'US' },
    },
    { displayName: 'Northwind Rooms' },
  ],
  invoices: [],
  payments: [],
}

/** An element of an answer. */
export interface Answer {
  name: string
  attributes: Record<string, string>
  children: Answer[]
  text: string
}

export interface Asked {
  onError?: 'stopOnError' | 'continueOnError'
  oldId?: string
  newId?: string
  version?: string
}

/** A whole qbXML document around requests. */
export function setOf(
  requests: string,
  { onError = 'continueOnError', oldId, newId, version = '13.0' }: Asked = {},
): string {
  const ids = [oldId && ` oldMessageSetID="${oldId}"`, newId && ` newMessageSetID="${newId}"`].filter(Boolean).join('')
  return (
    `<?xml version="1.0" encoding="utf-8"?><?qbxml version="${version}"?>` +
    `<QBXML><QBXMLMsgsRq onError="${onError}"${ids}>${requests}</QBXMLMsgsRq></QBXML>`
  )
}

export class OpenFile {
  readonly sandbox: Sandbox
  readonly quickBooks: QuickBooksDesktop
  /** Every response that was given, in order. */
  readonly responses: string[] = []

  constructor({ seed = desktopSeed, sandbox = openSandbox({ seed: 7 }) } = {}) {
    this.sandbox = sandbox
    this.quickBooks = createQuickBooksDesktop(sandbox, seed)
  }

  set(settings: Record<string, string | number | boolean>): void {
    this.sandbox.settings.change(settings)
  }

  /** Hands in a document and gives what QuickBooks gives. */
  process(document: string) {
    const done = this.quickBooks.process(document)
    if ('response' in done && done.response !== '') this.responses.push(done.response)
    return done
  }

  /** The answers to the requests of one set, in order. Throws the hresult when the set was refused. */
  ask(requests: string, asked: Asked = {}): Answer[] {
    return this.askSet(requests, asked).children
  }

  askSet(requests: string, asked: Asked = {}): Answer {
    const done = this.process(setOf(requests, asked))
    if ('hresult' in done) throw new Error(`${done.hresult}: ${done.message}`)
    return messagesOf(done.response)
  }

  /** The answer to one request. */
  askOne(request: string): Answer {
    const [answer] = this.ask(request)
    if (!answer) throw new Error('no answer')
    return answer
  }

  /** The hresult with which a document is refused; null when it is answered. */
  hresultOf(document: string): string | null {
    const done = this.process(document)
    return 'hresult' in done ? done.hresult : null
  }

  addInvoice(elements: string, lines = line()): Answer {
    return this.askOne(`<InvoiceAddRq><InvoiceAdd>${customer}${elements}${lines}</InvoiceAdd></InvoiceAddRq>`)
  }
}

export const customer = `<CustomerRef><FullName>Ida's Interiors</FullName></CustomerRef>`

interface Line {
  item?: string
  quantity?: string
  rate?: string
  amount?: string
  code?: string
}

/** An InvoiceLineAdd; without anything one lamp at its own price. */
export function line({ item = 'LAMP', quantity, rate, amount, code }: Line = {}): string {
  const element = (name: string, value: string | undefined) =>
    value === undefined ? '' : `<${name}>${value}</${name}>`
  return (
    `<InvoiceLineAdd><ItemRef><FullName>${item}</FullName></ItemRef>${element('Quantity', quantity)}${element('Rate', rate)}` +
    `${element('Amount', amount)}${code === undefined ? '' : `<SalesTaxCodeRef><FullName>${code}</FullName></SalesTaxCodeRef>`}` +
    '</InvoiceLineAdd>'
  )
}

/** The QBXMLMsgsRs of a response. */
function messagesOf(response: string): Answer {
  const outside: Answer = { name: '', attributes: {}, children: [], text: '' }
  const open = [outside]
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => {
    const element: Answer = { name, attributes: attributes as Record<string, string>, children: [], text: '' }
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('text', (text) => {
    const element = open.at(-1)
    if (element && element !== outside) element.text += text
  })
  parser.on('closetag', () => {
    open.pop()
  })
  parser.write(response).close()
  const messages = outside.children[0]?.children[0]
  if (!messages) throw new Error(`no QBXMLMsgsRs in ${response}`)
  return messages
}

/** The elements at a path, such as `InvoiceRet/InvoiceLineRet/Amount`. */
export function allAt(answer: Answer, path: string): Answer[] {
  return path
    .split('/')
    .reduce<Answer[]>(
      (found, name) => found.flatMap(({ children }) => children.filter((child) => child.name === name)),
      [answer],
    )
}

/** The text at a path; undefined when there is none. */
export const textAt = (answer: Answer, path: string): string | undefined => allAt(answer, path)[0]?.text

export const statusOf = ({ attributes }: Answer): number => Number(attributes.statusCode)
