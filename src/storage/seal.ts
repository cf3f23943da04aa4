import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { SealingKey } from '../domain/sign-in.ts'
import type { Database } from './database.ts'

const MASTER_KEY_LENGTH_MIN = 32
const KEY_BYTES = 32
const CHECK = { text: 'countersign', of: 'check' }
/** Seals under a key that is current from now on are made by one process at a time. */
const FIRST_KEY_LOCK = 7_130_461

const drawKey = promisify(scrypt) as (masterKey: string, salt: string, bytes: number) => Promise<Buffer>

/**
 * Seals small secrets: AES-256-GCM under a key that scrypt draws from a master key and a salt. The salt stands in the
 * database, the master key never does. A sealed text names its key, and opens only as the secret `of` what it was sealed for.
 */
export interface Seal {
  /** Seals under the current key; within a transaction, so that a rotation that goes on meanwhile waits for it. */
  close(transaction: Database, secret: { text: string; of: string; now: Date }): Promise<string>
  /** Throws WrongMasterKey when no master key of this process fits, and Error when the text was changed. */
  open(database: Database, sealed: { text: string; of: string }): Promise<string>
  /** Whether this process can open what is sealed under the current key: throws WrongMasterKey. Makes the first key when there is none. */
  check(database: Database, args: { now: Date }): Promise<void>
  /** Makes a key of the first master key, and what is sealed from now on is sealed with it. False when that one is current already. */
  begin(database: Database, args: { now: Date }): Promise<boolean>
}

/** ENCRYPTION_KEY is another one than that which the tokens were sealed with. */
export class WrongMasterKey extends Error {
  constructor({ since }: { since: Date }) {
    super(
      `ENCRYPTION_KEY is not the key that the tokens were sealed with (in use since ${since.toISOString()}); nothing was changed. ` +
        'Set it back to the one before. To change it, keep the one before in ENCRYPTION_KEY_PREVIOUS and run "countersign rotate-key". ' +
        'If it is lost, "countersign rotate-key --lost" forgets the tokens, and each company is connected again.',
    )
    this.name = 'WrongMasterKey'
  }
}

/** The first master key is the one to seal with; the others only open, while a rotation goes on. */
export function sealWith(masterKey: string, ...previous: string[]): Seal {
  const masterKeys = [masterKey, ...previous]
  if (masterKeys.some(({ length }) => length < MASTER_KEY_LENGTH_MIN)) {
    throw new Error(`ENCRYPTION_KEY must have at least ${MASTER_KEY_LENGTH_MIN} characters.`)
  }
  const opened = new Map<string, Promise<OpenKey | null>>()

  /** The key of a row, for whichever of our master keys its check value opens. */
  function openKey(row: SealingKey): Promise<OpenKey | null> {
    const known = opened.get(row.id) ?? fittingKey(row, masterKeys)
    opened.set(row.id, known)
    return known
  }

  async function ours(row: SealingKey): Promise<OpenKey> {
    const found = await openKey(row)
    if (!found) throw new WrongMasterKey({ since: row.createdAt })
    return found
  }

  const firstKey = (database: Database, now: Date) =>
    database.transaction(async (transaction) => {
      await transaction.rows(sql`select pg_advisory_xact_lock(${FIRST_KEY_LOCK})`)
      return (await currentKey(transaction)) ?? (await makeKey(transaction, { masterKey, now }))
    })

  return {
    async close(transaction, { now, ...secret }) {
      // A second look: the first one may have waited for a rotation, whose new key it cannot see yet.
      const row =
        (await currentKey(transaction, { hold: true })) ??
        (await currentKey(transaction, { hold: true })) ??
        (await firstKey(transaction, now))
      return `${row.id}:${encrypt((await ours(row)).key, secret)}`
    },
    async open(database, { text, of }) {
      const [id = '', sealed = ''] = text.split(':')
      // A key that is known stays known: a rotation may just have deleted its row.
      const known = await opened.get(id)
      if (known) return decrypt(known.key, { text: sealed, of })
      const row = await keyById(database, id)
      if (!row) throw new Error('A sealed text names no key of this database: it was changed.')
      return decrypt((await ours(row)).key, { text: sealed, of })
    },
    async check(database, { now }) {
      await ours((await currentKey(database)) ?? (await firstKey(database, now)))
    },
    begin: (database, { now }) =>
      database.transaction(async (transaction) => {
        await transaction.rows(sql`select pg_advisory_xact_lock(${FIRST_KEY_LOCK})`)
        const current = await currentKey(transaction)
        if (current && (await openKey(current))?.masterKey === masterKey) return false
        if (current) await ours(current)
        await transaction.run(sql`update sealing_key set retired_at = ${now} where retired_at is null`)
        await makeKey(transaction, { masterKey, now })
        return true
      }),
  }
}

async function makeKey(
  transaction: Database,
  { masterKey, now }: { masterKey: string; now: Date },
): Promise<SealingKey> {
  const salt = randomBytes(16).toString('base64')
  const key = await drawKey(masterKey, salt, KEY_BYTES)
  const [row] = await transaction.entities(
    SealingKey,
    sql`insert into sealing_key (id, salt, "check", created_at) values (${uuidv7()}, ${salt}, ${encrypt(key, CHECK)}, ${now}) returning *`,
  )
  if (!row) throw new Error('the key could not be saved')
  return row
}

interface OpenKey {
  key: Buffer
  masterKey: string
}

async function currentKey(database: Database, { hold = false } = {}): Promise<SealingKey | null> {
  const lock = hold ? sql`for share` : sql``
  const [row] = await database.entities(SealingKey, sql`select * from sealing_key where retired_at is null ${lock}`)
  return row ?? null
}

async function keyById(database: Database, id: string): Promise<SealingKey | null> {
  const [row] = await database.entities(SealingKey, sql`select * from sealing_key where id::text = ${id}`)
  return row ?? null
}

async function fittingKey({ salt, check }: SealingKey, masterKeys: string[]): Promise<OpenKey | null> {
  for (const masterKey of masterKeys) {
    const key = await drawKey(masterKey, salt, KEY_BYTES)
    try {
      decrypt(key, { text: check, of: CHECK.of })
      return { key, masterKey }
    } catch {
      // The check value is there to find out: the next master key may fit.
    }
  }
  return null
}

function encrypt(key: Buffer, { text, of }: { text: string; of: string }): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(of))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
}

function decrypt(key: Buffer, { text, of }: { text: string; of: string }): string {
  const bytes = Buffer.from(text, 'base64')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(of))
    decipher.setAuthTag(bytes.subarray(12, 28))
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
  } catch {
    throw new Error('A sealed text does not open: it was changed, or belongs elsewhere.')
  }
}
