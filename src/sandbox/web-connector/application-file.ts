import { SaxesParser } from 'saxes'

/** What a .qwc file says of an application. */
export interface ApplicationFile {
  appName: string
  appUrl: string
  appDescription: string
  appSupport: string
  certUrl: string
  userName: string
  /** GUIDs in braces. */
  ownerId: string
  fileId: string
  isReadOnly: boolean
  /** Null when it is to be run by hand only. */
  runEveryMinutes: number | null
}

const DESCRIPTION_LENGTH_MAX = 80
const GUID = /^\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/i

const required = 'AppName AppID AppURL AppDescription AppSupport UserName OwnerID FileID QBType'.split(' ')
const optional = [
  ...'AppDisplayName AppUniqueName AuthFlags CertURL IsReadOnly Notify PersonalDataPref UnattendedModePref'.split(' '),
  ...['Scheduler', 'Scheduler/RunEveryNMinutes', 'Style'],
]

/** The values that some elements are confined to; an element that is not there is not looked at. */
const forms: Record<string, RegExp> = {
  AppName: /\S/,
  UserName: /\S/,
  OwnerID: GUID,
  FileID: GUID,
  QBType: /^QBFS$/,
  AuthFlags: /^0x[0-9a-f]+$/i,
  IsReadOnly: /^(true|false)$/,
  Notify: /^(true|false)$/,
  PersonalDataPref: /^pdp(Optional|Required|NotNeeded)$/,
  UnattendedModePref: /^ump(Optional|Required)$/,
  'Scheduler/RunEveryNMinutes': /^[1-9]\d{0,5}$/,
  Style: /^Document$/,
}

/** Reads the text of a .qwc file. Throws a TypeError that names everything that the Web Connector would refuse. */
export function readApplicationFile(text: string): ApplicationFile {
  const values = elementsOf(text)
  const problems = problemsOf(values)
  if (problems.length > 0) throw new TypeError(`this is no .qwc file to add: ${problems.join('; ')}`)
  const value = (name: string) => values.get(name) ?? ''
  const minutes = values.get('Scheduler/RunEveryNMinutes')
  return {
    appName: value('AppName'),
    appUrl: value('AppURL'),
    appDescription: value('AppDescription'),
    appSupport: value('AppSupport'),
    certUrl: value('CertURL'),
    userName: value('UserName'),
    ownerId: value('OwnerID'),
    fileId: value('FileID'),
    isReadOnly: value('IsReadOnly') === 'true',
    runEveryMinutes: minutes === undefined ? null : Number(minutes),
  }
}

/** The texts by path below the root `QBWCXML`, trimmed. */
function elementsOf(text: string): Map<string, string> {
  const values = new Map<string, string>()
  const path: string[] = []
  let gathered = ''
  const parser = new SaxesParser({ position: false })
  parser.on('error', (error) => {
    throw new TypeError(`the .qwc file is not well-formed XML: ${error.message}`)
  })
  parser.on('opentag', ({ name }) => {
    if (path.length === 0 && name !== 'QBWCXML') throw new TypeError('the root element must be QBWCXML')
    path.push(name)
    gathered = ''
  })
  parser.on('text', (part) => {
    gathered += part
  })
  parser.on('closetag', () => {
    const at = path.slice(1).join('/')
    if (at !== '') values.set(at, values.has(at) ? `${values.get(at)}, again ${gathered.trim()}` : gathered.trim())
    path.pop()
    gathered = ''
  })
  parser.write(text.replace(/^\uFEFF/, '')).close()
  return values
}

function problemsOf(values: Map<string, string>): string[] {
  const missing = required.filter((name) => !values.has(name)).map((name) => `${name} is missing`)
  const strange = [...values.keys()]
    .filter((name) => !required.includes(name) && !optional.includes(name))
    .map((name) => `${name} is unknown`)
  const malformed = Object.entries(forms).flatMap(([name, form]) => {
    const value = values.get(name)
    return value === undefined || form.test(value) ? [] : [`${name} cannot be '${value}'`]
  })
  const tooLong = (values.get('AppDescription') ?? '').length > DESCRIPTION_LENGTH_MAX
  return [
    ...missing,
    ...strange,
    ...malformed,
    ...(tooLong ? [`AppDescription is longer than ${DESCRIPTION_LENGTH_MAX} characters`] : []),
    ...addressProblems(values),
  ]
}

function addressProblems(values: Map<string, string>): string[] {
  const home = URL.parse(values.get('AppURL') ?? '')
  return ['AppURL', 'AppSupport', 'CertURL'].flatMap((name) => {
    const text = values.get(name)
    if (text === undefined) return []
    const address = URL.parse(text)
    if (!address) return [`${name} is no address`]
    const isLocal = address.hostname === 'localhost' || address.hostname === '127.0.0.1'
    if (address.protocol !== 'https:' && !(address.protocol === 'http:' && isLocal)) {
      return [`${name} must be https, unless it is on localhost`]
    }
    const isAway = home !== null && address.hostname !== home.hostname
    return isAway ? [`${name} must be in the same domain as AppURL (${home.hostname})`] : []
  })
}
