import type { EventEmitter } from 'node:events'

interface PooledClient extends EventEmitter {
  query: (...asked: unknown[]) => unknown
}

/**
 * Lets go of connections that were lost within a transaction. The query builder rolls a transaction back before it gives
 * its connection back; on a lost one the rollback fails, so that the pool would wait for it for ever, and a process that
 * has lost as many as its pool holds would stand still. What is lost is rolled back already: saying so is the truth.
 */
export function lettingGoOfLost(pool: EventEmitter): void {
  pool.on('connect', (client: PooledClient) => {
    let lost = false
    for (const event of ['error', 'end']) client.once(event, () => (lost = true))
    const { query } = client
    client.query = (...asked) =>
      lost && asked[0] === 'rollback'
        ? Promise.resolve({ command: 'ROLLBACK', rowCount: 0, rows: [] })
        : query.apply(client, asked)
  })
}
