import { isZero } from '../domain/money.ts'
import { type ReasonCode, reasonOf } from '../domain/reason.ts'
import { type Progress, readExamples, readProgress } from '../storage/progress.ts'
import type { Road } from './road.ts'

const EVERY_SECONDS = 1
/** A look counts every invoice: of many it takes long, and then the database rests from it so many times as long. */
const RESTS_PER_LOOK = 20

/**
 * Says how far the work has come: a line when something moved, and a summary whenever the last invoice under way has come
 * to rest. `stop` says the summary once more if something moved since.
 */
export async function startProgress(
  road: Road,
  { say }: { say: (line: string) => void },
): Promise<{ stop: () => Promise<void> }> {
  const startedAt = road.now()
  const first = await readProgress(road.database)
  let last = first
  let summarized = true
  const seconds = () => Math.round((road.now().getTime() - startedAt.getTime()) / 1000)
  const summarize = async () => {
    summarized = true
    const examples = await readExamples(road.database)
    for (const line of summary(last, { first, seconds: seconds(), examples })) say(line)
  }
  const look = async () => {
    const progress = await readProgress(road.database)
    const moved = JSON.stringify(progress) !== JSON.stringify(last)
    last = progress
    if (!moved) return
    summarized = false
    if (progress.underWay > 0) say(progressLine(progress, { seconds: seconds() }))
    else await summarize()
  }
  const lookAndSay = () =>
    look().catch((error: unknown) => road.log.warn({ error: String(error) }, 'the progress could not be read'))
  let looking = Promise.resolve()
  let timer: NodeJS.Timeout | null = null
  const lookLater = (restMs: number) => {
    timer = setTimeout(
      () => {
        const began = performance.now()
        looking = lookAndSay()
        looking.then(() => timer && lookLater((performance.now() - began) * RESTS_PER_LOOK))
      },
      Math.max(EVERY_SECONDS * 1000, restMs),
    )
  }
  lookLater(0)
  return {
    async stop() {
      if (timer) clearTimeout(timer)
      timer = null
      await looking
      await look()
      if (!summarized) await summarize()
    },
  }
}

function progressLine(progress: Progress, { seconds }: { seconds: number }): string {
  const rest = progress.total - progress.processed - progress.underWay
  const share = Math.floor(((progress.total - progress.underWay) / Math.max(progress.total, 1)) * 20)
  const bar = `${'█'.repeat(share)}${'░'.repeat(20 - share)}`
  return `${bar} ${progress.processed} of ${progress.total} invoices processed, ${progress.underWay} to go, ${rest} set aside (${seconds} s)`
}

/** What became of everything, in a few lines: posted, adopted, and each reason with its count. */
export function summary(
  progress: Progress,
  args: { first: Progress; seconds: number; examples: { state: string; code: ReasonCode; sentence: string }[] },
): string[] {
  const processed = progress.processed - args.first.processed
  const adopted = progress.adopted - args.first.adopted
  const lines = [
    progress.underWay === 0
      ? `Every invoice has come to rest after ${args.seconds} s.`
      : `${progress.underWay} invoices are still under way after ${args.seconds} s.`,
    `  posted     ${String(processed - adopted).padStart(6)}   new in QuickBooks, equal to the penny, and the CRM knows`,
    `  adopted    ${String(adopted).padStart(6)}   were in QuickBooks already and are equal`,
  ]
  for (const state of ['MISMATCHED', 'FAILED', 'SKIPPED']) {
    for (const { reason, count, total } of progress.atRest.filter((one) => one.state === state)) {
      const example = args.examples.find((one) => one.state === state && one.code === reason)
      const amount = isZero(total) ? '' : ` (${total} in all)`
      const words = example?.sentence ?? reasonOf(reason).cause
      lines.push(`  ${state.toLowerCase().padEnd(10)} ${String(count).padStart(6)}   ${reason}${amount}: ${words}`)
    }
  }
  for (const { reason, count } of progress.rowsWithoutPosting) {
    lines.push(`  log rows   ${String(count).padStart(6)}   ${reason}: ${reasonOf(reason).cause}`)
  }
  return lines
}
