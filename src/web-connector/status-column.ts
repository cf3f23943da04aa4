import { ConnectionState } from '../domain/kinds.ts'
import { troubleOf } from '../domain/web-connector-standing.ts'
import { findConnection } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { stuckSince } from '../storage/posting-pages.ts'
import { findWebConnectorUsers } from '../storage/web-connector.ts'

/** What the Web Connector shows beside its line, of a message of QuickBooks and of a posting. */
const LENGTH_MAX = 300

/** What the status column shows at the end of a session: what was done, what waits, and what a person must see to. */
export async function statusOf(
  database: Database,
  args: {
    connectionId: string
    answered: number
    left: number
    openedAt: Date
  },
): Promise<string> {
  const { connectionId, answered, left, openedAt } = args
  const connection = await findConnection(database, { id: connectionId })
  if (connection?.state === ConnectionState.STOPPED) {
    const { stateReason } = connection
    return `Stopped: ${stateReason?.sentence ?? 'nobody noted why.'} ${stateReason?.remedy ?? ''}`.trim()
  }
  const answers = `${answered} ${answered === 1 ? 'request was' : 'requests were'} answered`
  const done = `Done: ${answers}, ${left === 0 ? 'nothing waits.' : `${left} wait for the next call.`}`
  const more = [await troubleIn(database, { connectionId }), await stuckIn(database, { connectionId, openedAt })]
  return [done, ...more].filter(Boolean).join(' ')
}

/** What QuickBooks refused in this session: whatever it refused before was forgotten when it was reached. */
async function troubleIn(database: Database, args: { connectionId: string }): Promise<string> {
  const [user] = await findWebConnectorUsers(database, { connectionIds: [args.connectionId] })
  if (!user?.lastCode) return ''
  const { sentence, remedy } = troubleOf(user.lastCode, user.lastMessage?.slice(0, LENGTH_MAX) ?? null)
  return `${sentence} ${remedy}`
}

async function stuckIn(database: Database, args: { connectionId: string; openedAt: Date }): Promise<string> {
  const { connectionId, openedAt: since } = args
  const { count, first } = await stuckSince(database, { connectionId, since })
  if (!first) return ''
  const which = first.orderNumber ?? first.documentNumber ?? 'one'
  const { sentence, remedy } = first.reason ?? { sentence: 'nobody noted why.', remedy: '' }
  const rest = count === 1 ? '' : ` (and ${count - 1} more, see "countersign explain")`
  return `${count} ${count === 1 ? 'needs' : 'need'} a person: ${which}: ${sentence.slice(0, LENGTH_MAX)} ${remedy}${rest}`
}
