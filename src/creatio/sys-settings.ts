import { CreatioError } from './creatio-error.ts'
import { bodyOf, sentenceOf } from './odata-answer.ts'
import type { Profile } from './profile.ts'
import type { Site } from './site.ts'
import { isObject, readText } from './values.ts'

/** One setting of the CRM's own QuickBooks integration. */
export interface CrmSetting {
  /** The name by which an admin finds it in the CRM. */
  code: string
  /** Null when it is empty. */
  value: string | null
}

const SETTINGS = {
  onlineUrl: 'BaseUrl',
  onlineRealmId: 'RealmId',
  desktopUrl: 'LocalUrl',
  desktopPort: 'LocalPort',
  desktopTimeoutSeconds: 'LocalTimeout',
} as const

/** What the CRM's own integration is set to; a setting that the site does not have is null. */
export type QuickBooksSettings = Record<keyof typeof SETTINGS, CrmSetting | null>

/** Reads the settings of the CRM's own QuickBooks integration: addresses only, no secret. Throws CreatioError. */
export async function readQuickBooksSettings({
  site,
  profile,
}: {
  site: Site
  profile: Profile
}): Promise<QuickBooksSettings> {
  const codeOf = (name: keyof typeof SETTINGS) => `${profile.prefix}QuickBooks${SETTINGS[name]}`
  const names = Object.keys(SETTINGS) as (keyof typeof SETTINGS)[]
  const { text, status } = await site({
    method: 'POST',
    door: 'DataService/json/SyncReply',
    path: 'QuerySysSettings',
    headers: { Accept: 'application/json', 'Content-Type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ sysSettingsNameCollection: names.map(codeOf) }),
  })
  const said = bodyOf(text, status)
  const values = isObject(said) && said.success !== false ? said.values : undefined
  if (!isObject(values)) {
    // The DataService says no under a 200.
    const words = isObject(said) && isObject(said.responseStatus) ? readText(said.responseStatus.Message) : null
    throw new CreatioError({ kind: 'refused', detail: `QuerySysSettings: ${words ?? sentenceOf(said)}`, status })
  }
  const read = (name: keyof typeof SETTINGS): CrmSetting | null => {
    const found = values[codeOf(name)]
    return isObject(found) ? { code: codeOf(name), value: readText(found.value) } : null
  }
  return Object.fromEntries(names.map((name) => [name, read(name)])) as QuickBooksSettings
}
