import express, { type RequestHandler, Router } from 'express'

const BODY_BYTES_MAX = 1_000_000

/** What became of a request that claims to be QuickBooks. */
export type WebhookAnswer = 'stored' | 'forged' | 'too-many-forged' | 'unreadable' | 'not-configured'

/** Takes the bytes as they came, with their signature; what it stored is safe when it resolves. */
export type WebhookReceiver = (told: { body: Buffer; signature: string }) => Promise<WebhookAnswer>

const STATUS = {
  stored: 200,
  forged: 401,
  'too-many-forged': 429,
  unreadable: 400,
  'not-configured': 404,
} as const satisfies Record<WebhookAnswer, number>

/** `POST /webhooks/quickbooks`: the answer comes once the events are stored, and says nothing about them. */
export function webhooks(receive: WebhookReceiver): Router {
  const router = Router()
  const answer: RequestHandler = async (request, response) => {
    const body: unknown = request.body
    const told = {
      body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
      signature: String(request.headers['intuit-signature'] ?? ''),
    }
    response.status(STATUS[await receive(told)]).end()
  }
  router.post('/webhooks/quickbooks', express.raw({ type: () => true, limit: BODY_BYTES_MAX }), answer)
  return router
}
