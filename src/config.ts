import { z } from 'zod'

const seconds = (fallback: number) => z.coerce.number().positive().default(fallback)
const text = z.string().trim().min(1).optional()
const address = z.url().optional()

/** Every setting, its form and its default. README and .env.example list the same names. */
const Settings = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  PUBLIC_URL: address,
  DATA_DIRECTORY: z.string().default('.countersign'),
  DATABASE_URL: text,
  MONGODB_URL: text,
  ENCRYPTION_KEY: z.string().min(32, 'needs at least 32 characters').optional(),
  TIME_ZONE: z.string().refine(isTimeZone, 'is no time zone of the IANA list, such as America/New_York').default('UTC'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['text', 'json']).default('text'),
  POLL_INTERVAL_SECONDS: seconds(15),
  CREATIO_URL: address,
  CREATIO_USER_NAME: text,
  CREATIO_PASSWORD: text,
  CREATIO_CLIENT_ID: text,
  CREATIO_CLIENT_SECRET: text,
  CREATIO_TOKEN_URL: address,
  CREATIO_PROFILE: text,
  QUICKBOOKS_ENVIRONMENT: z.enum(['sandbox', 'production']).default('sandbox'),
  QUICKBOOKS_REALM_ID: text,
  QUICKBOOKS_CLIENT_ID: text,
  QUICKBOOKS_CLIENT_SECRET: text,
  QUICKBOOKS_REFRESH_TOKEN: text,
  QUICKBOOKS_API_URL: address,
  QUICKBOOKS_OAUTH_TOKEN_URL: address,
})

export interface CreatioConfig {
  siteUrl: string
  signIn:
    | { kind: 'forms'; userName: string; password: string }
    | { kind: 'oauth'; clientId: string; clientSecret: string; tokenUrl?: string }
  profilePath: string | null
}

export interface QuickBooksConfig {
  environment: 'sandbox' | 'production'
  realmId: string
  clientId: string
  clientSecret: string
  refreshToken: string | null
  apiUrl: string
  tokenUrl: string
  redirectUri: string
}

export interface Config {
  host: string
  port: number
  dataDirectory: string
  databaseUrl: string | null
  mongodbUrl: string | null
  encryptionKey: string | null
  timeZone: string
  logLevel: string
  logFormat: 'text' | 'json'
  pollIntervalSeconds: number
  /** Null together with `quickBooks`: the sandbox plays both. */
  creatio: CreatioConfig | null
  quickBooks: QuickBooksConfig | null
}

/** The settings are wrong: the message names each one and says what it should be. */
export class ConfigError extends Error {}

/** Reads the configuration once, from the environment. Throws ConfigError with all that is wrong at once. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = Settings.safeParse(given)
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
  }
  const settings = parsed.data
  const creatio = creatioOf(settings)
  const quickBooks = quickBooksOf(settings)
  if ((creatio === null) !== (quickBooks === null)) {
    throw new ConfigError(
      creatio === null
        ? 'QuickBooks is configured and Creatio is not: set CREATIO_URL with a sign-in, or remove the QUICKBOOKS_ settings to use the sandbox.'
        : 'Creatio is configured and QuickBooks is not: set QUICKBOOKS_REALM_ID with its client, or remove the CREATIO_ settings to use the sandbox.',
    )
  }
  return {
    host: settings.HOST,
    port: settings.PORT,
    dataDirectory: settings.DATA_DIRECTORY,
    databaseUrl: settings.DATABASE_URL ?? null,
    mongodbUrl: settings.MONGODB_URL ?? null,
    encryptionKey: settings.ENCRYPTION_KEY ?? null,
    timeZone: settings.TIME_ZONE,
    logLevel: settings.LOG_LEVEL,
    logFormat: settings.LOG_FORMAT,
    pollIntervalSeconds: settings.POLL_INTERVAL_SECONDS,
    creatio,
    quickBooks,
  }
}

/** What makes no sense without its system's address: set alone, it was meant for a real system, not for the sandbox. */
const CREATIO_DETAILS = [
  'CREATIO_USER_NAME',
  'CREATIO_PASSWORD',
  'CREATIO_CLIENT_ID',
  'CREATIO_CLIENT_SECRET',
  'CREATIO_TOKEN_URL',
  'CREATIO_PROFILE',
] as const
const QUICKBOOKS_DETAILS = [
  'QUICKBOOKS_CLIENT_ID',
  'QUICKBOOKS_CLIENT_SECRET',
  'QUICKBOOKS_REFRESH_TOKEN',
  'QUICKBOOKS_API_URL',
] as const

function refuseAlone<Name extends string>(
  settings: Partial<Record<Name, unknown>>,
  { details, without }: { details: readonly Name[]; without: string },
): void {
  const alone = details.filter((name) => settings[name] !== undefined)
  if (alone.length > 0) throw new ConfigError(`${alone.join(', ')}: set ${without} as well, or none of them.`)
}

function creatioOf(settings: z.output<typeof Settings>): CreatioConfig | null {
  if (!settings.CREATIO_URL) {
    refuseAlone(settings, { details: CREATIO_DETAILS, without: 'CREATIO_URL' })
    return null
  }
  const common = { siteUrl: settings.CREATIO_URL, profilePath: settings.CREATIO_PROFILE ?? null }
  if (settings.CREATIO_CLIENT_ID && settings.CREATIO_CLIENT_SECRET) {
    const { CREATIO_CLIENT_ID: clientId, CREATIO_CLIENT_SECRET: clientSecret, CREATIO_TOKEN_URL: tokenUrl } = settings
    return { ...common, signIn: { kind: 'oauth', clientId, clientSecret, ...(tokenUrl ? { tokenUrl } : {}) } }
  }
  if (settings.CREATIO_USER_NAME && settings.CREATIO_PASSWORD) {
    return {
      ...common,
      signIn: { kind: 'forms', userName: settings.CREATIO_USER_NAME, password: settings.CREATIO_PASSWORD },
    }
  }
  throw new ConfigError(
    'CREATIO_URL needs a sign-in: CREATIO_CLIENT_ID and CREATIO_CLIENT_SECRET, or CREATIO_USER_NAME and CREATIO_PASSWORD.',
  )
}

function quickBooksOf(settings: z.output<typeof Settings>): QuickBooksConfig | null {
  if (!settings.QUICKBOOKS_REALM_ID) {
    refuseAlone(settings, { details: QUICKBOOKS_DETAILS, without: 'QUICKBOOKS_REALM_ID' })
    return null
  }
  const { QUICKBOOKS_CLIENT_ID: clientId, QUICKBOOKS_CLIENT_SECRET: clientSecret } = settings
  if (!clientId || !clientSecret) {
    throw new ConfigError('QUICKBOOKS_REALM_ID needs QUICKBOOKS_CLIENT_ID and QUICKBOOKS_CLIENT_SECRET.')
  }
  const environment = settings.QUICKBOOKS_ENVIRONMENT
  const host = environment === 'production' ? 'quickbooks.api.intuit.com' : 'sandbox-quickbooks.api.intuit.com'
  const apiUrl = settings.QUICKBOOKS_API_URL ?? `https://${host}`
  if (/intuit\.com$/.test(new URL(apiUrl).hostname) && new URL(apiUrl).hostname !== host) {
    throw new ConfigError(
      `QUICKBOOKS_ENVIRONMENT is ${environment}, and QUICKBOOKS_API_URL is not its address (${host}).`,
    )
  }
  return {
    environment,
    realmId: settings.QUICKBOOKS_REALM_ID,
    clientId,
    clientSecret,
    refreshToken: settings.QUICKBOOKS_REFRESH_TOKEN ?? null,
    apiUrl,
    tokenUrl: settings.QUICKBOOKS_OAUTH_TOKEN_URL ?? 'https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer',
    redirectUri: new URL('/oauth/quickbooks/callback', settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}`).href,
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
