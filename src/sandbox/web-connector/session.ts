import { setTimeout as sleep } from 'node:timers/promises'
import type { SessionSummary } from './application.ts'
import { Caller, type CallerArguments, type Parameters } from './caller.ts'
import { type Ending, endingWithoutWork, firm, secondsOf } from './ending.ts'
import { Cut } from './ordered-fault.ts'
import { CallFailed } from './soap.ts'

const OPEN_TRIES_MAX = 2

/** One update: the conversation with a service from serverVersion to closeConnection, in the order of the real one. */
export class Session {
  readonly #given: CallerArguments
  readonly #caller: Caller
  #companyFile = ''
  #hcp = ''
  #roundTrips = 0

  constructor(given: CallerArguments) {
    this.#given = given
    this.#caller = new Caller(given)
  }

  /** Runs to the end; what goes wrong on either side is told in the summary, and in the status column. */
  async run(): Promise<SessionSummary> {
    const { application } = this.#given
    const began = performance.now()
    application.progress = 0
    this.#note('DoUpdateSelected()', '********************* Update session locked *********************')
    const { outcome, status } = await this.#converse().catch((error: unknown): Pick<Ending, 'outcome' | 'status'> => {
      if (error instanceof Cut) return { outcome: 'cut', status: 'The Web Connector was ended' }
      throw error
    })
    this.#note('DoUpdateSelected()', `Update session unlocked: ${status}`)
    const { calls, ticket } = this.#caller
    const durationMs = Math.round((performance.now() - began) * 100) / 100
    return { outcome, status, ticket, calls, roundTrips: this.#roundTrips, durationMs }
  }

  /** A closeConnection that belongs to nothing, as the real one sends after its machine has slept. */
  async stray(ticket: string): Promise<void> {
    await this.#caller.call('closeConnection', [['ticket', ticket]], { isStray: true }).catch((error: unknown) => {
      this.#note('do_closeConnection()', String(error))
    })
  }

  async #converse(): Promise<Ending> {
    const refused = (await this.#meet()) ?? (await this.#signIn()) ?? (await this.#openQuickBooks())
    const ending = refused ?? (await this.#exchange())
    return ending.closes ? this.#close(ending) : ending
  }

  /** Versions are exchanged; a service that knows neither method is older, and is spoken to all the same. */
  async #meet(): Promise<Ending | null> {
    const { settings } = this.#given
    await this.#tell('serverVersion', [])
    const advice = await this.#tell('clientVersion', [['strVersion', settings.webConnectorVersion]])
    const text = advice.slice(2)
    if (advice.startsWith('E:')) return firm({ outcome: 'refused-version', status: text, closes: false })
    if (!advice.startsWith('W:') || settings.webConnectorAcceptsWarning) return null
    return firm({ outcome: 'refused-version', status: `Update cancelled by the user: ${text}`, closes: false })
  }

  async #tell(method: string, parameters: Parameters): Promise<string> {
    const answer = await this.#attempt(method, parameters, '')
    return typeof answer === 'string' ? answer : ''
  }

  async #signIn(): Promise<Ending | null> {
    const { application, settings } = this.#given
    const answer = await this.#authenticate().catch((error: unknown) => {
      if (!(error instanceof CallFailed)) throw error
      return `QBWC1012: Authentication failed due to following error message. ${error.message}`
    })
    this.#note(
      'do_authenticate()',
      typeof answer === 'string' ? answer : `Received from authenticate(): ${JSON.stringify(answer)}`,
    )
    if (typeof answer === 'string') return firm({ outcome: 'call-failed', status: answer, closes: false })
    const [ticket = '', word = '', postponed = '', least = ''] = answer
    this.#caller.ticket = ticket
    const postponedSeconds = secondsOf(postponed)
    application.adopt({ leastSeconds: secondsOf(least), postponedSeconds })
    this.#companyFile = word
    return endingWithoutWork({ word, postponedSeconds, closes: settings.webConnectorClosesWithoutWork })
  }

  async #authenticate(): Promise<string[]> {
    const { application } = this.#given
    const { userName, record } = application
    this.#note(
      'do_authenticate()',
      `*** Calling authenticate() with following parameters:<userName="${userName}"><password=<MaskedForSecurity>`,
    )
    const parameters: Parameters = [
      ['strUserName', userName],
      ['strPassword', record.password],
    ]
    const answer = await this.#caller.call('authenticate', parameters)
    if (answer.length < 2) throw new CallFailed('Index was outside the bounds of the array.')
    return answer
  }

  async #openQuickBooks(): Promise<Ending | null> {
    for (let tries = 1; ; tries += 1) {
      const error = await this.#caller.openQuickBooks(this.#companyFile)
      if (error === null) break
      this.#note('OpenQuickBooks()', `HRESULT = ${error.hresult} Message: ${error.message}`)
      const answer = await this.#attempt(
        'connectionError',
        [this.#ticket, ['hresult', error.hresult], ['message', error.message]],
        'ConnectionError failed.',
      )
      if (typeof answer !== 'string') return answer
      const isDone = answer.toLowerCase() === 'done' || tries === OPEN_TRIES_MAX
      if (isDone) return { outcome: 'quickbooks-refused', status: error.message, closes: true, isFirm: false }
      this.#companyFile = answer
    }
    this.#hcp = this.#given.quickBooks.hcpResponse()
    return null
  }

  async #exchange(): Promise<Ending> {
    for (;;) {
      const request = await this.#askForRequest()
      if (typeof request !== 'string') return request
      const ending = request === '' ? await this.#lastError() : await this.#roundTrip(request)
      if (ending) return ending
    }
  }

  /** The host, company and preferences go with the first call of a session only. */
  async #askForRequest(): Promise<string | Ending> {
    const { quickBooks } = this.#given
    const { major, minor } = quickBooks.qbXmlVersion()
    const hcp = this.#hcp
    this.#hcp = ''
    const request = await this.#attempt(
      'sendRequestXML',
      [
        this.#ticket,
        ['strHCPResponse', hcp],
        ['strCompanyFileName', quickBooks.companyFileName()],
        ['qbXMLCountry', quickBooks.country()],
        ['qbXMLMajorVers', major],
        ['qbXMLMinorVers', minor],
      ],
      'QBWC1041: SendRequestXML failed.',
    )
    if (request !== 'NoOp') return request
    return firm({ outcome: 'crashed', status: 'QBWebConnector has stopped working', closes: false })
  }

  async #roundTrip(request: string): Promise<Ending | null> {
    const { application } = this.#given
    this.#roundTrips += 1
    this.#note(
      'ProcessRequestXML()',
      `Processing request #${this.#roundTrips}: size (bytes) = ${Buffer.byteLength(request)}`,
    )
    const answer = await this.#caller.processRequest(request)
    const { response, hresult, message } = { response: '', hresult: '', message: '', ...answer }
    if (hresult !== '') this.#note('ProcessRequestXML()', `HRESULT = ${hresult} Message: ${message}`)
    const failure = 'QBWC1042: ReceiveResponseXML failed.'
    const parameters: Parameters = [this.#ticket, ['response', response], ['hresult', hresult], ['message', message]]
    const told = await this.#attempt('receiveResponseXML', parameters, failure)
    if (typeof told !== 'string') return told
    if (!/^\s*-?\d{1,9}\s*$/.test(told)) {
      return firm({
        outcome: 'call-failed',
        status: `${failure} Input string was not in a correct format.`,
        closes: true,
      })
    }
    const progress = Number(told)
    if (progress < 0) return this.#lastError()
    application.progress = Math.min(progress, 100)
    return progress >= 100 ? { outcome: 'finished', status: 'Finished', closes: true, isFirm: false } : null
  }

  /** Null when the service asks for patience, and sendRequestXML is due again. */
  async #lastError(): Promise<Ending | null> {
    const text = await this.#attempt('getLastError', [this.#ticket], 'GetLastError failed.')
    if (typeof text !== 'string') return text
    if (text !== 'NoOp') return firm({ outcome: 'error-shown', status: text, closes: true })
    await sleep(this.#given.settings.webConnectorNoOpSeconds * 1000)
    return null
  }

  async #close(ending: Ending): Promise<Ending> {
    const text = await this.#attempt('closeConnection', [this.#ticket], '')
    return typeof text !== 'string' || text === '' || ending.isFirm ? ending : { ...ending, status: text }
  }

  /** The one string of an answer, or the ending of a session whose call has failed. */
  async #attempt(method: string, parameters: Parameters, failure: string): Promise<string | Ending> {
    try {
      const [answer = ''] = await this.#caller.call(method, parameters)
      this.#note(
        `do_${method}()`,
        `Received from ${method}() following parameter:<${method}Ret="${answer.slice(0, 200)}">`,
      )
      return answer
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error
      const status = `${failure} ${error.message}`.trim()
      this.#note(`do_${method}()`, status)
      return firm({ outcome: 'call-failed', status, closes: true })
    }
  }

  get #ticket(): Parameters[number] {
    return ['ticket', this.#caller.ticket]
  }

  #note(where: string, text: string): void {
    const { sandbox, application } = this.#given
    application.note({ at: sandbox.clock.now(), where: `QBWebConnector.${where}`, text })
  }
}
