import type { Answer } from '../answer.ts'

/** One part of a batch, whichever of the two formats it came in. */
export interface BatchPart {
  id: string
  method: string
  /** Absolute, from the site's root, or relative to the service root. */
  url: string
  headers: Record<string, string>
  body: string
  /** The client's name for the group of parts that happen whole or not at all. */
  group?: string | undefined
}

export interface BatchAnswer {
  id: string
  answer: Answer
  /** The server's own guid for the group, never the client's name. */
  group?: string | undefined
}
