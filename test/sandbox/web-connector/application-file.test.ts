import { describe, expect, test } from '@jest/globals'
import { readApplicationFile } from '../../../src/sandbox/web-connector/application-file.ts'
import { qwcOf } from './office.ts'

const url = 'https://orders.example/web-connector'

describe('a .qwc file', () => {
  test('says where to call, as whom, for which file, and how often', () => {
    const qwc = qwcOf({
      url,
      CertURL: url,
      IsReadOnly: 'true',
      Scheduler: '<RunEveryNMinutes>15</RunEveryNMinutes>',
      UnattendedModePref: 'umpOptional',
      PersonalDataPref: 'pdpNotNeeded',
      AuthFlags: '0xF',
      Notify: 'false',
    })
    expect(readApplicationFile(`\uFEFF${qwc}`)).toEqual({
      ...{ appName: 'Orders of the shop', appUrl: url, appSupport: url, certUrl: url, userName: 'till' },
      appDescription: 'Takes orders & puts them into QuickBooks',
      ownerId: '{1f1f1f1f-0000-4000-8000-00000000000a}',
      fileId: '{1F1F1F1F-0000-4000-8000-00000000000B}',
      ...{ isReadOnly: true, runEveryMinutes: 15 },
    })
  })

  test('without a schedule is run by hand only', () => {
    expect(readApplicationFile(qwcOf({ url }))).toMatchObject({ runEveryMinutes: null, isReadOnly: false, certUrl: '' })
  })

  test.each(['http://localhost:8080/x', 'http://127.0.0.1:9/x', 'https://127.0.0.1:9/x'])('may call %s', (address) => {
    expect(readApplicationFile(qwcOf({ url: address })).appUrl).toBe(address)
  })

  test.each<[string, Record<string, string | null>]>([
    ['AppURL must be https', { AppURL: 'http://orders.example/x' }],
    ['AppSupport must be in the same domain', { AppSupport: 'https://help.example/x' }],
    ['CertURL must be in the same domain', { CertURL: 'https://orders.example.net/' }],
    ['AppURL is no address', { AppURL: 'orders' }],
    ['longer than 80', { AppDescription: 'x'.repeat(81) }],
    ['OwnerID cannot be', { OwnerID: '1f1f1f1f-0000-4000-8000-00000000000a' }],
    ['FileID cannot be', { FileID: '{1f1f1f1f-0000-4000-8000-0000000000}' }],
    ['QBType cannot be', { QBType: 'QBPOS' }],
    ['UserName cannot be', { UserName: '' }],
    ['AppID is missing', { AppID: null }],
    ['FileID is missing', { FileID: null }],
    ['Password is unknown', { Password: 'secret' }],
    ['RunEveryNMinutes cannot be', { Scheduler: '<RunEveryNMinutes>0</RunEveryNMinutes>' }],
    ['IsReadOnly cannot be', { IsReadOnly: 'yes' }],
    ['not well-formed', { AppName: 'A & B' }],
  ])('is refused: %s', (words, changes) => {
    expect(() => readApplicationFile(qwcOf({ url, ...changes }))).toThrow(words)
  })

  test('is refused with everything that is wrong with it at once', () => {
    const qwc = qwcOf({ url, AppID: null, QBType: 'QBPOS' })
    expect(() => readApplicationFile(qwc)).toThrow(/AppID is missing; QBType cannot be/)
  })

  test('has QBWCXML as its root', () => {
    expect(() => readApplicationFile('<QBXML/>')).toThrow('the root element must be QBWCXML')
  })
})
