import tests from './jest.config.js'

/** `npm run prove`: test/bench/prove.ts at full scale, one figure after the other. */
export default { ...tests, testMatch: ['<rootDir>/test/bench/prove.ts'], testTimeout: 3_600_000, maxWorkers: 1 }
