import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Connection } from './connection.ts'

/** The call that a session waits for. */
export enum ExpectedCall {
  /** `sendRequestXML`: the Web Connector comes for the next request. */
  ASK = 'ASK',
  /** `receiveResponseXML`: a request was handed out, and its answer is due. */
  ANSWER = 'ANSWER',
  /** `closeConnection`: nothing is left to ask. */
  CLOSE = 'CLOSE',
}

/** The Web Connector of one QuickBooks Desktop company: one user name, one .qwc file, one company file. */
@Entity({ tableName: 'web_connector_user' })
@Check({ name: 'web_connector_user_interval', expression: 'run_every_minutes > 0 and run_every_minutes <= 1440' })
export class WebConnectorUser {
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id', primary: true })
  connectionId!: string

  @Property({ type: 'text', unique: true })
  userName!: string

  /** A bcrypt hash; null until the .qwc file is made, and until then nobody can sign in. */
  @Property({ type: 'text', nullable: true })
  passwordHash: string | null = null

  /** They stand in the .qwc file and stay as they are, so that QuickBooks knows a file that is made again. */
  @Property({ type: 'uuid' })
  ownerGuid!: string

  @Property({ type: 'uuid' })
  fileGuid!: string

  @Property({ type: 'integer' })
  runEveryMinutes!: number

  /** The path of the company file on QuickBooks' machine; empty for the file that happens to be open. */
  @Property({ type: 'text' })
  companyFile: string = ''

  /** The path that the Web Connector named first. Another one is another company until a new .qwc file is made. */
  @Property({ type: 'text', nullable: true })
  companyFileSeen: string | null = null

  @Property({ type: 'timestamptz', nullable: true })
  fileMadeAt: Date | null = null

  /** Refused sign-ins in a row. */
  @Property({ type: 'integer' })
  failedSignIns: number = 0

  @Property({ type: 'timestamptz', nullable: true })
  lockedUntil: Date | null = null

  @Property({ type: 'timestamptz', nullable: true })
  lastRefusedAt: Date | null = null

  /** When a call of a Web Connector that had signed in was last heard. */
  @Property({ type: 'timestamptz', nullable: true })
  lastSeenAt: Date | null = null

  /** The last trouble that it told of, as a code of QuickBooks; null since QuickBooks was last reached. */
  @Property({ type: 'text', nullable: true })
  lastCode: string | null = null

  @Property({ type: 'text', nullable: true })
  lastMessage: string | null = null

  /** When a conversation in which the road asked all that it had to ask last came to its end. */
  @Property({ type: 'timestamptz', nullable: true })
  lastCompletedAt: Date | null = null
}

/** One visit of the Web Connector, from `authenticate` to `closeConnection`. It outlives our process. */
@Entity({ tableName: 'web_connector_session' })
@Index({
  name: 'web_connector_session_one_open',
  expression:
    'create unique index "web_connector_session_one_open" on "web_connector_session" ("connection_id") where "closed_at" is null',
})
export class WebConnectorSession {
  @PrimaryKey({ type: 'uuid' })
  ticket!: string

  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  @Enum({ items: () => ExpectedCall, type: 'text' })
  expects: ExpectedCall = ExpectedCall.ASK

  /** What the first call told of QuickBooks; null before it. */
  @Property({ type: 'text', nullable: true })
  qbXmlVersion: string | null = null

  @Property({ type: 'text', nullable: true })
  companyFileName: string | null = null

  @Property({ type: 'text', nullable: true })
  country: string | null = null

  @Property({ type: 'text', nullable: true })
  hcpResponse: string | null = null

  /** Requests that were handed out, and answers that came. */
  @Property({ type: 'integer' })
  asked: number = 0

  @Property({ type: 'integer' })
  answered: number = 0

  /** How much waited when it began. */
  @Property({ type: 'integer' })
  backlog: number = 0

  /** Company files that were tried after QuickBooks could not be reached. */
  @Property({ type: 'integer' })
  filesTried: number = 0

  /** What `getLastError` answers. */
  @Property({ type: 'text', nullable: true })
  lastError: string | null = null

  @Property({ type: 'timestamptz' })
  openedAt!: Date

  @Property({ type: 'timestamptz' })
  lastSeenAt!: Date

  @Property({ type: 'timestamptz', nullable: true })
  closedAt: Date | null = null

  @Property({ type: 'text', nullable: true })
  closeReason: string | null = null
}
