import { describe, expect, test } from '@jest/globals'
import { ConfigError, readConfig } from '../src/config.ts'

const creatio = { CREATIO_URL: 'https://crm.example', CREATIO_USER_NAME: 'robot', CREATIO_PASSWORD: 'secret' }
const quickBooks = { QUICKBOOKS_REALM_ID: '9130', QUICKBOOKS_CLIENT_ID: 'id', QUICKBOOKS_CLIENT_SECRET: 'secret' }

function refusal(environment: Record<string, string>): string {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return 'accepted'
}

describe('the configuration', () => {
  test('of nothing at all is the sandbox on loopback with an embedded database', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      databaseUrl: null,
      mongodbUrl: null,
      dataDirectory: '.countersign',
      pollIntervalSeconds: 15,
      timeZone: 'UTC',
      creatio: null,
      quickBooks: null,
    })
  })

  test('takes an empty setting for one that is not set', () => {
    const names = ['HOST', 'PORT', 'DATA_DIRECTORY', 'DATABASE_URL', 'ENCRYPTION_KEY', 'TIME_ZONE', 'LOG_LEVEL']
    const more = ['POLL_INTERVAL_SECONDS', 'CREATIO_URL', 'QUICKBOOKS_ENVIRONMENT', 'QUICKBOOKS_REALM_ID', 'PUBLIC_URL']
    expect(readConfig(Object.fromEntries([...names, ...more].map((name) => [name, ''])))).toEqual(readConfig({}))
  })

  test.each<[string, string]>([
    ['PORT', '70000'],
    ['PORT', 'web'],
    ['PORT', '80.5'],
    ['PUBLIC_URL', 'not an address'],
    ['ENCRYPTION_KEY', 'too short'],
    ['TIME_ZONE', 'Mars/Olympus'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_FORMAT', 'xml'],
    ['POLL_INTERVAL_SECONDS', '0'],
    ['POLL_INTERVAL_SECONDS', '-5'],
    ['POLL_INTERVAL_SECONDS', 'often'],
    ['CREATIO_URL', 'crm'],
    ['CREATIO_TOKEN_URL', 'crm'],
    ['QUICKBOOKS_ENVIRONMENT', 'live'],
    ['QUICKBOOKS_API_URL', 'api'],
    ['QUICKBOOKS_OAUTH_TOKEN_URL', 'oauth'],
  ])('names %s when it is "%s"', (name, value) => {
    expect(refusal({ [name]: value })).toMatch(new RegExp(`^${name}: `))
  })

  test('names everything that is wrong at once', () => {
    expect(refusal({ PORT: 'web', LOG_LEVEL: 'loud', TIME_ZONE: 'Mars' }).split('\n')).toHaveLength(3)
  })

  test('never repeats a secret in what it says', () => {
    expect(refusal({ ENCRYPTION_KEY: 'hush-hush' })).not.toContain('hush-hush')
    expect(refusal({ ...creatio, CREATIO_PASSWORD: '', CREATIO_CLIENT_SECRET: 'hush-hush' })).not.toContain('hush-hush')
  })
})

describe('the two systems', () => {
  test('are both configured or neither', () => {
    expect(refusal(creatio)).toMatch(/QUICKBOOKS_REALM_ID/)
    expect(refusal(quickBooks)).toMatch(/CREATIO_URL/)
    expect(refusal({ ...creatio, ...quickBooks })).toBe('accepted')
  })

  test('need a whole sign-in', () => {
    expect(refusal({ CREATIO_URL: 'https://crm.example', ...quickBooks })).toMatch(/CREATIO_USER_NAME/)
    expect(refusal({ ...creatio, QUICKBOOKS_REALM_ID: '9130' })).toMatch(/QUICKBOOKS_CLIENT_ID/)
  })

  test('sign in to Creatio by OAuth where a client is given, else by forms', () => {
    const client = { CREATIO_CLIENT_ID: 'client', CREATIO_CLIENT_SECRET: 'secret' }
    expect(readConfig({ ...creatio, ...client, ...quickBooks }).creatio?.signIn).toEqual({
      kind: 'oauth',
      clientId: 'client',
      clientSecret: 'secret',
    })
    expect(readConfig({ ...creatio, ...quickBooks }).creatio?.signIn).toMatchObject({
      kind: 'forms',
      userName: 'robot',
    })
  })

  test('of which one is half set are not taken for the sandbox', () => {
    expect(refusal({ CREATIO_USER_NAME: 'robot', CREATIO_PASSWORD: 'secret' })).toMatch(/CREATIO_URL/)
    expect(refusal({ QUICKBOOKS_CLIENT_ID: 'id', QUICKBOOKS_CLIENT_SECRET: 'secret' })).toMatch(/QUICKBOOKS_REALM_ID/)
  })
})

describe('the environment of QuickBooks', () => {
  const both = { ...creatio, ...quickBooks }

  test.each([
    ['sandbox', 'https://sandbox-quickbooks.api.intuit.com'],
    ['production', 'https://quickbooks.api.intuit.com'],
  ])('%s has its own address', (environment, apiUrl) => {
    expect(readConfig({ ...both, QUICKBOOKS_ENVIRONMENT: environment }).quickBooks).toMatchObject({
      environment,
      apiUrl,
    })
  })

  test.each([
    ['production', 'https://sandbox-quickbooks.api.intuit.com'],
    ['sandbox', 'https://quickbooks.api.intuit.com'],
    ['sandbox', 'https://QuickBooks.API.intuit.com/'],
    ['production', 'https://elsewhere.intuit.com'],
  ])('%s refuses the address %s', (environment, apiUrl) => {
    const message = refusal({ ...both, QUICKBOOKS_ENVIRONMENT: environment, QUICKBOOKS_API_URL: apiUrl })
    expect(message).toMatch(/QUICKBOOKS_ENVIRONMENT is .* QUICKBOOKS_API_URL/)
  })

  test('makes the redirect address from where we are reached', () => {
    expect(readConfig({ ...both, PUBLIC_URL: 'https://books.example/base' }).quickBooks?.redirectUri).toBe(
      'https://books.example/oauth/quickbooks/callback',
    )
    expect(readConfig({ ...both, PORT: '4321' }).quickBooks?.redirectUri).toBe(
      'http://localhost:4321/oauth/quickbooks/callback',
    )
  })
})
