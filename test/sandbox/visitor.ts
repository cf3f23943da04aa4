/** What a Creatio answer was, with its body both as text and parsed where it is JSON. */
export interface Visit {
  status: number
  headers: Headers
  text: string
  json: { value: Record<string, unknown>[]; [name: string]: unknown }
}

export interface VisitInit {
  method?: string
  body?: unknown
  headers?: Record<string, string>
}

/** A plain client of a played Creatio site, written for these tests: it signs in and carries what it was given. */
export class Visitor {
  readonly site: string
  headers: Record<string, string> = {}

  constructor(site: string) {
    this.site = site
  }

  static async withForms(site: string): Promise<Visitor> {
    const visitor = new Visitor(site)
    const { headers } = await visitor.login('sandbox-password')
    const cookies = headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '')
    const csrf = cookies.find((cookie) => cookie.startsWith('BPMCSRF='))?.slice('BPMCSRF='.length) ?? ''
    visitor.headers = { Cookie: cookies.join('; '), BPMCSRF: csrf, ForceUseSession: 'true' }
    return visitor
  }

  static async withToken(site: string): Promise<Visitor> {
    const visitor = new Visitor(site)
    const { json } = await visitor.ask('/connect/token', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials&client_id=sandbox-client&client_secret=sandbox-client-secret',
    })
    visitor.headers = { Authorization: `Bearer ${json.access_token}` }
    return visitor
  }

  login(password: string): Promise<Visit> {
    const body = { UserName: 'Supervisor', UserPassword: password }
    return this.ask('/ServiceModel/AuthService.svc/Login', { method: 'POST', body })
  }

  /** Asks a path; redirects are not followed. */
  async ask(path: string, { method = 'GET', body, headers = {} }: VisitInit = {}): Promise<Visit> {
    const response = await fetch(`${this.site}${path}`, {
      method,
      redirect: 'manual',
      headers: { Accept: 'application/json', 'Content-Type': 'application/json', ...this.headers, ...headers },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') && text !== ''
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : { value: [] } }
  }

  /** Asks the OData service of a .NET Framework site; options are encoded here. */
  odata(path: string, options: Record<string, string> = {}, init: VisitInit = {}): Promise<Visit> {
    const query = Object.entries(options).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    return this.ask(`/0/odata/${path}${query.length > 0 ? `?${query.join('&')}` : ''}`, init)
  }
}
