/** Characters beyond Latin-1 that say the same as one within it, or as a few. */
const EQUIVALENTS: Readonly<Record<string, string>> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201A': "'",
  '\u201B': "'",
  '\u2032': "'",
  '\u201C': '"',
  '\u201D': '"',
  '\u201E': '"',
  '\u201F': '"',
  '\u2033': '"',
  '\u2010': '-',
  '\u2011': '-',
  '\u2012': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\u2015': '-',
  '\u2212': '-',
  '\u2026': '...',
  '\u2039': '<',
  '\u203A': '>',
  '\u2022': '\u00B7',
  '\u2044': '/',
  '\u20AC': 'EUR',
  '\u2122': '(TM)',
  '\u0152': 'OE',
  '\u0153': 'oe',
  '\u0141': 'L',
  '\u0142': 'l',
  '\u0110': 'D',
  '\u0111': 'd',
  '\u0131': 'i',
  '\u1E9E': 'SS',
  '\u200B': '',
  '\u200C': '',
  '\u200D': '',
  '\u2060': '',
  '\uFEFF': '',
  '\u2028': '\n',
  '\u2029': '\n',
}

const PLAIN = /^[\t\n\x20-\x7E]*$/

export interface Latin1 {
  text: string
  /** The characters that QuickBooks Desktop cannot store, each once. */
  refused: string[]
}

/**
 * Puts a text into the characters that QuickBooks Desktop stores. What has a clear equivalent becomes it; invisible
 * control characters go; the rest is refused, for QuickBooks would keep it as `?`, or refuse all that travels with it.
 */
export function toLatin1(text: string): Latin1 {
  if (PLAIN.test(text)) return { text, refused: [] }
  const refused = new Set<string>()
  let kept = ''
  for (const character of text.replace(/\r\n?/g, '\n').normalize('NFC')) {
    const latin = latinOf(character)
    if (latin === null) refused.add(character)
    else kept += latin
  }
  return { text: kept, refused: [...refused] }
}

/** Null when it has no equivalent. */
function latinOf(character: string): string | null {
  const code = character.codePointAt(0)!
  if (code < 0x20) return code === 0x09 || code === 0x0a ? character : ''
  if (code < 0x7f) return character
  if (code === 0x7f) return ''
  if (code < 0xa0) return null
  if (code <= 0xff) return character
  const equivalent = EQUIVALENTS[character]
  if (equivalent !== undefined) return equivalent
  const letters = character.normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('\u2044', '/')
  return letters !== '' && /^[\x20-\x7E\xA0-\xFF]+$/.test(letters) ? letters : null
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Escapes a text that is Latin-1 already: the document itself is then plain ASCII, which no gateway can spoil. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\x80-\xFF]/g, (character) => ENTITIES[character] ?? `&#${character.charCodeAt(0)};`)
}
