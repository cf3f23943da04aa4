/** The points at which a session is cut, by the step that is under way, and the moments of each. */
export const POINTS = [
  'serverVersion',
  'clientVersion',
  'authenticate',
  'sendRequestXML',
  'processRequest',
  'receiveResponseXML',
  'getLastError',
  'connectionError',
  'closeConnection',
]
export const MOMENTS = ['before', 'sent', 'after']

/** Sessions of a day, in each of which something is cut. */
export const SESSIONS = 3

/** What goes wrong in one session, and after it. */
export interface Plan {
  words: string
  /** The point and moment of the cut. */
  cut: string
  rules: (Record<string, unknown> & { system: string; fault: Record<string, unknown> })[]
  restartsAtCall: number | null
  diesAfterStatements: number | null
  forgets: boolean
  passesSeconds: number
}

/** What else goes wrong in QuickBooks; most sessions are spared. */
const BREAKDOWNS = [
  { operation: 'InvoiceAdd', fault: { kind: 'crash', when: 'before' } },
  { operation: 'InvoiceAdd', fault: { kind: 'crash', when: 'after' } },
  { operation: 'CustomerAdd', fault: { kind: 'crash', when: 'after' } },
  { operation: 'MessageSet', fault: { kind: 'cannot-store' } },
  { operation: 'InvoiceAdd', fault: { kind: 'lost', code: '0x80040402' } },
  { operation: 'InvoiceAdd', fault: { kind: 'lost', code: '' } },
  { operation: 'InvoiceAdd', fault: { kind: 'truncated' } },
  { operation: 'CustomerAdd', fault: { kind: 'truncated' } },
]

/** Coprime with the number of cuts, so that all of them come, and each day has early ones and late ones. */
const TURN_STEP = 4

/** The days go through all points and moments in turn; the rest is chance. */
export function planOf({ seed, session, random }: { seed: number; session: number; random: () => number }): Plan {
  const turn = (TURN_STEP * (seed * SESSIONS + session)) % (POINTS.length * MOMENTS.length)
  const operation = POINTS[turn % POINTS.length] ?? ''
  const when = MOMENTS[Math.floor(turn / POINTS.length)] ?? ''
  const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)] as T
  const often = ['sendRequestXML', 'processRequest', 'receiveResponseXML'].includes(operation)
  const onNth = often ? 1 + Math.floor(random() * 6) : 1
  const cut = { id: 'cut', system: 'web-connector', operation, onNth, fault: { kind: 'cut', when } }
  const rules: Plan['rules'] = [cut]
  const nth = 1 + Math.floor(random() * 4)
  if (operation === 'getLastError') rules.push(nothingToAsk(nth))
  if (operation === 'connectionError') rules.push(closedOffice(pick(['0x80040408', '0x80040416', '0x80040414'])))
  const breakdown = random() < 0.4 ? pick(BREAKDOWNS) : null
  if (breakdown) rules.push({ id: 'breakdown', system: 'quickbooks-desktop', times: 1, ...breakdown })
  const ours = random()
  const restartsAtCall = ours < 0.25 ? 4 + Math.floor(random() * 14) : null
  const diesAfterStatements = ours > 0.6 ? Math.floor(random() * 120) : null
  const forgets = random() < 0.3
  const passesSeconds = pick([1, 20, 61, 61, 1_860])
  const words = [
    `${operation} ${onNth} cut ${when}`,
    breakdown && `QuickBooks: ${breakdown.operation} ${JSON.stringify(breakdown.fault)}`,
    restartsAtCall && `we begin anew at call ${restartsAtCall}`,
    diesAfterStatements !== null && `we die after ${diesAfterStatements} statements`,
    forgets && 'QuickBooks forgets its answers',
    `${passesSeconds} s pass`,
  ]
  return {
    words: words.filter(Boolean).join(', '),
    cut: `${operation} ${when}`,
    rules,
    restartsAtCall,
    diesAfterStatements,
    forgets,
    passesSeconds,
  }
}

/** The set on its way to QuickBooks is lost: the Web Connector believes that it was given nothing, and asks why. */
function nothingToAsk(onNth: number): Plan['rules'][number] {
  const result =
    '<sendRequestXMLResponse xmlns="http://developer.intuit.com/"><sendRequestXMLResult/></sendRequestXMLResponse>'
  const body = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${result}</soap:Body></soap:Envelope>`
  const fault = { kind: 'body', when: 'after', status: 200, contentType: 'text/xml; charset=utf-8', body }
  return { id: 'nothing', system: 'web-connector', operation: 'sendRequestXML', onNth, fault }
}

function closedOffice(code: string): Plan['rules'][number] {
  return {
    id: 'closed',
    system: 'web-connector',
    operation: 'openQuickBooks',
    times: 1,
    fault: { kind: 'hresult', code },
  }
}
