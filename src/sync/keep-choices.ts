import { isChosen, type LineMapping } from '../domain/account-mapping.ts'
import type { Posting } from '../domain/posting.ts'
import { type ChosenMapping, saveMappings } from '../storage/posting-mappings.ts'
import type { Road } from './road.ts'
import { bookingKey } from './sale-plan.ts'

/**
 * Keeps with claimed postings what was chosen for them, before anything of them is sent. What was sent before was refused, or
 * proven absent: booked otherwise it is another record, so that it begins a new generation.
 */
export async function keepChoices(
  road: Pick<Road, 'database' | 'now'>,
  { mappings, claimToken }: { mappings: { posting: Posting; choices: LineMapping[] }[]; claimToken: string },
): Promise<void> {
  const changed: ChosenMapping[] = []
  for (const { posting, choices } of mappings) {
    const mapping = choices.some(isChosen) ? choices : null
    if (isAlike(posting.mapping, mapping)) continue
    if (posting.sentAt !== null && bookingKey(posting.mapping) !== bookingKey(mapping)) posting.generation += 1
    posting.mapping = mapping
    changed.push({ id: posting.id, generation: posting.generation, mapping })
  }
  await saveMappings(road.database, { chosen: changed, claimToken, now: road.now() })
}

function isAlike(one: LineMapping[] | null, other: LineMapping[] | null): boolean {
  const text = (choices: LineMapping[] | null) =>
    (choices ?? []).map(({ line, lineKind, targetKind, target, ruleId, version, why }) => [
      ...[line, lineKind, targetKind, target, ruleId, version, why],
    ])
  return one === other || JSON.stringify(text(one)) === JSON.stringify(text(other))
}
