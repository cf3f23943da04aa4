import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { codeOf, invoice, OpenCompany, type Read } from './open-company.ts'

let company: OpenCompany
beforeEach(async () => {
  company = await OpenCompany.open()
})
afterEach(() => company.close())

const part = (amount: number, { Id }: Read, type = 'Invoice') => ({
  Amount: amount,
  LinkedTxn: [{ TxnId: String(Id), TxnType: type }],
})
const payment = (total: number, ...parts: ReturnType<typeof part>[]) => ({
  CustomerRef: { value: '1' },
  TotalAmt: total,
  Line: parts,
})
const balanceOf = async (record: Read) => (await company.read('Invoice', record.Id)).Balance
const change = (entity: string, record: Read, operation: string) =>
  company.ask(entity, { body: { Id: String(record.Id), SyncToken: String(record.SyncToken) }, query: { operation } })

describe('a payment', () => {
  test('lowers the balance, links both sides and raises the invoice’s SyncToken', async () => {
    const sold = await company.create('Invoice', invoice({ amount: 100 }))
    const paid = await company.create('Payment', payment(70, part(60, sold)))
    expect(paid).toMatchObject({ TotalAmt: 70, UnappliedAmt: 10 })
    expect((paid.Line as unknown as Read[])[0]).toMatchObject(part(60, sold))
    expect(await company.read('Invoice', sold.Id)).toMatchObject({
      Balance: 40,
      SyncToken: '1',
      LinkedTxn: [{ TxnId: paid.Id, TxnType: 'Payment' }],
    })
    expect((await company.read('Customer', 1)).Balance).toBe(30)
  })

  test('cannot pay more than is open, more than it is, or another customer’s invoice', async () => {
    const sold = await company.create('Invoice', invoice({ amount: 100 }))
    const foreign = await company.create('Invoice', invoice({ CustomerRef: { value: '2' } }))
    expect(codeOf(await company.ask('payment', { body: payment(200, part(101, sold)) }))).toBe('6000')
    expect(codeOf(await company.ask('payment', { body: payment(50, part(60, sold)) }))).toBe('6000')
    expect(codeOf(await company.ask('payment', { body: payment(50, part(50, foreign)) }))).toBe('620')
    const other = { Amount: 1, LinkedTxn: [{ TxnId: '1', TxnType: 'Unicorn' }] }
    expect(codeOf(await company.ask('payment', { body: payment(50, other) }))).toBe('620')
    expect(await balanceOf(sold)).toBe(100)
  })

  test('that is changed moves only what has changed', async () => {
    const one = await company.create('Invoice', invoice({ amount: 100 }))
    const other = await company.create('Invoice', invoice({ amount: 100 }))
    const paid = await company.create('Payment', payment(100, part(100, one)))
    const body = { ...payment(100, part(40, one), part(60, other)), Id: String(paid.Id), SyncToken: '0', sparse: true }
    expect((await company.ask('payment', { body })).status).toBe(200)
    expect([await balanceOf(one), await balanceOf(other)]).toEqual([60, 40])
  })

  test.each([
    ['voided', { include: 'void', operation: 'update' }],
    ['deleted', { operation: 'delete' }],
  ])('that is %s gives the invoice its balance back', async (_, query) => {
    const sold = await company.create('Invoice', invoice({ amount: 100 }))
    const paid = await company.create('Payment', payment(100, part(100, sold)))
    const body = { Id: String(paid.Id), SyncToken: '0', sparse: true }
    expect((await company.ask('payment', { body, query })).status).toBe(200)
    expect(await company.read('Invoice', sold.Id)).toMatchObject({ Balance: 100, SyncToken: '2', LinkedTxn: [] })
  })

  test('protects its invoice from being voided', async () => {
    const sold = await company.create('Invoice', invoice({ amount: 100 }))
    await company.create('Payment', payment(100, part(100, sold)))
    expect(codeOf(await change('invoice', await company.read('Invoice', sold.Id), 'void'))).toBe('6000')
  })

  test('is freed when its invoice is deleted', async () => {
    const sold = await company.create('Invoice', invoice({ amount: 100 }))
    const paid = await company.create('Payment', payment(100, part(100, sold)))
    await change('invoice', await company.read('Invoice', sold.Id), 'delete')
    expect(await company.read('Payment', paid.Id)).toMatchObject({ UnappliedAmt: 100, Line: [], SyncToken: '1' })
    expect((await company.read('Customer', 1)).Balance).toBe(-100)
  })

  test('that was deposited cannot be changed until the deposit is undone: 6540', async () => {
    const paid = await company.create('Payment', payment(100))
    const Line = [{ Amount: 100, LinkedTxn: [{ TxnId: String(paid.Id), TxnType: 'Payment' }] }]
    const banked = await company.create('Deposit', { DepositToAccountRef: { value: '5' }, Line })
    const deposited = await company.read('Payment', paid.Id)
    expect(codeOf(await change('payment', deposited, 'delete'))).toBe('6540')
    await change('deposit', banked, 'delete')
    expect((await change('payment', await company.read('Payment', paid.Id), 'delete')).status).toBe(200)
  })

  test('without lines stays unapplied, unless the company applies payments by itself', async () => {
    const old = await company.create('Invoice', invoice({ amount: 60, TxnDate: '2026-01-01' }))
    const young = await company.create('Invoice', invoice({ amount: 60, TxnDate: '2026-02-01' }))
    const loose = { CustomerRef: { value: '1' }, TotalAmt: 100 }
    expect((await company.create('Payment', loose)).UnappliedAmt).toBe(100)
    company.set({ autoApplyPayments: true })
    expect((await company.create('Payment', loose)).UnappliedAmt).toBe(0)
    expect([await balanceOf(old), await balanceOf(young)]).toEqual([0, 20])
  })
})

describe('a credit memo', () => {
  test('is applied by a payment of nothing', async () => {
    const sold = await company.create('Invoice', invoice({ amount: 100 }))
    const credit = await company.create('CreditMemo', invoice({ amount: 30 }))
    expect((await company.read('Customer', 1)).Balance).toBe(70)
    const applied = await company.create('Payment', payment(0, part(30, sold), part(30, credit, 'CreditMemo')))
    expect(applied).toMatchObject({ TotalAmt: 0, UnappliedAmt: 0 })
    expect(await balanceOf(sold)).toBe(70)
    expect(await company.read('CreditMemo', credit.Id)).toMatchObject({
      RemainingCredit: 0,
      Balance: 0,
      SyncToken: '1',
    })
    expect((await company.read('Customer', 1)).Balance).toBe(70)
  })

  test('cannot be used for more than is left of it', async () => {
    const sold = await company.create('Invoice', invoice({ amount: 100 }))
    const credit = await company.create('CreditMemo', invoice({ amount: 30 }))
    const body = payment(0, part(40, sold), part(40, credit, 'CreditMemo'))
    expect(codeOf(await company.ask('payment', { body }))).toBe('6000')
  })
})

test('an invoice’s total cannot fall below what has been paid', async () => {
  const sold = await company.create('Invoice', invoice({ amount: 100 }))
  await company.create('Payment', payment(80, part(80, sold)))
  const lower = { ...invoice({ amount: 50 }), Id: String(sold.Id), SyncToken: '1', sparse: true }
  expect(codeOf(await company.ask('invoice', { body: lower }))).toBe('6000')
  const higher = { ...invoice({ amount: 150 }), Id: String(sold.Id), SyncToken: '1', sparse: true }
  expect((await company.ask('invoice', { body: higher })).json.Invoice).toMatchObject({ TotalAmt: 150, Balance: 70 })
})

describe('what is done and whose answer is spoilt', () => {
  const kinds: [string, string, () => Promise<Record<string, unknown>>][] = [
    ['CreditMemo', 'create', async () => invoice({ amount: 30 })],
    ['RefundReceipt', 'create', async () => ({ ...invoice({ amount: 30 }), DepositToAccountRef: { value: '5' } })],
    ['Payment', 'create', async () => payment(60, part(60, await company.create('Invoice', invoice())))],
    ['Customer', 'update', async () => ({ Id: '1', SyncToken: '0', sparse: true, Notes: 'x' })],
    ['Invoice', 'void', async () => ({ Id: String((await company.create('Invoice', invoice())).Id), SyncToken: '0' })],
  ]
  const books = () =>
    JSON.stringify(
      kinds.map(([name]) => [...company.sandbox.store.table<{ Id: string; SyncToken: string }>(`qbo.${name}`).all()]),
    )

  test.each(kinds)('%s (%s) is in the books, alone and in a batch', async (entity, operation, body) => {
    for (const alone of [true, false]) {
      const fields = (await body()) as never
      const before = books()
      const fault = { kind: 'fault', code: '6000', when: 'after' } as const
      company.sandbox.faults.add({ system: 'quickbooks-online', entity, operation, times: 1, fault })
      const said = alone
        ? await company.ask(entity.toLowerCase(), { body: fields, query: operation === 'create' ? {} : { operation } })
        : await company.batch([{ bId: '1', operation, [entity]: fields }])
      expect(codeOf(alone ? said : (said.json.BatchItemResponse as unknown as Read[])[0]!)).toBe('6000')
      expect(books()).not.toBe(before)
      // A customer's SyncToken has moved on: the second change of it would be stale.
      if (operation === 'update') break
    }
  })
})
