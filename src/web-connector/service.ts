import { randomUUID } from 'node:crypto'
import type { Sessions } from './session.ts'
import type { SignIns } from './sign-in.ts'
import type { MethodName } from './wsdl.ts'

/** What the status column of the Web Connector shows as our version. */
const SERVER_VERSION = 'Countersign 1'
const NOT_INTERACTIVE = 'Countersign has nothing to ask a person at the Web Connector.'

/** What a call brought: each parameter as text, an empty or missing one as an empty text. */
export type Given = Record<string, string>

/** What a method answers, before it becomes SOAP. */
export type Answered = string | number | string[]

/** From which address a call came, for the log. */
export interface Surroundings {
  from: string
}

export type Methods = Record<MethodName, (given: Given, surroundings: Surroundings) => Promise<Answered>>

/** Every method of the Web Connector, by its name. */
export function methodsOf({ sessions, signIns }: { sessions: Sessions; signIns: SignIns }): Methods {
  return {
    serverVersion: async () => SERVER_VERSION,
    clientVersion: async () => '',
    async authenticate({ strUserName = '', strPassword = '' }, { from }) {
      const outcome = await signIns.signIn({ userName: strUserName, password: strPassword, from })
      switch (outcome.kind) {
        case 'in':
          return sessions.begin(outcome.user)
        case 'refused':
          return [randomUUID(), 'nvu']
        case 'crowded':
          return [randomUUID(), 'busy']
      }
    },
    sendRequestXML: ({ ticket = '', ...told }) =>
      sessions.ask({
        ticket,
        told: {
          qbXmlVersion: versionIn(told),
          companyFileName: told.strCompanyFileName ?? '',
          country: told.qbXMLCountry ?? '',
          hcpResponse: told.strHCPResponse ?? '',
        },
      }),
    receiveResponseXML: ({ ticket = '', response = '', hresult = '', message = '' }) =>
      sessions.answer({ ticket, response, hresult, message }),
    connectionError: ({ ticket = '', hresult = '', message = '' }) => sessions.fail({ ticket, hresult, message }),
    getLastError: ({ ticket = '' }) => sessions.lastError(ticket),
    closeConnection: ({ ticket = '' }) => sessions.end(ticket),
    getInteractiveURL: async () => '',
    interactiveRejected: async () => NOT_INTERACTIVE,
    interactiveDone: async () => 'Done',
  }
}

/** The newest version that QuickBooks says it understands; else the one that the Web Connector names. */
function versionIn({ strHCPResponse = '', qbXMLMajorVers = '', qbXMLMinorVers = '' }: Given): string {
  const named = [...strHCPResponse.matchAll(/<SupportedQBXMLVersion>\s*(\d{1,3}\.\d{1,3})\s*</g)].flatMap(
    ([, version]) => version ?? [],
  )
  const [newest] = named.sort((one, other) => rankOf(other) - rankOf(one))
  return newest ?? `${qbXMLMajorVers || '0'}.${qbXMLMinorVers || '0'}`
}

/** 13.0 is newer than 2.1. */
function rankOf(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major * 1000 + minor
}
