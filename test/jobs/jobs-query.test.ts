import { afterEach, describe, expect, test } from '@jest/globals'
import type { Job } from '../../src/api/job.ts'
import { Role } from '../../src/domain/kinds.ts'
import { askText } from '../api/client.ts'
import { type ServedApi, serveApi } from '../api/served-api.ts'

const query = `{ jobs {
  name does everySeconds store running nextRunAt lastRunAt lastFinishedAt lastDurationSeconds
  consecutiveFailures lastFailedAt lastFailure
} }`

const poll: Job = {
  name: 'poll',
  does: 'Reads the order log.',
  everySeconds: 15,
  store: 'mongodb',
  running: false,
  nextRunAt: new Date('2026-03-01T13:00:09Z'),
  lastRunAt: new Date('2026-03-01T12:59:54Z'),
  lastFinishedAt: new Date('2026-03-01T12:59:55Z'),
  lastDurationSeconds: 1,
  consecutiveFailures: 2,
  lastFailedAt: new Date('2026-03-01T12:59:55Z'),
  lastFailure: 'the CRM sleeps',
}

describe('the query jobs', () => {
  let api: ServedApi

  afterEach(() => api.close())

  const ask = (role: Role | null) =>
    askText<{ jobs: unknown[] }>({
      url: api.url,
      body: { query },
      headers: role === null ? {} : { authorization: `Bearer ${api.keys[role]}` },
    })

  test('shows a viewer every tick as its store knows it', async () => {
    api = await serveApi({ jobs: async () => [poll] })
    const { data, errors } = await ask(Role.VIEWER)
    expect(errors).toEqual([])
    expect(data?.jobs).toEqual([
      {
        ...poll,
        store: 'MONGODB',
        nextRunAt: '2026-03-01T13:00:09.000Z',
        lastRunAt: '2026-03-01T12:59:54.000Z',
        lastFinishedAt: '2026-03-01T12:59:55.000Z',
        lastFailedAt: '2026-03-01T12:59:55.000Z',
      },
    ])
  })

  test('shows nobody anything without a key', async () => {
    api = await serveApi({ jobs: async () => [poll] })
    expect((await ask(null)).errors[0]?.extensions.code).toBe('UNAUTHENTICATED')
  })

  test('says which store does not answer, and that nothing is lost', async () => {
    api = await serveApi({ jobs: () => Promise.reject(new Error('connect ECONNREFUSED 127.0.0.1:27017')) })
    const [error] = (await ask(Role.VIEWER)).errors
    expect(error?.extensions.code).toBe('UNAVAILABLE')
    expect(error?.message).toMatch(/^The job store \(postgresql\) does not answer: .*ECONNREFUSED.*No work is lost/)
  })
})
