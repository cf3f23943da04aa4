import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { LinkKind } from '../../../src/domain/link.ts'
import type { Listing } from '../../../src/ledgers/quickbooks-desktop/pages.ts'
import { customerRet, setOf } from './answers.ts'
import { type PlayedOffice, playedOffice } from './company.ts'
import { openChecked, playOffice } from './office.ts'

describe('the pages of a company file', () => {
  let office: PlayedOffice
  beforeAll(async () => {
    office = await playedOffice()
  })
  afterAll(() => office.close())

  test('bring every record once, a few at a time, and a watermark from which nothing older comes again', async () => {
    const pages: string[][] = []
    const take = async (records: { name: string | null }[]) => {
      pages.push(records.map(({ name }) => name ?? ''))
    }
    const listing: Listing = { entity: LinkKind.CUSTOMER, since: null, pageRowsMax: 2 }
    const listed = await office.ledger.pages(listing, take)
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1])
    expect(new Set(pages.flat()).size).toBe(5)
    expect(listed).toEqual({ kind: 'listed', watermark: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/) })
    const later = await office.ledger.pages({ ...listing, since: '2099-01-01T00:00:00' }, take)
    expect(later).toEqual({ kind: 'listed', watermark: '2099-01-01T00:00:00' })
    expect(pages.at(-1)).toEqual([])
  })

  test.each([LinkKind.ITEM, LinkKind.INVOICE] as const)('%s are listed too', async (entity) => {
    let count = 0
    const listed = await office.ledger.pages({ entity, since: null }, async ({ length }) => {
      count += length
    })
    expect(listed.kind).toBe('listed')
    expect(count > 0).toBe(entity === LinkKind.ITEM)
  })
})

describe('a listing that breaks', () => {
  const page = (id: string, attributes: string, code = '0') =>
    `<CustomerQueryRs requestID="${id}" statusCode="${code}" statusSeverity="Info" statusMessage="m" ${attributes}>${code === '0' ? customerRet() : ''}</CustomerQueryRs>`
  const first = setOf([page('page-1', 'iteratorRemainingCount="7" iteratorID="{i}"')])

  test.each([
    ['is cut off', first.slice(0, -20)],
    ['has lost its iterator', setOf([page('page-2', '', '3391')])],
    ['answers another page', first],
    ['says that more is left, and names no iterator', setOf([page('page-2', 'iteratorRemainingCount="3"')])],
  ])('on a second page that %s leaves the watermark where it was', async (_, second) => {
    const { ledger, talk } = await openChecked()
    const answers = [first, second]
    void playOffice(talk, () => ({ response: answers.shift() ?? '' }))
    const pages: number[] = []
    const listed = await ledger.pages({ entity: LinkKind.CUSTOMER, since: null }, async ({ length }) => {
      pages.push(length)
    })
    talk.end('the test is over')
    expect(pages[0]).toBe(1)
    expect(listed.kind).toBe('broken')
  })
})
