import type { Tick } from './tick.ts'

const EVERY_SECONDS = 15
const DOES = 'Tells people of alerts, and that they are over, by e-mail and webhook.'

/** Sends what people are to be told of alerts. */
export function announceTick({ announce }: { announce: () => Promise<void> }): Tick {
  return { name: 'announce', does: DOES, everySeconds: EVERY_SECONDS, run: announce }
}
