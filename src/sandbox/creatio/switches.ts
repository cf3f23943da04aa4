/** The switches of the played Creatio site: what differs between sites, and what nobody has confirmed. */
export interface CreatioSwitches {
  /** .NET Framework sites serve /0/odata, .NET (Core) sites /odata. */
  creatioRuntime: 'framework' | 'core'
  sessionMinutes: number
  accessTokenSeconds: number
  /** Where /connect/token lives: beside the site, or under its path prefix. */
  oauthMount: 'root' | 'site'
  /** Newer hosts also set the cookies CsrfToken and CRT_CSRF. */
  newerHostCookies: boolean
  moneyStyle: 'number' | 'string' | 'suffixed' | 'mixed'
  /** `StatusId eq guid` is refused by real sites. */
  allowLookupIdFilter: boolean
  maxEntityRowCount: number
  /** Rows of one answer before an @odata.nextLink is given; 0 gives none. */
  nextLinkRows: number
  unknownEntitySet: number
  unknownPropertyStatus: number
  /** What PATCH of an id that is not there answers: 204 (nothing happens) or 404. */
  patchMissingStatus: number
  /** Whether an expanded empty lookup is null or an object of empty values. */
  emptyNavigation: 'null' | 'object'
  /** Whether a lookup must point to a row that is there. */
  checkReferences: boolean
  echoOnOrderWrite: boolean
  logOnOrderInsert: boolean
  /** An entity whose handler throws after the row was written ('' for none). */
  handlerThrowsAfterWrite: string
}

export const creatioSwitches: CreatioSwitches = {
  creatioRuntime: 'framework',
  sessionMinutes: 60,
  accessTokenSeconds: 3600,
  oauthMount: 'root',
  newerHostCookies: true,
  moneyStyle: 'number',
  allowLookupIdFilter: false,
  maxEntityRowCount: 20_000,
  nextLinkRows: 0,
  unknownEntitySet: 401,
  unknownPropertyStatus: 400,
  patchMissingStatus: 204,
  emptyNavigation: 'null',
  checkReferences: true,
  echoOnOrderWrite: true,
  logOnOrderInsert: true,
  handlerThrowsAfterWrite: '',
}
