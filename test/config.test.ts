import { describe, expect, test } from '@jest/globals'
import { ConfigError, readConfig } from '../src/config.ts'

const creatio = { CREATIO_URL: 'https://crm.example', CREATIO_CLIENT_ID: 'a', CREATIO_CLIENT_SECRET: 'b' }
const quickBooks = { QUICKBOOKS_REALM_ID: '1', QUICKBOOKS_CLIENT_ID: 'c', QUICKBOOKS_CLIENT_SECRET: 'd' }

function problems(environment: Record<string, string>): string[] {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n')
    throw error
  }
  return []
}

describe('a variable that is none of ours', () => {
  test.each([
    ['CREATIO_ULR', 'CREATIO_URL'],
    ['CREATIO_PASWORD', 'CREATIO_PASSWORD'],
    ['QUICKBOOKS_REALMID', 'QUICKBOOKS_REALM_ID'],
    ['POLL_INTERVALL_SECONDS', 'POLL_INTERVAL_SECONDS'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['MONGO_URL', 'MONGODB_URL'],
    ['TIMEZONE', 'TIME_ZONE'],
    ['PROT', 'PORT'],
    ['creatio_url', 'CREATIO_URL'],
  ])('%s is said to have been meant as %s', (given, meant) => {
    expect(problems({ [given]: 'x' })).toEqual([`${given}: there is no such setting. Did you mean "${meant}"?`])
  })

  test('with one of our prefixes is an error, even when nothing is near', () => {
    expect(problems({ CREATIO_COLOUR: 'blue' })).toEqual([
      'CREATIO_COLOUR: there is no such setting. README.md lists them all.',
    ])
  })

  test('of the rest of the environment is left alone', () => {
    const usual =
      'HOME PATH PWD SHELL USER LANG TERM TZ HOSTNAME LOGNAME NODE_ENV NODE_OPTIONS npm_config_cache POSTGRES_PASSWORD POSTGRES_USER KUBERNETES_PORT KUBERNETES_SERVICE_HOST HTTP_PROXY NO_PROXY CI EDITOR MAIL OLDPWD SHLVL COLORTERM TMPDIR LC_ALL PGHOST PGPORT DISPLAY _'
    expect(problems(Object.fromEntries(usual.split(' ').map((name) => [name, 'x'])))).toEqual([])
  })

  test('is passed over when it is empty', () => {
    expect(problems({ CREATIO_ULR: '' })).toEqual([])
  })
})

describe('values', () => {
  test('that are wrong are named all at once, with those that are misspelt and those that contradict each other', () => {
    const said = problems({
      PORT: 'many',
      TIME_ZONE: 'Nowhere/Land',
      CREATIO_ULR: 'https://crm.example',
      QUICKBOOKS_ENVIRONMENT: 'production',
      LANE_LEASE_SECONDS: '5',
    })
    expect(said).toHaveLength(5)
    for (const [index, name] of [
      'CREATIO_ULR',
      'PORT',
      'TIME_ZONE',
      'LANE_LEASE_SECONDS',
      'QUICKBOOKS_ENVIRONMENT',
    ].entries()) {
      expect(said[index]).toContain(name)
    }
  })

  test.each<[string, Record<string, string>, string]>([
    [
      'half a sign-in',
      { ...creatio, ...quickBooks, CREATIO_CLIENT_SECRET: '' },
      'CREATIO_CLIENT_ID is set and CREATIO_CLIENT_SECRET is not: set both, or neither.',
    ],
    [
      'two sign-ins',
      { ...creatio, ...quickBooks, CREATIO_USER_NAME: 'u', CREATIO_PASSWORD: 'p' },
      'CREATIO_CLIENT_ID and CREATIO_USER_NAME are two ways to sign in: keep one of them.',
    ],
    [
      'no sign-in',
      { ...quickBooks, CREATIO_URL: 'https://crm.example' },
      'CREATIO_URL needs a sign-in: CREATIO_CLIENT_ID and CREATIO_CLIENT_SECRET, or CREATIO_USER_NAME and CREATIO_PASSWORD.',
    ],
    [
      'a profile for no CRM',
      { CREATIO_PROFILE: 'p.json' },
      'CREATIO_PROFILE is set and CREATIO_URL is not: set both, or neither.',
    ],
    [
      'a token for no company',
      { QUICKBOOKS_REFRESH_TOKEN: 't' },
      'QUICKBOOKS_REFRESH_TOKEN is set and QUICKBOOKS_REALM_ID is not: set both, or neither.',
    ],
    [
      'production without a company',
      { QUICKBOOKS_ENVIRONMENT: 'production' },
      'QUICKBOOKS_ENVIRONMENT is production, and no company is named: set QUICKBOOKS_REALM_ID.',
    ],
    [
      "a sandbox at production's address",
      { ...creatio, ...quickBooks, QUICKBOOKS_API_URL: 'https://quickbooks.api.intuit.com' },
      'QUICKBOOKS_ENVIRONMENT is sandbox, and QUICKBOOKS_API_URL is not its address (sandbox-quickbooks.api.intuit.com).',
    ],
  ])('that contradict each other are named: %s', (_, environment, problem) => {
    expect(problems(environment)).toEqual([problem])
  })

  test('for one of the two systems only are refused', () => {
    expect(problems(creatio)[0]).toContain('Creatio is configured and QuickBooks is not')
    expect(problems(quickBooks)[0]).toContain('QuickBooks is configured and Creatio is not')
  })

  test('that fit are read', () => {
    const config = readConfig({ ...creatio, ...quickBooks, QUICKBOOKS_ENVIRONMENT: 'production', PORT: '4001' })
    expect(config).toMatchObject({
      port: 4001,
      creatio: { siteUrl: 'https://crm.example', signIn: { kind: 'oauth', clientId: 'a' }, profilePath: null },
      quickBooks: { environment: 'production', apiUrl: 'https://quickbooks.api.intuit.com' },
    })
    expect(readConfig({})).toMatchObject({ creatio: null, quickBooks: null, port: 4000 })
  })
})
