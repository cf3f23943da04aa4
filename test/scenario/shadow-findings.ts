import type { ShadowDifference } from '../../src/domain/shadow.ts'
import { shadowDifferencePage } from '../../src/storage/shadow.ts'
import type { Story } from './road.ts'

/** All differences that the shadow of a story's company found. */
export async function shadowFound({ database, connection }: Story): Promise<ShadowDifference[]> {
  const selection = { connectionId: connection.id }
  const { nodes } = await shadowDifferencePage(database, { selection, request: { first: 200, after: null } })
  return nodes
}

/** What differs of each order: `total -1`, where a number is in cents. */
export async function shadowFoundByOrder(story: Story): Promise<Record<string, string[]>> {
  const of: Record<string, string[]> = {}
  for (const { orderNumber, field, line, cents } of await shadowFound(story)) {
    const words = [line === null ? field : `line ${line} ${field}`, ...(cents === null ? [] : [cents])].join(' ')
    of[String(orderNumber)] = [...(of[String(orderNumber)] ?? []), words].toSorted()
  }
  return of
}
