import { globSync } from 'node:fs'
import { leftOut } from './left-out.ts'

/** Says as the very last lines of a run what was left out of it: nothing is known about that (jest.config.js). */
export default class LeftOutReporter {
  constructor() {
    const lines = leftOut().map(({ ending, what, remedy }) => {
      const files = globSync(`**/*.${ending}.test.ts`, { cwd: import.meta.dirname }).sort()
      return `NOT RUN: ${what}, ${files.length} test files (${files.join(', ')}). ${remedy}\n`
    })
    // Jest writes its summary after the last call to a reporter.
    process.once('exit', () => process.stderr.write(lines.join('')))
  }
}
