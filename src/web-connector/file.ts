import { randomBytes } from 'node:crypto'
import type { Author } from '../domain/access.ts'
import type { Connection } from '../domain/connection.ts'
import type { WebConnectorUser } from '../domain/web-connector.ts'
import type { Database } from '../storage/database.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { saveWebConnectorPassword } from '../storage/web-connector.ts'
import { guideFor } from './guide.ts'
import { hashPassword } from './sign-in.ts'
import { escapeXml } from './wsdl.ts'

const DESCRIPTION_LENGTH_MAX = 80
const APPLICATION_NAME_LENGTH_MAX = 60
/** 144 bits of chance. */
const PASSWORD_BYTES = 18
const PATH = '/web-connector'
/** Where the Web Connector allows plain HTTP: this machine only. */
const LOCAL = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** The file for the Web Connector, and all that is shown once with it. */
export interface WebConnectorFile {
  fileName: string
  /** The .qwc file; the password is not in it. */
  content: string
  username: string
  /** Shown this once, and kept nowhere. */
  password: string
  /** Step by step, for the person at the office. */
  guide: string
  /** True when an earlier password opens nothing any more. */
  replaced: boolean
}

/**
 * Makes the .qwc file of a Desktop connection with a new password; an earlier one opens nothing from then on. Leaves an
 * audit entry. Throws InvalidRequest when it is no Desktop connection, or the public address is none that a Web Connector takes.
 */
export async function createWebConnectorFile(
  database: Database,
  args: {
    connectionId: string
    /** The new place of the company file; null leaves it as it is. */
    companyFile?: string | null
    publicUrl: string | null
    author: Author
    now: Date
  },
): Promise<WebConnectorFile> {
  const { connectionId, companyFile = null, author, now } = args
  const address = serviceAddress(args.publicUrl)
  const password = randomBytes(PASSWORD_BYTES).toString('base64url')
  const made = await saveWebConnectorPassword(database, {
    connectionId,
    passwordHash: await hashPassword(password),
    companyFile,
    author,
    now,
  })
  const { connection, user, replaced } = made
  const fileName = `${user.userName}.qwc`
  return {
    fileName,
    content: fileContent({ connection, user, address }),
    username: user.userName,
    password,
    guide: guideFor({ fileName, userName: user.userName, connection, user, replaced }),
    replaced,
  }
}

/** Where the Web Connector calls. Throws InvalidRequest for an address that it would refuse. */
export function serviceAddress(publicUrl: string | null): string {
  if (publicUrl === null || !URL.canParse(publicUrl)) {
    throw new InvalidRequest(
      'The Web Connector must know where to call: set PUBLIC_URL, such as https://books.example.com.',
    )
  }
  const { protocol, hostname } = new URL(publicUrl)
  if (protocol !== 'https:' && !LOCAL.test(hostname)) {
    throw new InvalidRequest(`The Web Connector calls only https addresses: PUBLIC_URL is ${publicUrl}.`)
  }
  return `${publicUrl.replace(/[/?#]+$/, '')}${PATH}`
}

/** The text of the .qwc file. Its GUIDs stay the same for a connection, so that QuickBooks knows a file that is made again. */
function fileContent(args: { connection: Connection; user: WebConnectorUser; address: string }): string {
  const { connection, user, address } = args
  const name = `Countersign ${connection.name}`.slice(0, APPLICATION_NAME_LENGTH_MAX).trim()
  const description = `Posts what the CRM sold into ${connection.name}.`.slice(0, DESCRIPTION_LENGTH_MAX)
  const elements: [string, string][] = [
    ['AppName', name],
    ['AppID', ''],
    ['AppURL', address],
    ['AppDescription', description],
    ['AppSupport', `${address}?support`],
    ['UserName', user.userName],
    ['OwnerID', `{${user.ownerGuid}}`],
    ['FileID', `{${user.fileGuid}}`],
    ['QBType', 'QBFS'],
    ['IsReadOnly', String(connection.readOnly)],
  ]
  const lines = elements.map(([element, text]) => `  <${element}>${escapeXml(text)}</${element}>`)
  return `<?xml version="1.0" encoding="utf-8"?>
<QBWCXML>
${lines.slice(0, -1).join('\n')}
  <Scheduler>
    <RunEveryNMinutes>${user.runEveryMinutes}</RunEveryNMinutes>
  </Scheduler>
${lines.at(-1)}
</QBWCXML>
`
}
