import { sql } from 'kysely'
import { ConnectionToken } from '../domain/sign-in.ts'
import type { Database } from './database.ts'
import type { Seal } from './seal.ts'
import { accessOf, refreshOf } from './tokens.ts'

/**
 * Makes the first master key of the seal the one that everything is sealed with, and seals again what was sealed before:
 * each connection in a transaction of its own, while other processes go on. Begun again after a crash, it goes on where
 * it stood. Gives how many connections were sealed again. Throws WrongMasterKey.
 */
export async function rotateKey(database: Database, { seal, now }: { seal: Seal; now: Date }): Promise<number> {
  await seal.begin(database, { now })
  let sealedAgain = 0
  for (let ids = await sealedBefore(database); ids.length > 0; ids = await sealedBefore(database)) {
    for (const id of ids) sealedAgain += (await sealAgain(database, { connectionId: id, seal, now })) ? 1 : 0
  }
  await database.run(sql`delete from sealing_key where retired_at is not null`)
  return sealedAgain
}

/** The master key is lost: forgets every token, so that another one may begin. Gives how many connections must be connected again. */
export function forgetTokens(database: Database, { now }: { now: Date }): Promise<number> {
  return database.transaction(async (transaction) => {
    await transaction.run(sql`delete from sealing_key`)
    return transaction.run(sql`
      update connection_token set sealed_access_token = null, sealed_refresh_token = null, refreshed_at = ${now},
        refused_at = null, refusal = null
      where sealed_refresh_token is not null`)
  })
}

const notCurrent = sql`
  sealed_refresh_token is not null
  and (select id::text from sealing_key where retired_at is null) is distinct from split_part(sealed_refresh_token, ':', 1)`

async function sealedBefore(database: Database): Promise<string[]> {
  const rows = await database.rows(
    sql<{ connection_id: string }>`select connection_id from connection_token where ${notCurrent} order by 1`,
  )
  return rows.map(({ connection_id }) => connection_id)
}

function sealAgain(
  database: Database,
  { connectionId, seal, now }: { connectionId: string; seal: Seal; now: Date },
): Promise<boolean> {
  return database.transaction(async (transaction) => {
    const [row] = await transaction.entities(
      ConnectionToken,
      sql`select * from connection_token where connection_id = ${connectionId} and ${notCurrent} for update`,
    )
    if (row?.sealedAccessToken == null || row.sealedRefreshToken == null) return false
    const again = async (text: string, of: string) =>
      seal.close(transaction, { text: await seal.open(transaction, { text, of }), of, now })
    const access = await again(row.sealedAccessToken, accessOf(connectionId))
    const refresh = await again(row.sealedRefreshToken, refreshOf(connectionId))
    await transaction.run(sql`
      update connection_token set sealed_access_token = ${access}, sealed_refresh_token = ${refresh}
      where connection_id = ${connectionId}`)
    return true
  })
}
