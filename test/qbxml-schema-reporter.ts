import { globSync } from 'node:fs'

/** Says as the very last line of a run what was left out of it: without Intuit's schema nothing was held against it (jest.config.js). */
export default class QbxmlSchemaReporter {
  constructor() {
    if (process.env.COUNTERSIGN_QBXML_SCHEMA) return
    const files = globSync('**/*.qbxml-schema.test.ts', { cwd: import.meta.dirname }).sort()
    const line =
      `NOT RUN: the schema of qbXML, ${files.length} test files (${files.join(', ')}). ` +
      'Set COUNTERSIGN_QBXML_SCHEMA to the path of qbxmlops130.xsd.\n'
    // Jest writes its summary after the last call to a reporter.
    process.once('exit', () => process.stderr.write(line))
  }
}
