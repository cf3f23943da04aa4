import { beforeAll, describe, expect, test } from '@jest/globals'
import { ITEM_NAMES } from '../../../src/ledgers/quickbooks-desktop/names.ts'
import { type Element, type Response, readAnswer, textAt } from '../../../src/ledgers/quickbooks-desktop/read-xml.ts'
import { readRecord } from '../../../src/ledgers/quickbooks-desktop/records.ts'
import { REQUESTS } from '../../../src/ledgers/quickbooks-desktop/schema/requests.ts'
import { readTold, type Told } from '../../../src/ledgers/quickbooks-desktop/told.ts'
import { OpenFile } from '../../sandbox/quickbooks-desktop/company-file.ts'
import { askForEverything } from '../../sandbox/quickbooks-desktop/every-request.ts'
import { setOf } from './answers.ts'
import { openChecked, playOffice, response } from './office.ts'

const reading = { itemNames: ITEM_NAMES, taxableCode: 'Tax' }
/** What the check of the company reads by itself, and what a void answers: no record, but what was voided. */
const READ_ELSEWHERE = ['HostRet', 'CompanyRet', 'PreferencesRet']
/** What only a bookkeeper enters: refunds are known by the links of the credit memos that they pay out. */
const NEVER_ASKED_FOR = ['CheckRet', 'ARRefundCreditCardRet']

describe('the answers of a company file that is asked for everything', () => {
  let responses: Response<Element>[]
  let told: Told[]
  beforeAll(() => {
    const file = new OpenFile()
    askForEverything(file)
    responses = file.responses.flatMap((body) => {
      const read = readAnswer({ body, read: (element) => element })
      return read.kind === 'read' ? read.responses : []
    })
    told = responses.flatMap(({ found }) => found.flatMap((element) => readTold(element) ?? []))
  })
  const toldOf = <Kind extends Told['kind']>(kind: Kind) =>
    told.filter((one): one is Extract<Told, { kind: Kind }> => one.kind === kind)

  test('are there for each request that we write', () => {
    const names = new Set(responses.map(({ name }) => name.replace(/Rs$/, '')))
    expect([...names]).toEqual(expect.arrayContaining(Object.keys(REQUESTS)))
  })

  test('are all read, every record of them', () => {
    const records = responses.flatMap(({ found }) => found).filter(({ name }) => name.endsWith('Ret'))
    // A payment that only sets credits is no transaction: QuickBooks echoes it, and there is no record to read.
    const isEcho = (record: Element) => record.name === 'ReceivePaymentRet' && textAt(record, 'TxnID') === undefined
    const unread = records.filter(
      (record) => readRecord(record, reading) === null && readTold(record) === null && !isEcho(record),
    )
    const names = [...new Set(unread.map(({ name }) => name))]
    const known = [...READ_ELSEWHERE, ...NEVER_ASKED_FOR, 'ListDeletedRet']
    expect(names.filter((name) => !known.includes(name))).toEqual([])
    expect(new Set(told.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(9)
  })

  test('credit memos with their lines, and what is left of them', () => {
    const [memo] = toldOf('CreditMemoRet')
    expect(memo).toMatchObject({ subtotal: '100.00', lines: [{ quantity: '1', amount: '100.00' }] })
    expect(memo?.customerId).toMatch(/^8/)
    expect(memo?.total).toBe(memo?.remaining)
  })

  test('payments with the invoices that they pay', () => {
    const [payment] = toldOf('ReceivePaymentRet')
    const numbers = toldOf('ReceivePaymentRet').flatMap(({ applications }) => applications.map(({ number }) => number))
    expect(payment).toMatchObject({ number: 'CHK-1', total: '60.00', unusedPayment: '20.00', method: 'Check' })
    expect(numbers).toContain('61000')
    const [application] = payment?.applications ?? []
    expect(application).toMatchObject({ type: 'Invoice', amount: '40.00', discount: '1.00' })
  })

  test('what was deleted, and when', () => {
    expect(toldOf('TxnDeletedRet')).toContainEqual(
      expect.objectContaining({ type: 'Invoice', number: '61002', deletedAt: expect.stringMatching(/^\d{4}-/) }),
    )
  })

  test('terms, employees, representatives, tax codes and rates', () => {
    expect(toldOf('StandardTermsRet')).toContainEqual(expect.objectContaining({ name: 'Net 15', dueDays: '15' }))
    expect(toldOf('EmployeeRet')[0]).toMatchObject({ name: 'Ada Sandbox', active: true })
    expect(toldOf('SalesRepRet')[0]).toMatchObject({ initial: 'AS', active: true })
    expect(toldOf('SalesTaxCodeRet')).toContainEqual(expect.objectContaining({ name: 'Non', taxable: false }))
    expect(toldOf('ItemSalesTaxRet')).toContainEqual(expect.objectContaining({ name: 'City tax', ratePercent: '1.5' }))
  })

  test('a report by the ids of its columns, with totals that say nothing of what they are of', () => {
    const report = toldOf('ReportRet').find(({ columns }) => columns.length > 2)
    expect(report?.columns.map(({ titles }) => titles[0])).toEqual([undefined, 'Jan 26', 'Feb 26', 'Mar 26', 'TOTAL'])
    const lamps = report?.rows.find(({ of }) => of === 'Sales:Lamps')
    expect(lamps).toMatchObject({ kind: 'data', ofType: 'account', cells: { 1: 'Lamps', 2: '600.00', 5: '600.00' } })
    const total = report?.rows.at(-1)
    expect(total).toMatchObject({ kind: 'total', of: null })
    expect(total?.cells[2]).toBe(total?.cells[5])
  })
})

describe('a question', () => {
  const asked = async (body: string) => {
    const { ledger, talk } = await openChecked()
    const taken: string[] = []
    void playOffice(talk, (request) => {
      taken.push(request)
      return { response: body.replace('requestID="x"', `requestID="${/requestID="(\w+)"/.exec(request)?.[1]}"`) }
    })
    const answer = await ledger.ask({ name: 'TermsQuery', values: { ActiveStatus: 'All' } })
    talk.end('the test is over')
    return { answer, taken }
  }
  const terms = (name: string) => `<StandardTermsRet><ListID>1-1</ListID>${name}</StandardTermsRet>`

  test('is asked by the table, and all that is told comes back', async () => {
    const { answer, taken } = await asked(setOf([response('TermsQuery', terms('<Name>Net 15</Name>'))]))
    expect(taken).toEqual([
      expect.stringContaining('<TermsQueryRq requestID="question"><ActiveStatus>All</ActiveStatus>'),
    ])
    expect(answer).toMatchObject({
      kind: 'told',
      records: [{ kind: 'StandardTermsRet', name: 'Net 15', dueDays: null }],
    })
  })

  test.each([
    ['nothing matched', setOf([response('TermsQuery', '', '1')]), { kind: 'told', records: [] }],
    ['it was refused', setOf([response('TermsQuery', '', '3250')]), { kind: 'untold' }],
    ['a record lacks its name', setOf([response('TermsQuery', terms(''))]), { kind: 'untold' }],
    ['another question was answered', setOf([]), { kind: 'untold' }],
    ['the answer is cut off', setOf([]).slice(0, -5), { kind: 'untold' }],
  ])('when %s', async (_, body, expected) => {
    expect((await asked(body)).answer).toMatchObject(expected)
  })
})
