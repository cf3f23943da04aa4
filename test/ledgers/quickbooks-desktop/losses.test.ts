import { expect, test } from '@jest/globals'
import { lossesOf } from '../../../src/ledgers/quickbooks-desktop/losses.ts'
import { aCustomer } from '../../contract/documents.ts'
import { desktopInvoice, setting } from './answers.ts'

test('what QuickBooks Desktop keeps otherwise is said, and stops nothing', () => {
  const invoice = desktopInvoice()
  invoice.document.lines[0]!.description = '\u201cOak\u201d \u2013 fine'
  expect(lossesOf(invoice, setting).map(({ what }) => what)).toEqual([
    'characters beyond Latin-1 are spelled otherwise',
    'the sales tax is computed by QuickBooks, over the whole document',
    'what rounding leaves of the tax is a line of its own',
    'the e-mail address stands on the customer, not on the document',
  ])
})

test('a customer whose texts are Latin-1 loses nothing; one with a long street has it folded', () => {
  expect(lossesOf(aCustomer('Caf\u00e9 Alder'), setting)).toEqual([])
  const { document } = aCustomer('Alder')
  const street = 'The Old Corn Exchange, Third Floor, Suite 12'
  expect(lossesOf({ kind: 'CUSTOMER', document: { ...document, billing: { lines: [street] } } }, setting)).toEqual([
    { what: 'a long line of an address is folded', detail: street },
  ])
})
