import { describe, expect, test } from '@jest/globals'
import { MirrorEntity } from '../../../src/domain/mirror.ts'
import type { NextPage } from '../../../src/domain/mirror-page.ts'
import type { Answer, Pull, StoredExchange } from '../../../src/ledgers/ledger.ts'
import { openMirror } from '../../../src/ledgers/quickbooks-desktop/mirror.ts'

const reading = () => ({ itemNames: { shipping: '', discount: '', taxRounding: '' }, taxableCode: 'Tax' })
const mirror = openMirror({ version: () => 13, reading: reading as never })
const entity = MirrorEntity.INVOICE
const page = (cursor: string | null = null): Pull => ({
  ...{ kind: 'PAGE', entity, position: 1, rowsMax: 500, changedSince: null, cursor },
})
const asked = (pull: Pull): StoredExchange => ({ ...mirror.encode(pull), id: 'x', idempotencyKey: 'x', position: 0 })

const invoices = (count: number) =>
  Array.from({ length: count }, (_, index) => `<InvoiceRet><TxnID>${index + 1}-1768878026</TxnID></InvoiceRet>`).join(
    '',
  )

/** What QuickBooks answers to each request of an exchange. */
function answer(
  exchange: StoredExchange,
  of: (name: string) => { attributes?: string; status?: string; body?: string },
): Answer {
  const requests = [...exchange.request.matchAll(/<(\w+)Rq requestID="([^"]+)"/g)]
  const responses = requests.map(([, name = '', id]) => {
    const { attributes = '', status = '0', body = '' } = of(name)
    return `<${name}Rs requestID="${id}" statusCode="${status}" statusSeverity="Info" statusMessage="said" ${attributes}>${body}</${name}Rs>`
  })
  const body = `<?xml version="1.0" ?><QBXML><QBXMLMsgsRs>${responses.join('')}</QBXMLMsgsRs></QBXML>`
  return { kind: 'answered', status: 200, body, durationMs: 1 } as Answer
}

const nextOf = (exchange: StoredExchange, attributes: string, count: number): NextPage | undefined | string => {
  const pulled = mirror.decode(
    exchange,
    answer(exchange, () => ({ attributes, body: invoices(count) })),
  )
  return pulled.kind === 'pulled' ? pulled.next : pulled.kind
}

describe('a long list of a company file', () => {
  test('is asked for by an iterator, and where none was made from its beginning', () => {
    expect(asked(page()).request).toMatch(
      /^<InvoiceQueryRq [^>]*iterator="Start"[^>]*>.*<MaxReturned>500<\/MaxReturned>/,
    )
    expect(asked(page('700 {A-1}')).request).toMatch(/iterator="Continue" iteratorID="\{A-1\}"/)
    const old = openMirror({ version: () => 4, reading: reading as never })
    // Before version 5 there are no pages, and a limit would cut off the rest.
    expect(old.encode(page()).request).not.toMatch(/iterator|MaxReturned/)
  })

  test('goes on while something is left, and ends when nothing is', () => {
    expect(nextOf(asked(page()), 'iteratorRemainingCount="3" iteratorID="{A-1}"', 2)).toEqual({ cursor: '3 {A-1}' })
    expect(nextOf(asked(page('3 {A-1}')), 'iteratorRemainingCount="1" iteratorID="{A-1}"', 2)).toEqual({
      cursor: '1 {A-1}',
    })
    expect(nextOf(asked(page('1 {A-1}')), 'iteratorRemainingCount="0" iteratorID="{A-1}"', 1)).toEqual({ cursor: null })
    expect(nextOf(asked(page()), '', 2)).toEqual({ cursor: null })
  })

  test('begins anew when its conversation is over, and when a page was lost on the way', () => {
    const gone = asked(page('3 {A-1}'))
    expect(
      mirror.decode(
        gone,
        answer(gone, () => ({ status: '3391' })),
      ),
    ).toMatchObject({ records: [], next: 'FORGOTTEN' })
    // Three were left; this page has one and leaves none: two came in an answer that never arrived.
    expect(nextOf(asked(page('3 {A-1}')), 'iteratorRemainingCount="0" iteratorID="{A-1}"', 1)).toBe('FORGOTTEN')
  })

  test('that promises more and brings nothing, or says what nobody understands, is not believed', () => {
    expect(nextOf(asked(page('3 {A-1}')), 'iteratorRemainingCount="3" iteratorID="{A-1}"', 0)).toBe('unknown')
    expect(nextOf(asked(page()), 'iteratorRemainingCount="3"', 2)).toBe('unknown')
    expect(nextOf(asked(page()), 'iteratorRemainingCount="many" iteratorID="{A-1}"', 2)).toBe('unknown')
  })

  test('whose very first page is refused like that does not begin anew for ever', () => {
    const first = asked(page())
    const refused = answer(first, () => ({ status: '3391' }))
    expect(mirror.decode(first, refused).kind).not.toBe('pulled')
  })
})

describe('changes of a company file', () => {
  const changes = asked({
    kind: 'CHANGES',
    entities: [entity, MirrorEntity.PAYMENT],
    changedSince: new Date('2026-03-01T00:00:00Z'),
  })

  test('are limited for each kind, and what may be more is said to be cut', () => {
    expect(changes.request.match(/<MaxReturned>2500<\/MaxReturned>/g)).toHaveLength(2)
    const pulled = (count: number) =>
      mirror.decode(
        changes,
        answer(changes, (name) => (name === 'InvoiceQuery' ? { body: invoices(count) } : { status: '1' })),
      )
    expect(pulled(2_499)).toMatchObject({ kind: 'pulled', cut: false })
    expect(pulled(2_500)).toMatchObject({ kind: 'pulled', cut: true })
  })

  test('that were only deletions are never cut', () => {
    const deleted = Array.from(
      { length: 2_500 },
      (_, index) => `<TxnDeletedRet><TxnDelType>Invoice</TxnDelType><TxnID>${index}-1</TxnID></TxnDeletedRet>`,
    )
    const body = deleted.join('')
    const pulled = mirror.decode(
      changes,
      answer(changes, (name) => (name === 'TxnDeletedQuery' ? { body } : { status: '1' })),
    )
    expect(pulled).toMatchObject({ kind: 'pulled', cut: false })
    expect(pulled.kind === 'pulled' && pulled.records).toHaveLength(2_500)
  })
})
