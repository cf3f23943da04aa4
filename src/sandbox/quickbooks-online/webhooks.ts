import { createHmac } from 'node:crypto'
import type { Change, Company } from './company.ts'

const deliveryTimeoutSeconds = 3
const gatherMilliseconds = 50

/** Tells `webhookUrl` of changes, gathered for a moment, in either of the two shapes, signed; one try, no retry. */
export class Webhooks {
  readonly #company: Company
  #waiting: (Change & { at: string })[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(company: Company) {
    this.#company = company
    company.onChange = (change) => this.#note(change)
  }

  #note(change: Change): void {
    if (this.#company.settings.webhookUrl === '') return
    this.#waiting.push({ ...change, at: this.#company.sandbox.clock.now().toISOString() })
    this.#timer ??= setTimeout(() => void this.#send(), gatherMilliseconds).unref()
  }

  async #send(): Promise<void> {
    this.#timer = undefined
    const changes = this.#waiting
    this.#waiting = []
    const { webhookUrl, webhookVerifierToken, webhookFormat } = this.#company.settings
    const payload =
      webhookFormat === 'cloud-events' ? changes.map((each) => this.#cloudEvent(each)) : this.#notification(changes)
    const body = JSON.stringify(payload)
    const signature = createHmac('sha256', webhookVerifierToken).update(body).digest('base64')
    const headers = { 'Content-Type': 'application/json', 'intuit-signature': signature }
    const signal = AbortSignal.timeout(deliveryTimeoutSeconds * 1000)
    // A receiver that is away misses the event: that is what change data capture is for.
    await fetch(webhookUrl, { method: 'POST', headers, body, signal }).catch(() => undefined)
  }

  #notification(changes: (Change & { at: string })[]) {
    const entities = changes.map(({ entity, id, operation, at }) => ({ name: entity, id, operation, lastUpdated: at }))
    return { eventNotifications: [{ realmId: this.#company.realmId, dataChangeEvent: { entities } }] }
  }

  #cloudEvent({ entity, id, operation, at }: Change & { at: string }) {
    const past = { Create: 'created', Update: 'updated', Delete: 'deleted', Void: 'voided' }[operation]
    return {
      specversion: '1.0',
      id: this.#company.sandbox.random.uuid(),
      source: 'intuit.sandbox',
      type: `qbo.${entity.toLowerCase()}.${past}.v1`,
      datacontenttype: 'application/json',
      time: at,
      intuitentityid: id,
      intuitaccountid: this.#company.realmId,
      data: {},
    }
  }
}
