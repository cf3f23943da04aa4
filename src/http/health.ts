import express, { type Router } from 'express'
import type { Metrics } from './metrics.ts'

const READINESS_TIMEOUT_SECONDS = 5

/** Whether work can be done. `trouble` is null, or says what is wrong and what to do. */
export interface Readiness {
  trouble: string | null
  crm: { state: string; checkedAt: Date | null; detail: string | null }
}

/** Three questions that programs ask: is it alive, can it work, how is it doing. */
export function health(args: { readiness: () => Promise<Readiness>; metrics: Metrics }): Router {
  const router = express.Router()
  router.get('/health', (_, response) => {
    response.json({ status: 'alive' })
  })
  router.get('/ready', async (_, response) => {
    const { trouble, crm } = await inTime(args.readiness())
    response
      .status(trouble === null ? 200 : 503)
      .json({ status: trouble === null ? 'ready' : 'not ready', trouble, crm })
  })
  router.get('/metrics', async (_, response) => {
    response.set('content-type', args.metrics.contentType).send(await args.metrics.text())
  })
  return router
}

/** The answer, or, when none comes, the trouble that this is. */
function inTime(answer: Promise<Readiness>): Promise<Readiness> {
  const crm = { state: 'UNKNOWN', checkedAt: null, detail: null }
  const silence = `No answer from the database within ${READINESS_TIMEOUT_SECONDS} s: check whether PostgreSQL runs.`
  return new Promise((done) => {
    const timer = setTimeout(() => done({ trouble: silence, crm }), READINESS_TIMEOUT_SECONDS * 1000)
    answer
      .catch(() => ({ trouble: 'The database does not answer: check whether PostgreSQL runs.', crm }))
      .then(done)
      .finally(() => clearTimeout(timer))
  })
}
