import { retOrder } from './rets.ts'

/** Elements by name in the order of the document; a list is an element that occurs several times. */
export interface Fields {
  [name: string]: string | Fields | (string | Fields)[] | undefined
}

/** An element with attributes around XML that is written already. */
export function tag({
  name,
  attributes = {},
  body = '',
}: {
  name: string
  attributes?: Record<string, string | number | undefined>
  body?: string
}): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
    .join('')
  return body === '' ? `<${name}${written} />\n` : `<${name}${written}>\n${body}</${name}>\n`
}

/** The elements of the fields, one a line, without those that are undefined or empty, or begin with a small letter. */
export function elements(fields: Fields): string {
  let text = ''
  for (const [name, value] of Object.entries(fields)) {
    if (name >= 'a') continue
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each === undefined || each === '') continue
      text += typeof each === 'string' ? `<${name}>${escaped(each)}</${name}>\n` : wrapped({ name, fields: each })
    }
  }
  return text
}

/** A record as its Ret element: the fields that this kind of Ret has, in its order; `only` (IncludeRetElement) leaves some out. */
export function ret({
  kind,
  fields,
  only = [],
}: {
  kind: string
  fields: Fields
  only?: readonly string[] | undefined
}): string {
  const names = retOrder(kind).filter((name) => only.length === 0 || only.includes(name))
  return wrapped({ name: kind, fields: Object.fromEntries(names.map((name) => [name, fields[name]])) })
}

function wrapped({ name, fields }: { name: string; fields: Fields }): string {
  const body = elements(fields)
  return body === '' ? '' : `<${name}>\n${body}</${name}>\n`
}

/** Everything beyond ASCII is written as a numeric entity. */
function escaped(text: string): string {
  return text.replace(
    /[&<>"\u0080-\u{10ffff}]/gu,
    (character) => named[character] ?? `&#${character.codePointAt(0) ?? 63};`,
  )
}

const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
