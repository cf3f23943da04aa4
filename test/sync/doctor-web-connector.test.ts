import { describe, expect, test } from '@jest/globals'
import { Connection } from '../../src/domain/connection.ts'
import { WebConnectorUser } from '../../src/domain/web-connector.ts'
import { addressFindings, webConnectorFinding } from '../../src/sync/doctor-web-connector.ts'

const now = new Date('2026-03-01T12:00:00Z')
const at = (minutesAgo: number) => new Date(now.getTime() - minutesAgo * 60_000)
const made = { passwordHash: 'x', userName: 'countersign-1', runEveryMinutes: 5, fileMadeAt: at(600) }
const connection = Object.assign(new Connection(), { name: 'East' })

function finding(user: Partial<WebConnectorUser>) {
  return webConnectorFinding({ connection, user: Object.assign(new WebConnectorUser(), made, user), now })
}

describe('what the doctor says of a Web Connector', () => {
  test.each<[string, Partial<WebConnectorUser>, string, RegExp]>([
    ['its file was not made', { passwordHash: null }, 'WARN', /was not made yet/],
    ['it never called', {}, 'WARN', /never called/],
    ['it calls', { lastSeenAt: at(4) }, 'OK', /last called at 2026-03-01T11:56:00Z/],
    ['it called again after a refusal', { lastSeenAt: at(4), lastRefusedAt: at(5) }, 'OK', /last called/],
    [
      'it calls and is refused',
      { lastSeenAt: at(5), lastRefusedAt: at(1) },
      'BAD',
      /password was refused at 2026-03-01T11:59/,
    ],
    ['it is locked', { lastRefusedAt: at(1), lockedUntil: at(-14) }, 'BAD', /locked until 2026-03-01T12:14:00Z/],
    ['it is offline', { lastSeenAt: at(10.1) }, 'BAD', /should every 5 minutes/],
    [
      'QuickBooks cannot be started',
      { lastSeenAt: at(1), lastCode: '0x80040408' },
      'BAD',
      /closed or could not be started/,
    ],
    ['QuickBooks is closed', { lastSeenAt: at(1), lastCode: '0x80040416' }, 'BAD', /closed or could not be started/],
    ['another file is open', { lastSeenAt: at(1), lastCode: '0x8004040A' }, 'BAD', /another company file is open/],
    ['another file was opened', { lastSeenAt: at(1), lastCode: 'OTHER_FILE' }, 'BAD', /another company file is open/],
    ['a dialog is open', { lastSeenAt: at(1), lastCode: '0x80040414' }, 'BAD', /a dialog is open/],
    ['it needs single-user mode', { lastSeenAt: at(1), lastCode: '0x80040422' }, 'BAD', /wrong mode/],
    ['it is in the other mode', { lastSeenAt: at(1), lastCode: '0x80040410' }, 'BAD', /wrong mode/],
    ['nobody let it in', { lastSeenAt: at(1), lastCode: '0x80040420' }, 'BAD', /does not let it in/],
    [
      'something else is wrong',
      { lastSeenAt: at(1), lastCode: '0x80040402', lastMessage: 'oops' },
      'BAD',
      /0x80040402.*oops/,
    ],
  ])('%s', (_, user, mark, words) => {
    const found = finding(user)
    expect(found).toMatchObject({ check: 'Web Connector', mark, finding: expect.stringMatching(words) })
    expect(found.remedy === null).toBe(mark === 'OK')
  })

  test('a connection without a user is named', () => {
    expect(webConnectorFinding({ connection, user: null, now })).toMatchObject({ mark: 'BAD' })
  })
})

describe('what the doctor says of the public address', () => {
  const marks = (publicUrl: string, trustedProxy: string | null = 'loopback', host = '127.0.0.1') =>
    addressFindings({ publicUrl, trustedProxy, host }).map(({ mark, finding, remedy }) => [
      mark,
      `${finding} ${remedy}`,
    ])

  test.each<[string, string | null, [string, RegExp][]]>([
    ['https://books.example.com', 'loopback', [['OK', /books\.example\.com\/web-connector/]]],
    ['http://localhost:4000', null, [['WARN', /this machine/]]],
    ['http://books.example.com', 'loopback', [['BAD', /only https/]]],
    [
      'https://10.1.2.3',
      'loopback',
      [
        ['OK', /./],
        ['WARN', /own network/],
      ],
    ],
    [
      'https://books.lan',
      'loopback',
      [
        ['OK', /./],
        ['WARN', /own network/],
      ],
    ],
    [
      'https://books.example.com',
      null,
      [
        ['OK', /./],
        ['WARN', /Set TRUSTED_PROXY to the proxy, loopback/],
      ],
    ],
  ])('%s behind the proxy %s', (publicUrl, trustedProxy, expected) => {
    expect(marks(publicUrl, trustedProxy)).toEqual(
      expected.map(([mark, words]) => [mark, expect.stringMatching(words)]),
    )
  })
})
