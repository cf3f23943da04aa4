import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { getRounds } from 'bcryptjs'
import { pino } from 'pino'
import { ourselves } from '../../src/storage/api-keys.ts'
import { createWebConnectorFile } from '../../src/web-connector/file.ts'
import { NOBODY, SignIns } from '../../src/web-connector/sign-in.ts'
import { type Office, openOffice } from './office.ts'

let office: Office
beforeEach(async () => {
  office = await openOffice()
})
afterEach(() => office.close())

const minutesLater = (minutes: number) => {
  office.time.now = new Date(office.time.now.getTime() + minutes * 60_000)
}
const guess = async (times: number) => {
  for (let i = 0; i < times; i++) expect((await office.signIn(`guess ${i}`))[1]).toBe('nvu')
}

describe('signing in', () => {
  test('the right password is let in, a wrong one and an unknown user are not, and each is audited without the password', async () => {
    const user = `user ${office.userName}`
    expect((await office.signIn())[1]).toBe('')
    expect((await office.signIn('wrong-password'))[1]).toBe('nvu')
    const stranger = { strUserName: 'mallory', strPassword: 'wrong-password' }
    expect((await office.call('authenticate', stranger))[1]).toBe('nvu')
    expect((await office.call('authenticate', stranger))[1]).toBe('nvu')
    const trail = await office.audit()
    expect(trail).toEqual([
      `webConnectorSignIn ${user} OK`,
      `webConnectorSignIn ${user} DENIED`,
      'webConnectorSignIn unknown user mallory DENIED',
    ])
    const written = office.log.join('') + trail.join('')
    expect(written).not.toContain('wrong-password')
    expect(written).not.toContain(office.password)
    expect(written).toContain('"from":"127.0.0.1"')
  })

  test('strangers who come faster than they are audited are counted in the next entry', async () => {
    const stranger = { strUserName: 'mallory', strPassword: 'x' }
    for (let nth = 1; nth <= 3; nth += 1) await office.call('authenticate', stranger)
    minutesLater(1.1)
    await office.call('authenticate', { ...stranger, strUserName: 'eve' })
    expect(await office.audit()).toEqual([
      'webConnectorSignIn unknown user mallory DENIED',
      'webConnectorSignIn unknown user eve, and 2 unknown or locked ones before DENIED',
    ])
  })

  test('ten bad passwords in a row lock the user for 15 minutes, for the right one too', async () => {
    await guess(10)
    expect((await office.signIn())[1]).toBe('nvu')
    minutesLater(14.9)
    expect((await office.signIn())[1]).toBe('nvu')
    minutesLater(0.2)
    expect((await office.signIn())[1]).toBe('')
    expect((await office.user()).lockedUntil).toBeNull()
    expect(office.log.join('')).toContain('locked for 15 minutes')
  })

  test('a good sign-in between bad ones begins the count anew', async () => {
    await guess(9)
    const [ticket] = await office.signIn()
    await office.call('closeConnection', { ticket })
    await guess(9)
    expect((await office.signIn())[1]).toBe('')
  })

  test('who guesses while the user is locked leaves one entry a minute, and does not lengthen the lock', async () => {
    await guess(10)
    const before = (await office.audit()).length
    const { lockedUntil } = await office.user()
    await guess(5)
    expect(await office.audit()).toHaveLength(before + 1)
    expect((await office.user()).lockedUntil).toEqual(lockedUntil)
  })

  test('a password costs as much to check for an unknown user as for one whose file was made', async () => {
    const { connectionId } = office
    const author = ourselves('test')
    const publicUrl = 'https://books.example.com'
    await createWebConnectorFile(office.database, { connectionId, publicUrl, author, now: office.time.now })
    const { passwordHash } = await office.user()
    expect(getRounds(NOBODY)).toBe(getRounds(passwordHash ?? ''))
  })

  test('a flood of sign-ins does not pile up: those beyond twenty are told to come back', async () => {
    const log = pino({ level: 'silent' })
    const signIns = new SignIns({ database: office.database, now: () => office.time.now, log })
    const attempt = { userName: office.userName, password: 'a guess', from: 'z' }
    const flood = await Promise.all(Array.from({ length: 30 }, () => signIns.signIn(attempt)))
    expect(Map.groupBy(flood, ({ kind }) => kind).get('crowded')).toHaveLength(10)
    expect(await signIns.signIn(attempt)).toEqual({ kind: 'refused' })
  })

  test('a new file brings a new password: the old one opens nothing, the lock is gone, and the GUIDs stay', async () => {
    await guess(10)
    const made = await createWebConnectorFile(office.database, {
      connectionId: office.connectionId,
      publicUrl: 'https://books.example.com',
      author: ourselves('test'),
      now: office.time.now,
    })
    expect(made.replaced).toBe(true)
    expect(made.username).toBe(office.userName)
    expect(made.guide).toContain('The earlier password no longer works')
    expect((await office.signIn())[1]).toBe('nvu')
    expect((await office.signIn(made.password))[1]).toBe('')
  })
})
