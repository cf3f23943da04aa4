import type { AuthChecker, MiddlewareFn } from 'type-graphql'
import { Role } from '../domain/kinds.ts'
import { writeAudit } from '../storage/audit.ts'
import type { ApiContext } from './context.ts'
import { ApiError } from './errors.ts'

/** The more a role may do, the higher it stands: an admin may all that an operator may. */
const RANK: Record<Role, number> = { [Role.VIEWER]: 1, [Role.OPERATOR]: 2, [Role.ADMIN]: 3 }

const KEY_WANTED =
  'An API key is needed: send it as "Authorization: Bearer <key>", as "X-API-Key: <key>", or as the password of ' +
  '"Authorization: Basic". The first start left one in the file admin-key of the data directory.'

/** Lets a caller pass whose role is at least the field's. An attempt to change something without the role is recorded. */
export const checkRole: AuthChecker<ApiContext, Role> = async ({ args, context, info }, roles) => {
  const { caller } = context
  if (!caller) throw new ApiError('UNAUTHENTICATED', KEY_WANTED)
  const wanted = roles[0]
  if (wanted !== undefined && RANK[caller.role] >= RANK[wanted]) return true
  if (info.parentType === info.schema.getMutationType()) {
    await audit({ context, action: info.fieldName, subject: subjectOf(args), result: 'DENIED' })
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

const SUBJECT_LENGTH_MAX = 8_000

/** What a mutation was about, in its own arguments. */
function subjectOf(args: Record<string, unknown>): string | null {
  const values = Object.entries(args).map(([name, value]) => `${name} ${[value].flat().map(String).join(' ')}`)
  return values.length === 0 ? null : values.join(', ').slice(0, SUBJECT_LENGTH_MAX)
}

function audit(args: {
  context: ApiContext
  action: string
  subject: string | null
  result: 'OK' | 'ERROR' | 'DENIED'
}): Promise<void> {
  const { context, ...entry } = args
  return writeAudit(context.services.database, {
    ...entry,
    author: context.caller?.name ?? 'nobody',
    now: context.now(),
  })
}
