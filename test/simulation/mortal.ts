import type { Database } from '../../src/storage/database.ts'

/**
 * A process that can die between two statements: from then on its database refuses it, as it would refuse the dead, and
 * nothing that it still holds in memory reaches anything.
 */
export class Mortal {
  isDead = false
  readonly database: Database
  #statementsLeft = Number.POSITIVE_INFINITY
  #died: () => void = () => {}

  constructor(database: Database) {
    this.database = this.#around(database)
  }

  /** It dies before the statement that comes after so many more. `died` is called once. */
  dieAfter({ statements, died }: { statements: number; died: () => void }): void {
    this.#statementsLeft = statements
    this.#died = died
  }

  /** It lives on after all. */
  spare(): void {
    this.#statementsLeft = Number.POSITIVE_INFINITY
  }

  #around(database: Database): Database {
    return new Proxy(database, {
      get: (target, name) => {
        const value = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return async (...given: unknown[]) => {
          this.#breathe()
          if (name !== 'transaction') return value.apply(target, given)
          const work = given[0] as (inner: Database) => Promise<unknown>
          return target.transaction((inner) => work(this.#around(inner)))
        }
      },
    })
  }

  #breathe(): void {
    if (!this.isDead && this.#statementsLeft > 0) {
      this.#statementsLeft -= 1
      return
    }
    const isFirst = !this.isDead
    this.isDead = true
    if (isFirst) this.#died()
    throw new Error('the process is dead')
  }
}
