/** Suites that a run leaves out, by the end of their names, while what they need is not there. */
interface LeftOut {
  /** `x` for the files named `*.x.test.ts`. */
  ending: string
  /** The variable that brings them in. */
  variable: string
  what: string
  remedy: string
}

const TABLE: LeftOut[] = [
  {
    ending: 'long',
    variable: 'COUNTERSIGN_LONG_TESTS',
    what: 'the long suites',
    remedy: 'Set COUNTERSIGN_LONG_TESTS=1, or run .ci/run, which does and counts them.',
  },
  {
    ending: 'mongodb',
    variable: 'MONGODB_URL_FOR_TESTS',
    what: 'MongoDB',
    remedy: 'Set MONGODB_URL_FOR_TESTS, or run .ci/run, which brings one and counts it.',
  },
  {
    ending: 'qbxml-schema',
    variable: 'COUNTERSIGN_QBXML_SCHEMA',
    what: 'the schema of qbXML',
    remedy: 'Set COUNTERSIGN_QBXML_SCHEMA to the path of qbxmlops130.xsd.',
  },
]

/** What this run leaves out: jest.config.js passes it by, and test/left-out-reporter.ts says so. */
export function leftOut(): LeftOut[] {
  return TABLE.filter(({ variable }) => !process.env[variable])
}
