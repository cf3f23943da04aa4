/** A tick: what is called, and how often. A call that is still running is not begun again, by whichever process. */
export interface Tick {
  name: string
  /** What it does, in words for people. */
  does: string
  everySeconds: number
  run: () => Promise<unknown>
}
