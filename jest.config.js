export default {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/global-setup.ts',
  globalTeardown: '<rootDir>/test/global-postgres.ts',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // Without a MongoDB, or Intuit's schema, their suites are left out, and the reporters say so: they are neither passed nor skipped.
  testPathIgnorePatterns: [
    ...(process.env.MONGODB_URL_FOR_TESTS ? [] : ['\\.mongodb\\.test\\.ts$']),
    ...(process.env.COUNTERSIGN_QBXML_SCHEMA ? [] : ['\\.qbxml-schema\\.test\\.ts$']),
  ],
  reporters: ['default', '<rootDir>/test/mongodb-reporter.ts', '<rootDir>/test/qbxml-schema-reporter.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  maxWorkers: 3,
  testTimeout: 30_000,
}
