export type CreatioErrorKind = 'unreachable' | 'password-refused' | 'session' | 'refused' | 'not-understood' | 'timeout'

const OPENINGS: Record<CreatioErrorKind, string> = {
  unreachable: 'The CRM cannot be reached',
  'password-refused': 'The CRM refused our sign-in, and it is not tried again before a restart',
  session: 'The CRM does not accept our session',
  refused: 'The CRM refused the request',
  'not-understood': 'The CRM gave an answer that is not understood',
  timeout: 'The CRM did not answer in time',
}

/** How much of a foreign text is repeated in an error. */
const DETAIL_CHARACTERS_MAX = 500

/** Why the CRM could not be read or written, in words for people; `kind` is for programs, `status` is the HTTP status if one came. */
export class CreatioError extends Error {
  override readonly name = 'CreatioError'
  readonly kind: CreatioErrorKind
  readonly status: number | undefined
  readonly detail: string

  constructor({ kind, detail, status }: { kind: CreatioErrorKind; detail: string; status?: number | undefined }) {
    const cut = detail.length > DETAIL_CHARACTERS_MAX ? `${detail.slice(0, DETAIL_CHARACTERS_MAX)}…` : detail
    super(`${OPENINGS[kind]}${status === undefined ? '' : ` (status ${status})`}: ${cut}`)
    this.kind = kind
    this.status = status
    this.detail = cut
  }
}
