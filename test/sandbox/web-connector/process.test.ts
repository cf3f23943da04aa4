import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type RunningSandbox, startSandbox } from '../spawn.ts'
import { qwcOf } from './office.ts'
import { PlayedService } from './played-service.ts'

const ownerId = '{1f1f1f1f-0000-4000-8000-00000000000a}'
const fileId = '{1F1F1F1F-0000-4000-8000-00000000000B}'
const service = new PlayedService()
let sandbox: RunningSandbox
beforeAll(async () => {
  await service.listen()
  sandbox = await startSandbox({ world: 'empty', settings: { webConnectorNoOpSeconds: 0.05 } })
  await sandbox.webConnector.add({ qwc: qwcOf({ url: service.url }), password: 'open sesame' })
})
afterAll(async () => {
  await sandbox.stop()
  await service.close()
})

const ask = (request: string) =>
  `<?xml version="1.0" encoding="utf-8"?><?qbxml version="13.0"?><QBXML><QBXMLMsgsRq onError="continueOnError">${request}</QBXMLMsgsRq></QBXML>`

describe("the Web Connector in the sandbox's process", () => {
  test('hands in what the played QuickBooks Desktop answers, and the host, company and preferences at first', async () => {
    service.say('sendRequestXML', ask('<CustomerQueryRq requestID="7"/>'))
    expect(await sandbox.webConnector.run('till')).toMatchObject({ outcome: 'finished', roundTrips: 1 })
    expect(service.bodies('sendRequestXML')[0]).toMatch(
      /&lt;HostQueryRs .*&lt;CompanyQueryRs .*&lt;PreferencesQueryRs /s,
    )
    expect(service.bodies('receiveResponseXML')[0]).toMatch(/&lt;CustomerQueryRs .*requestID="7".*&lt;CustomerRet>?/s)
  })

  test('has stamped the company file, so that an owner finds its own id in it', async () => {
    service.say('sendRequestXML', ask(`<CompanyQueryRq requestID="1"><OwnerID>${ownerId}</OwnerID></CompanyQueryRq>`))
    await sandbox.webConnector.run('till')
    expect(service.bodies('receiveResponseXML').at(-1)).toContain(`&lt;DataExtValue&gt;${fileId}&lt;`)
  })

  test('meets a QuickBooks that is not running, and says so in the status column', async () => {
    const change = (state: string) =>
      sandbox.fetchControl('/settings', { method: 'PATCH', body: { quickBooksDesktopState: state } })
    await change('not-running')
    service.say('closeConnection', '')
    const { outcome, status } = await sandbox.webConnector.run('till')
    await change('open')
    expect(outcome).toBe('quickbooks-refused')
    expect(service.bodies('connectionError')[0]).toContain('<hresult>0x80040416</hresult>')
    expect((await sandbox.webConnector.show('till')).status).toBe(status)
  })

  test('is called by its doors: list, change, start, remove', async () => {
    await sandbox.webConnector.change('till', { password: 'other', everySeconds: 0 })
    expect(await sandbox.webConnector.list()).toMatchObject([{ userName: 'till', everySeconds: 0 }])
    expect(await sandbox.webConnector.start('till')).toEqual({ started: true })
    await sandbox.webConnector.run('till')
    expect(service.bodies('authenticate').at(-1)).toContain('<strPassword>other</strPassword>')
    await sandbox.webConnector.remove('till')
    await expect(sandbox.webConnector.show('till')).rejects.toThrow('404')
  })
})
