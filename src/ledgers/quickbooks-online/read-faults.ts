import { isNumberLiteral, membersOf } from './exact-json.ts'

/** One error as QuickBooks states it, whichever envelope it came in. */
export interface Fault {
  code: string
  message: string
  detail: string
  /** The field that QuickBooks names; null when it names none. */
  field: string | null
}

/** The faults inside a JSON value: the service's envelope (`Fault`) or the gateway's, in lower case (`fault`). */
export function faultsOf(json: unknown): Fault[] {
  const members = membersOf(json)
  const envelope = membersOf(members.Fault ?? members.fault)
  const errors = envelope.Error ?? envelope.error
  return Array.isArray(errors) ? errors.map(faultOf) : []
}

function faultOf(json: unknown): Fault {
  const error = membersOf(json)
  return fault({
    code: textOf(error.code),
    message: textOf(error.Message ?? error.message),
    detail: textOf(error.Detail ?? error.detail),
    element: textOf(error.element),
  })
}

/** The faults of an XML answer, which the gateway gives now and then although JSON was asked for. */
export function faultsOfXml(text: string): Fault[] {
  if (!/^\s*<(\?xml|IntuitResponse)/.test(text)) return []
  return [...text.matchAll(/<Error\b([^>]*?)(?:\/>|>([\s\S]*?)<\/Error>)/g)].map(([, attributes = '', inner = '']) =>
    fault({
      code: attributeOf({ attributes, name: 'code' }),
      message: childOf({ inner, name: 'Message' }),
      detail: childOf({ inner, name: 'Detail' }),
      element: attributeOf({ attributes, name: 'element' }),
    }),
  )
}

/** The gateway sometimes pads a code with zeros. */
function fault({ element, ...stated }: Omit<Fault, 'field'> & { element: string }): Fault {
  return { ...stated, code: stated.code.replace(/^0+(?=\d)/, ''), field: element || fieldNamedIn(stated.detail) }
}

/** Some errors name their field only in their sentence: `Property Name:Can not parse …`, `Required parameter Line is missing`. */
function fieldNamedIn(detail: string): string | null {
  return /parameter\s+([\w.]+)|Property Name:\s*([\w.]+)\s+specified/.exec(detail)?.slice(1).find(Boolean) ?? null
}

function attributeOf({ attributes, name }: { attributes: string; name: string }): string {
  return unescapeXml(new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? '')
}

function childOf({ inner, name }: { inner: string; name: string }): string {
  return unescapeXml(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(inner)?.[1] ?? '')
}

const XML_CHARACTERS = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' } as const

function unescapeXml(text: string): string {
  return text.replace(
    /&(lt|gt|quot|apos|amp);/g,
    (_, name: string) => XML_CHARACTERS[name as keyof typeof XML_CHARACTERS],
  )
}

function textOf(value: unknown): string {
  if (isNumberLiteral(value)) return value.rawJSON
  return typeof value === 'string' ? value : ''
}
