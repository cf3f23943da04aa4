import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type RunningSandbox, startSandbox } from '../spawn.ts'
import { Visitor } from '../visitor.ts'

let sandbox: RunningSandbox
let visitor: Visitor

async function dataService(name: string, body: object) {
  const visit = await visitor.ask(`/0/DataService/json/SyncReply/${name}`, { method: 'POST', body })
  expect(visit.status).toBe(200)
  return visit.json
}
const text = (value: unknown) => ({ expressionType: 2, parameter: { dataValueType: 1, value } })
const compared = (columnPath: string, comparisonType: number, value: unknown) => ({
  filterType: 1,
  comparisonType,
  isEnabled: true,
  leftExpression: { expressionType: 0, columnPath },
  rightExpression: text(value),
})
const where = (...filters: object[]) => ({
  filterType: 6,
  isEnabled: true,
  logicalOperation: 0,
  items: Object.fromEntries(filters.map((filter, at) => [`f${at}`, filter])),
})

beforeAll(async () => {
  sandbox = await startSandbox({ world: 'empty' })
  visitor = await Visitor.withForms(sandbox.creatio)
})
afterAll(() => sandbox.stop())

describe('the DataService', () => {
  test('inserts, selects, updates and deletes on the tables that OData shows', async () => {
    const confirmed = '7c1b2a90-4d5e-4f60-8a71-92b3c4d5e602'
    const columnValues = {
      items: { Number: text('D-1'), Status: text(confirmed), DueDate: text('"2026-01-02T05:00:00.000"') },
    }
    const { id, success } = await dataService('InsertQuery', { rootSchemaName: 'Order', columnValues })
    expect(success).toBe(true)
    const columns = { items: { Number: {}, State: { expression: { columnPath: 'Status' } }, Vanishing: {} } }
    const filters = where(compared('Number', 3, 'D-1'), compared('Status.Name', 9, 'Conf'))
    const selected = await dataService('SelectQuery', { rootSchemaName: 'Order', columns, filters })
    expect(selected.rows).toEqual([{ Number: 'D-1', State: { value: confirmed, displayValue: 'Confirmed' } }])
    const updated = await dataService('UpdateQuery', {
      rootSchemaName: 'Order',
      columnValues: { items: { Notes: text('n') } },
      filters,
    })
    expect(updated).toMatchObject({ rowsAffected: 1, success: true })
    expect((await visitor.odata(`Order(${id})`)).json).toMatchObject({
      Notes: 'n',
      DueDate: '2026-01-02T05:00:00.000Z',
    })
    expect(await dataService('DeleteQuery', { rootSchemaName: 'Order', filters })).toMatchObject({ rowsAffected: 1 })
    expect((await visitor.odata(`Order(${id})`)).status).toBe(404)
  })

  test('a failure is a 200 with success false and a responseStatus', async () => {
    const failed = await dataService('SelectQuery', { rootSchemaName: 'Nothing' })
    expect(failed).toMatchObject({
      success: false,
      responseStatus: { ErrorCode: expect.any(String), Message: expect.any(String) },
    })
  })

  test('a BatchQuery happens whole or not at all', async () => {
    const query = (name: string, rootSchemaName: string) => ({
      __type: 'Terrasoft.Nui.ServiceModel.DataContract.InsertQuery',
      rootSchemaName,
      columnValues: { items: { Name: text(name) } },
    })
    const { count } = await sandbox.fetchControl<{ count: number }>('/count/creatio.Contact')
    expect(await dataService('BatchQuery', { items: [query('x', 'Contact'), query('y', 'Nothing')] })).toMatchObject({
      success: false,
    })
    expect(await sandbox.fetchControl('/count/creatio.Contact')).toEqual({ count })
    expect(await dataService('BatchQuery', { items: [query('x', 'Contact')] })).toMatchObject({ success: true })
    expect(await sandbox.fetchControl('/count/creatio.Contact')).toEqual({ count: count + 1 })
  })

  test('SysSettings show the incident: Online pointing to the sandbox, an empty port', async () => {
    const names = ['BGQuickBooksBaseUrl', 'BGQuickBooksLocalPort', 'BGNothing']
    const found = await dataService('QuerySysSettings', { sysSettingsNameCollection: names })
    expect(found).toMatchObject({
      values: {
        BGQuickBooksBaseUrl: { value: 'https://sandbox-quickbooks.api.intuit.com' },
        BGQuickBooksLocalPort: { value: '' },
      },
      notFoundSettings: ['BGNothing'],
    })
    await dataService('PostSysSettingsValues', { sysSettingsValues: { BGQuickBooksLocalPort: '8080' } })
    const after = await dataService('QuerySysSettings', { sysSettingsNameCollection: names })
    expect(after.values).toMatchObject({ BGQuickBooksLocalPort: { value: '8080' } })
  })
})

describe('processes and custom services', () => {
  test('RunProcess starts a process that is there and explains one that is not', async () => {
    const run = (schemaName: string) =>
      visitor.ask('/0/ServiceModel/ProcessEngineService.svc/RunProcess', {
        method: 'POST',
        body: { schemaName, parameterValues: [], resultParameterNames: ['Count'] },
      })
    const started = await run('BGQuickBooksCustomerOrderIntegration')
    expect(started.json).toMatchObject({ success: true, processStatus: 2, resultParameterValues: { Count: '' } })
    expect((await run('Nothing')).json).toMatchObject({ success: false, errorInfo: { message: expect.any(String) } })
  })

  test('a custom service wraps its answer in the name of its method', async () => {
    await visitor.odata('Order', {}, { method: 'POST', body: { Number: 'P-1' } })
    const pending = await visitor.odata('BGQuickBooksIntegrationLogDetail/$count', {
      $filter: "BGStatus/Name eq 'Pending'",
    })
    const { json } = await visitor.ask('/0/rest/BGQuickBooksService/GetPendingCount', { method: 'POST', body: {} })
    expect(String(json.GetPendingCountResult)).toBe(pending.text)
    expect(json.GetPendingCountResult).not.toBe(0)
  })
})
