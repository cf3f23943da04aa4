type Switch = string | number | boolean

/** The switches of the sandbox: each system declares its own with defaults, and the control port changes them while it runs. */
export class Settings {
  readonly #values: Record<string, Switch> = {}

  /**
   * Adds switches and returns the live object that holds them (all switches share one flat space of names).
   * A name that is already there keeps its value, so that a setting given at the start is not undone.
   */
  declare<T extends object>(defaults: { [K in keyof T]: T[K] & Switch }): T {
    for (const [name, value] of Object.entries<Switch>(defaults)) this.#values[name] ??= value
    return this.#values as T
  }

  /** Changes switches by name. Throws, and changes nothing, on an unknown name or a value of another type. */
  change(changes: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(changes)) {
      const known = this.#values[name]
      if (known === undefined) {
        throw new RangeError(`unknown setting ${name}; known: ${Object.keys(this.#values).sort().join(', ')}`)
      }
      if (typeof value !== typeof known) throw new TypeError(`setting ${name} must be a ${typeof known}`)
    }
    Object.assign(this.#values, changes)
  }

  all(): Record<string, Switch> {
    return { ...this.#values }
  }
}
