/** An id as QuickBooks gives it: hexadecimal, a hyphen, a Unix second. `-1` stands for a line that is new. */
export const idPattern = /^(-1|[\dA-F]+-\d+)$/i

/** A date, or a date with a time of less or more precision, with or without an offset. */
export const dayPattern = /^\d{4}-\d{1,2}-\d{1,2}(T\d{1,2}(:\d{1,2}(:\d{1,2}([+-]\d{1,2}:\d{1,2})?)?)?)?$/

export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const milliseconds = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(text)
}

/** What QuickBooks keeps of a text: beyond Latin-1 a question mark. `undefined` when a character lies beyond the basic plane. */
export function latin1(text: string): string | undefined {
  return /[\u{10000}-\u{10ffff}]/u.test(text) ? undefined : text.replace(/[\u0100-\uffff]/g, '?')
}
