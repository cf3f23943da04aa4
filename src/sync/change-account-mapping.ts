import { v7 as uuidv7 } from 'uuid'
import type { Author } from '../domain/access.ts'
import { AccountMapping, ALWAYS } from '../domain/account-mapping.ts'
import { keptFromWinning, type MappingInput, nextPosition, problemText, readMapping } from '../domain/mapping-input.ts'
import {
  addVersion,
  endVersions,
  lockMappings,
  RULES_MAX,
  versionsFor,
  versionsOf,
} from '../storage/account-mappings.ts'
import { writeAudit } from '../storage/audit.ts'
import { findConnection } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { InvalidRequest } from '../storage/pages.ts'

interface Asked {
  author: Author
  now: Date
}

/** Makes a rule, in its first version. Throws InvalidRequest, with all that is wrong at once. */
export function createAccountMapping(
  database: Database,
  { input, author, now }: Asked & { input: MappingInput },
): Promise<AccountMapping> {
  return database.transaction(async (transaction) => {
    await lockMappings(transaction)
    const rules = await rulesBeside(transaction, input.connectionId ?? null)
    const mapping = writeVersion(input, {
      ...{ id: uuidv7({ msecs: now.getTime() }), version: 1, author, now },
      ...{ position: nextPosition(sameScope(rules, input.connectionId ?? null)), effectiveFrom: ALWAYS },
    })
    return saveVersion(transaction, { mapping, rules, action: 'createAccountMapping', author, now })
  })
}

/**
 * Changes a rule: the new version takes the place of the one that holds from its first day on. Without a first day it
 * takes the place of the last version altogether. What is posted already keeps the version that it names.
 */
export function updateAccountMapping(
  database: Database,
  { id, input, author, now }: Asked & { id: string; input: MappingInput },
): Promise<AccountMapping> {
  return database.transaction(async (transaction) => {
    await lockMappings(transaction)
    const versions = await versionsOf(transaction, [id])
    const held = versions.filter(
      ({ effectiveFrom, effectiveTo }) => effectiveTo === null || effectiveTo > effectiveFrom,
    )
    const [last] = held.toSorted((one, other) => (one.effectiveFrom < other.effectiveFrom ? 1 : -1))
    const version = (versions[0]?.version ?? 0) + 1
    if (!last || last.endedAt !== null)
      throw new InvalidRequest(`There is no account mapping ${id}, or it was deleted.`)
    if (input.connectionId !== undefined && (input.connectionId ?? null) !== last.connectionId) {
      throw new InvalidRequest('A rule stays with its connection: create another one, and delete this one.')
    }
    const { connectionId, position, effectiveFrom } = last
    const mapping = writeVersion({ ...input, connectionId }, { id, version, author, now, position, effectiveFrom })
    refuseOverlap(mapping, held)
    await endVersions(transaction, { id, from: mapping.effectiveFrom, andLater: false, author: author.name, now })
    const rules = await rulesBeside(transaction, connectionId)
    return saveVersion(transaction, { mapping, rules, action: 'updateAccountMapping', author, now })
  })
}

/** Ends a rule: it no longer holds for documents of a day and later. False when there is none that could be ended. */
export function deleteAccountMapping(
  database: Database,
  { id, from, author, now }: Asked & { id: string; from: string },
): Promise<boolean> {
  return database.transaction(async (transaction) => {
    await lockMappings(transaction)
    const ended = await endVersions(transaction, { id, from, andLater: true, author: author.name, now })
    if (ended === 0) return false
    const [mapping] = await versionsOf(transaction, [id])
    if (mapping)
      await audit(transaction, { mapping, action: 'deleteAccountMapping', more: `, from ${from}`, author, now })
    return true
  })
}

function writeVersion(
  input: MappingInput,
  {
    id,
    version,
    author,
    now,
    ...before
  }: Asked & { id: string; version: number; position: number; effectiveFrom: string },
): AccountMapping {
  const { content, problems } = readMapping(input, before)
  if (problems.length > 0) throw new InvalidRequest(problemText(problems))
  return Object.assign(new AccountMapping(), content, { id, version, author: author.name, createdAt: now })
}

/** A planned version is not silently pushed aside: what is to hold beside it must end where it begins. */
function refuseOverlap(mapping: AccountMapping, held: AccountMapping[]): void {
  const later = held.find(
    ({ effectiveFrom }) =>
      effectiveFrom > mapping.effectiveFrom && (mapping.effectiveTo === null || mapping.effectiveTo > effectiveFrom),
  )
  if (!later) return
  throw new InvalidRequest(
    `The days overlap: version ${later.version} of "${later.name}" holds from ${later.effectiveFrom}. End this one there (effectiveTo: "${later.effectiveFrom}"), or begin it on that day to take its place.`,
  )
}

async function saveVersion(
  transaction: Database,
  { mapping, rules, action, author, now }: Asked & { mapping: AccountMapping; rules: AccountMapping[]; action: string },
): Promise<AccountMapping> {
  if (rules.length >= RULES_MAX)
    throw new InvalidRequest(`There are ${RULES_MAX} rules: delete some before you add more.`)
  const kept = keptFromWinning(mapping, rules)
  if (kept.length > 0) {
    const names = kept.slice(0, 5).map(({ name, position }) => `"${name}" (position ${position})`)
    const more = kept.length > names.length ? ` and ${kept.length - names.length} more` : ''
    throw new InvalidRequest(
      `The rule has no condition, so it would win every line before ${names.join(', ')}${more}: give it a condition, or put it behind them.`,
    )
  }
  await addVersion(transaction, mapping)
  await audit(transaction, { mapping, action, more: '', author, now })
  return mapping
}

/** The rules that stand beside those of a connection; beside those for all stand those for all. */
async function rulesBeside(transaction: Database, connectionId: string | null): Promise<AccountMapping[]> {
  if (connectionId !== null && !(await findConnection(transaction, { id: connectionId })))
    throw new InvalidRequest(`There is no connection ${connectionId}.`)
  return versionsFor(transaction, { connectionId })
}

function sameScope(rules: AccountMapping[], connectionId: string | null): AccountMapping[] {
  return rules.filter((rule) => rule.connectionId === connectionId)
}

/** The entry says the rule itself, so that the trail alone tells what was changed. */
async function audit(
  transaction: Database,
  { mapping, action, more, author, now }: Asked & { mapping: AccountMapping; action: string; more: string },
): Promise<void> {
  const { id, version, connectionId, createdAt: _, author: __, ...content } = mapping
  await writeAudit(transaction, {
    author: author.name,
    keyId: author.keyId,
    connectionIds: connectionId === null ? author.connectionIds : [connectionId],
    action,
    subject: `account mapping ${id}, version ${version}${more}: ${JSON.stringify(content)}`,
    result: 'OK',
    now,
  })
}
