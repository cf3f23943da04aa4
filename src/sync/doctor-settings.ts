import type { QuickBooksSettings } from '../creatio/creatio.ts'
import type { Connection } from '../domain/connection.ts'
import { Environment, LedgerKind } from '../domain/kinds.ts'
import { listConnections } from '../storage/connections.ts'
import type { Finding } from './doctor-finding.ts'
import type { Road } from './road.ts'

const CHECK = 'CRM settings'

/**
 * Where the settings of the CRM's own QuickBooks integration contradict our connections. They do not concern our work, but
 * whoever still lets that integration run has two systems post the same orders to two places.
 */
export async function settingsFindings(settings: QuickBooksSettings, road: Road | null): Promise<Finding[]> {
  const connections = road ? await listConnections(road.database) : []
  const findings = [
    ...connections.flatMap((connection) => onlineContradictions(settings, connection)),
    ...desktopContradictions(settings, connections),
  ]
  if (findings.length > 0) return findings
  const known = Object.values(settings).some((setting) => setting !== null)
  const finding = known ? "The CRM's own integration contradicts nothing." : 'The CRM has no integration of its own.'
  return [{ check: CHECK, mark: 'OK', finding, remedy: null }]
}

const REMEDY =
  "Switch the CRM's own QuickBooks integration off, or set it right: two systems must not post the same orders."

function onlineContradictions({ onlineUrl, onlineRealmId }: QuickBooksSettings, connection: Connection): Finding[] {
  if (connection.kind !== LedgerKind.QUICKBOOKS_ONLINE) return []
  const findings: Finding[] = []
  const host = onlineUrl?.value ? hostOf(onlineUrl.value) : null
  const sandboxed = host?.startsWith('sandbox') ?? false
  const named = `connection "${connection.name}"`
  if (host !== null && sandboxed !== (connection.environment === Environment.SANDBOX)) {
    const finding = `${onlineUrl?.code} is ${onlineUrl?.value}, ${sandboxed ? "Intuit's sandbox" : 'production'}; the ${named} is ${connection.environment.toLowerCase()}.`
    findings.push({ check: CHECK, mark: 'WARN', finding, remedy: REMEDY })
  }
  if (onlineRealmId?.value && connection.realmId && onlineRealmId.value !== connection.realmId) {
    const finding = `${onlineRealmId.code} is ${onlineRealmId.value}; the ${named} is company ${connection.realmId}.`
    findings.push({ check: CHECK, mark: 'WARN', finding, remedy: REMEDY })
  }
  return findings
}

function desktopContradictions(settings: QuickBooksSettings, connections: Connection[]): Finding[] {
  const { desktopUrl, desktopPort } = settings
  if (!desktopUrl?.value) return []
  const findings: Finding[] = []
  if (desktopPort && desktopPort.value === null && !/:\d+\/?$/.test(desktopUrl.value)) {
    const finding = `${desktopPort.code} is empty, so the CRM asks ${desktopUrl.value} at a port that nobody chose.`
    findings.push({
      check: CHECK,
      mark: 'WARN',
      finding,
      remedy: `Set ${desktopPort.code}, or empty ${desktopUrl.code}.`,
    })
  }
  const online = connections.filter(({ kind }) => kind === LedgerKind.QUICKBOOKS_ONLINE)
  if (online.length > 0 && online.length === connections.length) {
    const finding = `${desktopUrl.code} still names the local server ${desktopUrl.value}, and every connection here is QuickBooks Online.`
    findings.push({
      check: CHECK,
      mark: 'WARN',
      finding,
      remedy: `Empty ${desktopUrl.code} once that server is retired.`,
    })
  }
  return findings
}

function hostOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).hostname : null
}
