import { globSync } from 'node:fs'

/** Says as the very last line of a run what was left out of it: without a MongoDB nothing is known about it (jest.config.js). */
export default class MongodbReporter {
  constructor() {
    if (process.env.MONGODB_URL_FOR_TESTS) return
    const files = globSync('**/*.mongodb.test.ts', { cwd: import.meta.dirname }).sort()
    const line =
      `NOT RUN: MongoDB, ${files.length} test files (${files.join(', ')}). ` +
      'Set MONGODB_URL_FOR_TESTS, or run .ci/run, which brings one and counts it.\n'
    // Jest writes its summary after the last call to a reporter.
    process.once('exit', () => process.stderr.write(line))
  }
}
