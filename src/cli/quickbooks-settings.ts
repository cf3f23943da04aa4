export type QuickBooksConfig = QuickBooksOnlineConfig | QuickBooksDesktopConfig

export interface QuickBooksDesktopConfig {
  kind: 'desktop'
  environment: 'sandbox' | 'production'
  /** The full path of the company file on the machine where QuickBooks runs. */
  companyFile: string
}

export interface QuickBooksOnlineConfig {
  kind: 'online'
  environment: 'sandbox' | 'production'
  realmId: string
  clientId: string
  clientSecret: string
  refreshToken: string | null
  apiUrl: string
  tokenUrl: string
  authorizeUrl: string
  revokeUrl: string
  redirectUri: string
}

interface QuickBooksSettings {
  QUICKBOOKS_KIND: 'online' | 'desktop'
  QUICKBOOKS_ENVIRONMENT: 'sandbox' | 'production'
  QUICKBOOKS_COMPANY_FILE?: string | undefined
  QUICKBOOKS_REALM_ID?: string | undefined
  QUICKBOOKS_CLIENT_ID?: string | undefined
  QUICKBOOKS_CLIENT_SECRET?: string | undefined
  QUICKBOOKS_REFRESH_TOKEN?: string | undefined
  QUICKBOOKS_API_URL?: string | undefined
  QUICKBOOKS_OAUTH_TOKEN_URL?: string | undefined
  QUICKBOOKS_OAUTH_AUTHORIZE_URL?: string | undefined
  QUICKBOOKS_OAUTH_REVOKE_URL?: string | undefined
}

/** The QuickBooks that is configured; null when none is, or only in part, which is a problem that is named elsewhere. */
export function quickBooksOf({
  values,
  problems,
  publicUrl,
}: {
  values: QuickBooksSettings
  problems: string[]
  publicUrl: string
}): QuickBooksConfig | null {
  const { QUICKBOOKS_REALM_ID: realmId, QUICKBOOKS_CLIENT_ID: clientId } = values
  const { QUICKBOOKS_CLIENT_SECRET: clientSecret, QUICKBOOKS_ENVIRONMENT: environment } = values
  if (values.QUICKBOOKS_KIND === 'desktop') {
    const companyFile = values.QUICKBOOKS_COMPANY_FILE
    return companyFile ? { kind: 'desktop', environment, companyFile } : null
  }
  if (!realmId || !clientId || !clientSecret) return null
  const host = environment === 'production' ? 'quickbooks.api.intuit.com' : 'sandbox-quickbooks.api.intuit.com'
  const apiUrl = values.QUICKBOOKS_API_URL ?? `https://${host}`
  const asked = new URL(apiUrl).hostname
  if (/(^|\.)intuit\.com$/.test(asked) && asked !== host) {
    problems.push(`QUICKBOOKS_ENVIRONMENT is ${environment}, and QUICKBOOKS_API_URL is not its address (${host}).`)
  }
  return {
    kind: 'online',
    environment,
    realmId,
    clientId,
    clientSecret,
    refreshToken: values.QUICKBOOKS_REFRESH_TOKEN ?? null,
    apiUrl,
    tokenUrl: values.QUICKBOOKS_OAUTH_TOKEN_URL ?? 'https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer',
    authorizeUrl: values.QUICKBOOKS_OAUTH_AUTHORIZE_URL ?? 'https://appcenter.intuit.com/connect/oauth2',
    revokeUrl: values.QUICKBOOKS_OAUTH_REVOKE_URL ?? 'https://developer.api.intuit.com/v2/oauth2/tokens/revoke',
    redirectUri: callbackOf(publicUrl),
  }
}

/** A setting of the kind of QuickBooks that was not chosen. */
export function isOfOtherKind(name: string, { desktop }: { desktop: boolean }): boolean {
  return desktop
    ? /^QUICKBOOKS_(REALM_ID|CLIENT_ID|CLIENT_SECRET|REFRESH_TOKEN|API_URL|OAUTH_(TOKEN|AUTHORIZE|REVOKE)_URL)$/.test(
        name,
      )
    : name === 'QUICKBOOKS_COMPANY_FILE'
}

/** Where Intuit sends an admin back to. */
export function callbackOf(publicUrl: string): string {
  return new URL('/oauth/quickbooks/callback', publicUrl).href
}
