import { expect, test } from '@jest/globals'
import { draftOf, recordOf } from '../../../src/ledgers/quickbooks-desktop/mirror-records.ts'
import { ITEM_NAMES } from '../../../src/ledgers/quickbooks-desktop/names.ts'
import { readAnswer } from '../../../src/ledgers/quickbooks-desktop/read-xml.ts'
import { readRecord } from '../../../src/ledgers/quickbooks-desktop/records.ts'
import { createInvoice, desktopInvoice, invoiceRet, responseTo, setOf } from './answers.ts'

const reading = { itemNames: ITEM_NAMES, taxableCode: 'Tax' }
const { document, customerId } = desktopInvoice()

test('an invoice that went through the mirror is read as the answer itself is, and its total is known', () => {
  const body = setOf([responseTo(createInvoice, { inner: invoiceRet() })])
  const read = readAnswer({
    body,
    read: (element) => ({ draft: draftOf(element), record: readRecord(element, reading) }),
  })
  const [found] = read.kind === 'read' ? read.responses.flatMap((response) => response.found) : []
  expect(found?.draft).toMatchObject({
    entity: 'INVOICE',
    number: document.number,
    date: document.date,
    total: document.total,
    partyId: customerId,
  })
  expect(found?.record?.sale?.lines.length).toBe(document.lines.length)
  // As the database keeps it: `jsonb` sorts the names.
  const sorted = (_: string, value: unknown) =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => one.length - other.length))
      : value
  const raw = JSON.stringify(JSON.parse(found?.draft?.raw ?? ''), sorted)
  expect(recordOf({ entity: 'INVOICE' as never, raw }, reading)).toEqual(found?.record)
})
