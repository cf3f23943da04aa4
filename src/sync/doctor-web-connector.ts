import type { Connection } from '../domain/connection.ts'
import type { WebConnectorUser } from '../domain/web-connector.ts'
import { standingOf, WebConnectorState } from '../domain/web-connector-standing.ts'
import type { Finding, PublicAddress } from './doctor-finding.ts'

const CHECK = 'public address'
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/
const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\[f[cd]|.*\.(local|lan|internal)$)/i

/** Whether a Web Connector at an office could call the address that its file names. Pure: nothing is called. */
export function addressFindings({ publicUrl, host, trustedProxy }: PublicAddress): Finding[] {
  const { protocol, hostname } = new URL(publicUrl)
  const https = protocol === 'https:'
  if (LOOPBACK.test(hostname)) {
    const finding = `It is ${publicUrl}, this machine: only a QuickBooks on this machine can call.`
    return [{ check: CHECK, mark: 'WARN', finding, remedy: 'Set PUBLIC_URL to the https address of this server.' }]
  }
  if (!https) {
    const finding = `It is ${publicUrl}, and the Web Connector calls only https addresses.`
    return [
      {
        check: CHECK,
        mark: 'BAD',
        finding,
        remedy: 'End TLS in a proxy before this server, and set PUBLIC_URL to it.',
      },
    ]
  }
  const findings: Finding[] = []
  if (PRIVATE.test(hostname)) {
    const finding = `It is ${publicUrl}, which is known in its own network only.`
    const remedy = 'That is right when QuickBooks is in the same network; else set PUBLIC_URL to a public name.'
    findings.push({ check: CHECK, mark: 'WARN', finding, remedy })
  }
  if (trustedProxy === null) {
    // Our own server speaks plain HTTP, so that somebody else must end TLS.
    const finding =
      'A proxy ends TLS before this server, and none is trusted: the log shows its address for every caller.'
    const remedy = `Set TRUSTED_PROXY to the proxy${LOOPBACK.test(host) ? ', loopback if it is on this machine' : ''}.`
    findings.push({ check: CHECK, mark: 'WARN', finding, remedy })
  }
  const finding = `The Web Connector calls ${publicUrl.replace(/\/+$/, '')}/web-connector; GET it from the office to see whether it is reached.`
  return [{ check: CHECK, mark: 'OK', finding, remedy: null }, ...findings]
}

const MARKS: Partial<Record<WebConnectorState, Finding['mark']>> = {
  [WebConnectorState.CALLING]: 'OK',
  [WebConnectorState.NO_FILE]: 'WARN',
  [WebConnectorState.NEVER_CALLED]: 'WARN',
}

/** How the Web Connector of a connection stands, from what it last told. */
export function webConnectorFinding(args: {
  connection: Connection
  user: WebConnectorUser | null
  now: Date
}): Finding {
  const { connection, user, now } = args
  const check = 'Web Connector'
  if (!user) {
    const finding = `"${connection.name}" has no user for its Web Connector.`
    return { check, mark: 'BAD', finding, remedy: 'Connect it again with connectQuickBooksDesktop.' }
  }
  const { state, sentence, remedy } = standingOf(user, now)
  return { check, mark: MARKS[state] ?? 'BAD', finding: `"${connection.name}": ${sentence}`, remedy }
}
