import type { AuthChecker, MiddlewareFn } from 'type-graphql'
import { Role } from '../domain/kinds.ts'
import { writeAudit } from '../storage/audit.ts'
import { READ_BODIES } from '../storage/exchange-pages.ts'
import type { ApiContext } from './context.ts'
import { ApiError } from './errors.ts'

/** The more a role may do, the higher it stands: an admin may all that an operator may. */
const RANK: Record<Role, number> = { [Role.VIEWER]: 1, [Role.OPERATOR]: 2, [Role.ADMIN]: 3 }

export const KEY_WANTED =
  'An API key is needed: send it as "Authorization: Bearer <key>", as "X-API-Key: <key>", or as the password of ' +
  '"Authorization: Basic". The first start left one in the file admin-key of the data directory.'

/** Fields that hold personal or financial bodies: an attempt to read them without the role is recorded too. */
const BODIES = new Set(['Exchange.request', 'Exchange.response'])

/** Lets a caller pass whose role is at least the field's. A denied change, or reading of bodies, is recorded. */
export const checkRole: AuthChecker<ApiContext, Role> = async ({ args, root, context, info }, roles) => {
  const { caller } = context
  if (!caller) throw new ApiError('UNAUTHENTICATED', KEY_WANTED)
  const wanted = roles[0]
  if (wanted !== undefined && RANK[caller.role] >= RANK[wanted]) return true
  if (info.parentType === info.schema.getMutationType()) {
    await audit({ context, action: info.fieldName, subject: subjectOf(args), result: 'DENIED' })
  } else if (BODIES.has(`${info.parentType.name}.${info.fieldName}`) && !context.denied.has(READ_BODIES)) {
    context.denied.add(READ_BODIES)
    await audit({ context, action: READ_BODIES, subject: `exchange ${root.id}`, result: 'DENIED' })
  }
  throw new ApiError(
    'FORBIDDEN',
    `${info.fieldName} needs the role ${wanted ?? 'of nobody'}; the key "${caller.name}" has ${caller.role}. Use another key, or ask an admin for one.`,
  )
}

/** Around each mutation: one audit entry, with the result, also when it fails. */
export const audited: MiddlewareFn<ApiContext> = async ({ args, context, info }, next) => {
  const entry = { context, action: info.fieldName, subject: subjectOf(args) }
  try {
    const result: unknown = await next()
    await audit({ ...entry, result: 'OK' })
    return result
  } catch (error) {
    await audit({ ...entry, result: 'ERROR' })
    throw error
  }
}

/** Around a mutation whose change leaves its entry in its own transaction: an entry when it fails. */
export const failureAudited: MiddlewareFn<ApiContext> = async ({ args, context, info }, next) => {
  try {
    return await next()
  } catch (error) {
    await audit({ context, action: info.fieldName, subject: subjectOf(args), result: 'ERROR' })
    throw error
  }
}

const SUBJECT_LENGTH_MAX = 8_000
/** What must not be written down, by the names that arguments give it. */
const SECRET = /password|secret|token|^key$/i

/** What a mutation was about, in its own arguments. */
function subjectOf(args: Record<string, unknown>): string | null {
  const values = Object.entries(args).map(([name, value]) => `${name} ${[value].flat().map(textOf).join(' ')}`)
  return values.length === 0 ? null : values.join(', ').slice(0, SUBJECT_LENGTH_MAX)
}

function textOf(value: unknown): string {
  if (value === null || typeof value !== 'object' || value instanceof Date) return String(value)
  return JSON.stringify(value, (name, inner: unknown) => (SECRET.test(name) ? '…' : inner))
}

function audit(args: {
  context: ApiContext
  action: string
  subject: string | null
  result: 'OK' | 'ERROR' | 'DENIED'
}): Promise<void> {
  const { context, ...entry } = args
  const { name = 'nobody', keyId = null, connectionIds = null } = context.caller ?? {}
  return writeAudit(context.services.database, { ...entry, author: name, keyId, connectionIds, now: context.now() })
}
