import { afterEach, expect, test } from '@jest/globals'
import { type Access, openAccess } from './access.ts'
import { until } from './serve.ts'

let access: Access

afterEach(() => access?.end())

const LOGIN = { system: 'creatio', path: '/AuthService.svc/Login' }

test('a wrong password of the CRM is sent once and never again, and the status says what is wrong', async () => {
  access = await openAccess()
  await access.serve({ CREATIO_PASSWORD: 'not-the-password' })
  await until(async () => (await access.status()).crm.state === 'DOWN', { what: 'the CRM is seen to be down' })
  const polls = async () => {
    const asked = '{ jobs { name consecutiveFailures lastRunAt } }'
    const { jobs } = await access.served.ask<{ jobs: { name: string; lastRunAt: string | null }[] }>(asked)
    return jobs.find(({ name }) => name === 'poll')?.lastRunAt ?? ''
  }
  for (let round = 0; round < 3; round++) {
    const before = await polls()
    await until(async () => (await polls()) !== before, { what: 'it has polled once more' })
  }
  expect((await access.status()).crm.detail).toMatch(/password|sign-in/i)
  expect(access.served.output()).not.toContain('not-the-password')
  expect(await access.crm.requests(LOGIN)).toBe(1)
}, 120_000)
