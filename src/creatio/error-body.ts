import { isObject } from './values.ts'

/**
 * Reads what the CRM says when it says no. Four shapes are met in the field, some of them under a 200:
 * OData's nested `error`, .NET's `Message` with `ExceptionMessage`, Web API's `Message` with `MessageDetail`, and an HTML page.
 */

/** The sentence of an error body that was parsed as JSON; null when it is none of the known shapes. */
export function errorSentence(body: unknown): string | null {
  if (!isObject(body)) return null
  const said = isObject(body.error) ? nested(body.error) : flat(body)
  const distinct = [...new Set(said.map((part) => part.trim()).filter((part) => part !== ''))]
  return distinct.length > 0 ? distinct.join(' — ') : null
}

/** The sentence of an error body as it came over the wire: JSON of a known shape, the title of a page, or its first words. */
export function errorSentenceOfText(text: string): string {
  try {
    const said = errorSentence(JSON.parse(text))
    if (said !== null) return said
  } catch {
    // Not JSON: a page or plain words, read below.
  }
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1]?.trim()
  if (title) return `a page titled "${title}"`
  const words = text
    .slice(0, 2_000)
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return words === '' ? 'an empty answer' : words.slice(0, 200)
}

/** OData: `message`, then the innererror chain, whose last link names the real cause. */
function nested(error: Record<string, unknown>): string[] {
  const said: string[] = []
  let link: unknown = error
  // The chain is short in practice; the bound keeps a malformed body from holding us.
  for (let depth = 0; depth < 10 && isObject(link); depth++) {
    said.push(wordsOf(link.message))
    link = link.innererror ?? link.internalexception
  }
  return said
}

function flat(body: Record<string, unknown>): string[] {
  if (typeof body.Message !== 'string') return []
  return [body.Message, wordsOf(body.ExceptionMessage), wordsOf(body.MessageDetail)]
}

/** OData 3 writes the message as `{ lang, value }`. */
function wordsOf(message: unknown): string {
  if (typeof message === 'string') return message
  return isObject(message) && typeof message.value === 'string' ? message.value : ''
}
