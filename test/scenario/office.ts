import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hashSync } from 'bcryptjs'
import { sql } from 'kysely'
import type { Connection } from '../../src/domain/connection.ts'
import { isReadDue } from '../../src/storage/sync-cursors.ts'
import type { Road } from '../../src/sync/road.ts'
import { backlogOf, converse } from '../../src/sync/work.ts'
import { createWebConnectorFile } from '../../src/web-connector/file.ts'
import { openWebConnector, type WebConnector } from '../../src/web-connector/web-connector.ts'
import type { RunningSandbox } from '../sandbox/spawn.ts'
import type { SessionSummary } from '../sandbox/web-connector/doors.ts'

const PASSWORD = 'the password of this office'
/** A hash of the least cost: production's takes a story longer than its postings. */
const PASSWORD_HASH = hashSync(PASSWORD, 4)

/** The office of a story: the played Web Connector, and the door of ours at which it knocks. */
export interface Office {
  userName: string
  /** As the person at the office typed it. */
  password: string
  /** "Update Selected": one session, from serverVersion to its end. */
  call(): Promise<SessionSummary>
  /** Our process ends and another begins: conversations are lost, sessions and the address stay. */
  restart(road: Road): Promise<void>
  /** Our process dies where it stands, its lines with it, and another begins. What it still did must be stopped by its road. */
  die(road: Road): Promise<void>
  /** Called with its method before each call of the Web Connector is handled; the response tells when it was answered. */
  onCall: (method: string, response: ServerResponse) => void | Promise<void>
  end(): Promise<void>
}

/** Opens the door on loopback and hands the Web Connector its file and password, as the person at the office would. */
export async function openOffice(args: {
  road: Road
  connection: Connection
  sandbox: RunningSandbox
}): Promise<Office> {
  const { connection, sandbox } = args
  let door: WebConnector | null = null
  const server = createServer((request, response) => {
    const answer = async () => {
      if (request.method === 'POST') await office.onCall(methodOf(request), response)
      if (!door || response.destroyed) throw new Error('there is nobody at the door')
      await door.handle(request, response)
    }
    answer().catch(() => response.destroy())
  })
  const url = await listening(server)
  const open = async (road: Road) => {
    door = await openWebConnector({
      database: road.database,
      now: road.now,
      log: road.log,
      publicUrl: url,
      mailboxOf(asked) {
        const { mailbox } = road.ledgerOf(asked)
        if (!mailbox) throw new Error('this ledger has no mailbox')
        return mailbox
      },
      run: ({ id }) => converse(road, id),
      bringIn: () => Promise.resolve(),
      async backlog({ id: connectionId }) {
        // What a person asked to be read; changes of themselves are not waited for.
        const isAsked = await isReadDue(road.database, { connectionId, askedBefore: new Date(0) })
        return (await backlogOf(road.database, { connectionId, now: road.now() })) + (isAsked ? 1 : 0)
      },
    })
  }
  await open(args.road)
  const author = { name: 'the story', keyId: null, connectionIds: null }
  const { database, now } = args.road
  const file = await createWebConnectorFile(database, {
    connectionId: connection.id,
    publicUrl: url,
    author,
    now: now(),
  })
  await database.run(
    sql`update web_connector_user set password_hash = ${PASSWORD_HASH} where connection_id = ${connection.id}`,
  )
  await sandbox.webConnector.add({ qwc: file.content, password: PASSWORD })
  // It calls when the story says so.
  await sandbox.webConnector.change(file.username, { everySeconds: 0 })
  const office: Office = {
    userName: file.username,
    password: PASSWORD,
    onCall: () => {},
    call: () => sandbox.webConnector.run(file.username),
    async restart(road) {
      await door?.close()
      await open(road)
    },
    async die(road) {
      const dead = door
      door = null
      server.closeAllConnections()
      await dead?.close()
      await open(road)
    },
    async end() {
      await door?.close()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
  return office
}

/** The method that a call names in its SOAPAction. */
function methodOf({ headers }: IncomingMessage): string {
  return /(\w+)"?$/.exec(String(headers.soapaction))?.[1] ?? ''
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
