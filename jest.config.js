import { leftOut } from './test/left-out.ts'

export default {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/global-setup.ts',
  globalTeardown: '<rootDir>/test/global-postgres.ts',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // What a run leaves out is neither passed nor skipped: the reporter says so at its end.
  testPathIgnorePatterns: leftOut().map(({ ending }) => `\\.${ending}\\.test\\.ts$`),
  reporters: ['default', '<rootDir>/test/left-out-reporter.ts'],
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
