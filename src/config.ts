import { z } from 'zod'
import { isOfOtherKind, type QuickBooksConfig, quickBooksOf } from './cli/quickbooks-settings.ts'
import { type AlertConfig, alertsOf, type Waits, waitsOf } from './cli/settings.ts'
import { meantBy } from './domain/did-you-mean.ts'
import type { BooksBasis } from './domain/profit-and-loss.ts'

const seconds = (fallback: number) => z.coerce.number('must be a number of seconds').positive().default(fallback)
const days = ({ atLeast, unlessSaid }: { atLeast: number; unlessSaid: number }) =>
  z.coerce.number('must be a number of days').min(atLeast, `must be at least ${atLeast}`).default(unlessSaid)
const text = z.string().trim().min(1).optional()
const address = z.url('must be an address, such as https://crm.example.com').optional()
const network = '(loopback|linklocal|uniquelocal|[0-9a-f.:]+(/[0-9]+)?)'
const networks = new RegExp(`^${network}(, *${network})*$`, 'i')

/** Every setting, its form and its default. README and .env.example list the same names. */
const Settings = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number('must be a number').int().min(0).max(65_535).default(4000),
  PUBLIC_URL: address,
  TRUSTED_PROXY: z.string().regex(networks, 'must be loopback, or addresses and networks with commas').optional(),
  DATA_DIRECTORY: z.string().default('.countersign'),
  DATABASE_URL: text,
  MONGODB_URL: text,
  ENCRYPTION_KEY: z.string().min(32, 'needs at least 32 characters').optional(),
  ENCRYPTION_KEY_PREVIOUS: z.string().min(32, 'needs at least 32 characters').optional(),
  TIME_ZONE: z.string().refine(isTimeZone, 'is no time zone of the IANA list, such as America/New_York').default('UTC'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['text', 'json']).default('text'),
  POLL_INTERVAL_SECONDS: seconds(15),
  LANE_LEASE_SECONDS: seconds(60),
  QUICKBOOKS_ANSWER_TIMEOUT_SECONDS: seconds(30),
  QUICKBOOKS_SETTLE_SECONDS: seconds(120),
  CREATIO_URL: address,
  CREATIO_USER_NAME: text,
  CREATIO_PASSWORD: text,
  CREATIO_CLIENT_ID: text,
  CREATIO_CLIENT_SECRET: text,
  CREATIO_TOKEN_URL: address,
  CREATIO_PROFILE: text,
  QUICKBOOKS_KIND: z.enum(['online', 'desktop']).default('online'),
  QUICKBOOKS_COMPANY_FILE: text,
  QUICKBOOKS_ENVIRONMENT: z.enum(['sandbox', 'production']).default('sandbox'),
  QUICKBOOKS_REALM_ID: text,
  QUICKBOOKS_CLIENT_ID: text,
  QUICKBOOKS_CLIENT_SECRET: text,
  QUICKBOOKS_REFRESH_TOKEN: text,
  QUICKBOOKS_API_URL: address,
  QUICKBOOKS_OAUTH_TOKEN_URL: address,
  QUICKBOOKS_OAUTH_AUTHORIZE_URL: address,
  QUICKBOOKS_OAUTH_REVOKE_URL: address,
  QUICKBOOKS_WEBHOOK_VERIFIER_TOKEN: text,
  KEEP_PULL_BODIES_DAYS: days({ atLeast: 1, unlessSaid: 30 }),
  KEEP_POST_BODIES_DAYS: days({ atLeast: 30, unlessSaid: 400 }),
  QUICKBOOKS_READS_PER_MONTH: z.coerce.number('must be a number').int().positive().default(500_000),
  METRICS_BASIS: z.enum(['accrual', 'cash']).default('accrual'),
  SMTP_URL: text,
  ALERT_EMAIL_FROM: text,
  ALERT_EMAIL_TO: text,
  ALERT_WEBHOOK_URL: address,
  ALERT_WEBHOOK_SECRET: z.string().min(16, 'needs at least 16 characters').optional(),
})

export interface CreatioConfig {
  siteUrl: string
  signIn:
    | { kind: 'forms'; userName: string; password: string }
    | { kind: 'oauth'; clientId: string; clientSecret: string; tokenUrl?: string }
  profilePath: string | null
}

export interface Config {
  host: string
  port: number
  /** The address under which others reach this server. */
  publicUrl: string
  /** Whose word about a caller's address counts; null for nobody's. */
  trustedProxy: string | null
  dataDirectory: string
  databaseUrl: string | null
  mongodbUrl: string | null
  encryptionKey: string | null
  /** The key before, which still opens what was sealed with it while `rotate-key` has not run. */
  encryptionKeyPrevious: string | null
  alerts: AlertConfig
  timeZone: string
  logLevel: string
  logFormat: 'text' | 'json'
  pollIntervalSeconds: number
  /** With it Intuit signs what it tells us by itself; null: nothing is taken. */
  webhookVerifierToken: string | null
  readsPerMonthMax: number
  /** For how many days the bodies of requests and answers are kept. */
  keep: { pullDays: number; postDays: number }
  /** Which of the two ways QuickBooks counts the figures of a month by. */
  metricsBasis: BooksBasis
  waits: Waits
  /** Which QuickBooks the sandbox plays, when it plays. */
  quickBooksKind: 'online' | 'desktop'
  /** Null together with `quickBooks`: the sandbox plays both. */
  creatio: CreatioConfig | null
  quickBooks: QuickBooksConfig | null
}

/** The settings are wrong: the message names each one and says what it should be. */
export class ConfigError extends Error {}

type Values = z.output<typeof Settings>
type Name = keyof Values

/** The settings that could be read, those that were given at all, and what is wrong so far. */
interface Reading {
  values: Values
  given: Set<string>
  problems: string[]
}

/** Reads the configuration once, from the environment. Throws ConfigError with all that is wrong at once, a line each. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const reading = readSettings(environment)
  const { values, problems } = reading
  const waits = waitsOf(reading)
  const creatio = creatioOf(reading)
  const quickBooks = quickBooksOf({ values, problems, publicUrl: publicUrlOf(values) })
  problems.push(...halfConfigured(reading))
  if (problems.length > 0) throw new ConfigError([...new Set(problems)].join('\n'))
  return {
    host: values.HOST,
    port: values.PORT,
    publicUrl: publicUrlOf(values),
    trustedProxy: values.TRUSTED_PROXY ?? null,
    dataDirectory: values.DATA_DIRECTORY,
    databaseUrl: values.DATABASE_URL ?? null,
    mongodbUrl: values.MONGODB_URL ?? null,
    encryptionKey: values.ENCRYPTION_KEY ?? null,
    encryptionKeyPrevious: values.ENCRYPTION_KEY_PREVIOUS ?? null,
    alerts: alertsOf(values),
    timeZone: values.TIME_ZONE,
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT,
    pollIntervalSeconds: values.POLL_INTERVAL_SECONDS,
    webhookVerifierToken: values.QUICKBOOKS_WEBHOOK_VERIFIER_TOKEN ?? null,
    readsPerMonthMax: values.QUICKBOOKS_READS_PER_MONTH,
    keep: { pullDays: values.KEEP_PULL_BODIES_DAYS, postDays: values.KEEP_POST_BODIES_DAYS },
    metricsBasis: values.METRICS_BASIS === 'cash' ? 'CASH' : 'ACCRUAL',
    waits,
    quickBooksKind: values.QUICKBOOKS_KIND,
    creatio,
    quickBooks,
  }
}

/** Each setting by itself: one that cannot be read has its default here, and is a problem. An empty one is not given. */
function readSettings(environment: Record<string, string | undefined>): Reading {
  const found = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '')
  const known = Object.keys(Settings.shape)
  const given = Object.fromEntries(found.filter(([name]) => known.includes(name)))
  const parsed = Settings.safeParse(given)
  const issues = parsed.error?.issues ?? []
  const wrong = new Set(issues.map(({ path }) => String(path[0])))
  const readable = Object.fromEntries(Object.entries(given).filter(([name]) => !wrong.has(name)))
  return {
    values: parsed.data ?? Settings.parse(readable),
    given: new Set(Object.keys(given)),
    problems: [
      ...found.flatMap(([name]) => strangerOf(name, known)),
      ...issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    ],
  }
}

/** A variable that is none of ours and looks as if it were meant to be; all others are none of our business. */
function strangerOf(name: string, known: string[]): string[] {
  if (known.includes(name)) return []
  const meant = meantBy({ given: name, known })
  return meant !== '' || /^(CREATIO|QUICKBOOKS)_/i.test(name)
    ? [`${name}: there is no such setting.${meant || ' README.md lists them all.'}`]
    : []
}

/** Settings that mean nothing without another one: `needs` says which. */
const NEEDS: { name: Name; needs: Name }[] = [
  { name: 'CREATIO_USER_NAME', needs: 'CREATIO_PASSWORD' },
  { name: 'CREATIO_PASSWORD', needs: 'CREATIO_USER_NAME' },
  { name: 'CREATIO_CLIENT_ID', needs: 'CREATIO_CLIENT_SECRET' },
  { name: 'CREATIO_CLIENT_SECRET', needs: 'CREATIO_CLIENT_ID' },
  { name: 'CREATIO_TOKEN_URL', needs: 'CREATIO_CLIENT_ID' },
  { name: 'CREATIO_USER_NAME', needs: 'CREATIO_URL' },
  { name: 'CREATIO_CLIENT_ID', needs: 'CREATIO_URL' },
  { name: 'CREATIO_PROFILE', needs: 'CREATIO_URL' },
  { name: 'QUICKBOOKS_COMPANY_FILE', needs: 'QUICKBOOKS_KIND' },
  { name: 'QUICKBOOKS_CLIENT_ID', needs: 'QUICKBOOKS_CLIENT_SECRET' },
  { name: 'QUICKBOOKS_CLIENT_SECRET', needs: 'QUICKBOOKS_CLIENT_ID' },
  { name: 'QUICKBOOKS_REALM_ID', needs: 'QUICKBOOKS_CLIENT_ID' },
  { name: 'QUICKBOOKS_CLIENT_ID', needs: 'QUICKBOOKS_REALM_ID' },
  { name: 'QUICKBOOKS_REFRESH_TOKEN', needs: 'QUICKBOOKS_REALM_ID' },
  { name: 'QUICKBOOKS_API_URL', needs: 'QUICKBOOKS_REALM_ID' },
  { name: 'QUICKBOOKS_OAUTH_TOKEN_URL', needs: 'QUICKBOOKS_REALM_ID' },
  { name: 'QUICKBOOKS_OAUTH_AUTHORIZE_URL', needs: 'QUICKBOOKS_REALM_ID' },
  { name: 'QUICKBOOKS_OAUTH_REVOKE_URL', needs: 'QUICKBOOKS_REALM_ID' },
  { name: 'ENCRYPTION_KEY_PREVIOUS', needs: 'ENCRYPTION_KEY' },
  { name: 'ALERT_EMAIL_TO', needs: 'SMTP_URL' },
  { name: 'SMTP_URL', needs: 'ALERT_EMAIL_TO' },
  { name: 'ALERT_WEBHOOK_URL', needs: 'ALERT_WEBHOOK_SECRET' },
  { name: 'ALERT_WEBHOOK_SECRET', needs: 'ALERT_WEBHOOK_URL' },
]

/** What is given in part, or twice, or for one of the two systems only. */
function halfConfigured({ values, given }: Reading): string[] {
  const problems = NEEDS.filter(({ name, needs }) => given.has(name) && !given.has(needs)).map(
    ({ name, needs }) => `${name} is set and ${needs} is not: set both, or neither.`,
  )
  const desktop = values.QUICKBOOKS_KIND === 'desktop'
  const company: Name = desktop ? 'QUICKBOOKS_COMPANY_FILE' : 'QUICKBOOKS_REALM_ID'
  const others = [...given].filter((name) => isOfOtherKind(name, { desktop }))
  if (others.length > 0) {
    problems.push(
      `QUICKBOOKS_KIND is ${values.QUICKBOOKS_KIND}, and ${others.join(', ')} is of the other kind: remove one.`,
    )
  }
  const [crm, books] = [given.has('CREATIO_URL'), given.has(company)]
  if (crm && !given.has('CREATIO_CLIENT_ID') && !given.has('CREATIO_USER_NAME')) {
    problems.push(
      'CREATIO_URL needs a sign-in: CREATIO_CLIENT_ID and CREATIO_CLIENT_SECRET, or CREATIO_USER_NAME and CREATIO_PASSWORD.',
    )
  }
  if (given.has('CREATIO_CLIENT_ID') && given.has('CREATIO_USER_NAME')) {
    problems.push('CREATIO_CLIENT_ID and CREATIO_USER_NAME are two ways to sign in: keep one of them.')
  }
  if (values.QUICKBOOKS_ENVIRONMENT === 'production' && !books) {
    problems.push(`QUICKBOOKS_ENVIRONMENT is production, and no company is named: set ${company}.`)
  }
  if (books && !crm) {
    problems.push(
      'QuickBooks is configured and Creatio is not: set CREATIO_URL with a sign-in, or remove the QUICKBOOKS_ settings to use the sandbox.',
    )
  }
  if (crm && !books) {
    problems.push(
      `Creatio is configured and QuickBooks is not: set ${desktop ? company : `${company} with its client`}, or remove the CREATIO_ settings to use the sandbox.`,
    )
  }
  return problems
}

function creatioOf({ values }: Reading): CreatioConfig | null {
  if (!values.CREATIO_URL) return null
  const site = { siteUrl: values.CREATIO_URL, profilePath: values.CREATIO_PROFILE ?? null }
  const { CREATIO_CLIENT_ID: clientId, CREATIO_CLIENT_SECRET: clientSecret, CREATIO_TOKEN_URL: tokenUrl } = values
  if (clientId && clientSecret) {
    return { ...site, signIn: { kind: 'oauth', clientId, clientSecret, ...(tokenUrl ? { tokenUrl } : {}) } }
  }
  const { CREATIO_USER_NAME: userName, CREATIO_PASSWORD: password } = values
  return userName && password ? { ...site, signIn: { kind: 'forms', userName, password } } : null
}

function publicUrlOf({ PUBLIC_URL, PORT }: Values): string {
  return PUBLIC_URL ?? `http://localhost:${PORT}`
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
