import type { Site } from './site.ts'

type Json = Record<string, unknown>

/** `{ sysSettingsNameCollection: [code…] }` → the values by code; a code that is not there is only listed. */
export function querySysSettings(body: Json, site: Site): Json {
  const codes = (body.sysSettingsNameCollection ?? []) as string[]
  const values: Json = {}
  const notFoundSettings: string[] = []
  for (const code of codes) {
    const setting = settingNamed({ code, site })
    if (!setting) notFoundSettings.push(code)
    else values[code] = { id: setting.Id, code, name: setting.Name, dataValueType: 1, value: setting.TextValue ?? '' }
  }
  return { success: true, values, notFoundSettings }
}

/** `{ sysSettingsValues: { code: value… } }` → which of them were saved. */
export function postSysSettings(body: Json, site: Site): Json {
  const saveResult: Json = {}
  for (const [code, value] of Object.entries((body.sysSettingsValues ?? {}) as Json)) {
    const setting = settingNamed({ code, site })
    if (setting) site.records.table('SysSettings').put({ ...setting, TextValue: String(value) })
    saveResult[code] = setting !== undefined
  }
  return { success: true, saveResult }
}

function settingNamed({ code, site }: { code: string; site: Site }) {
  return site.records
    .table('SysSettings')
    .index('Code', (row) => String(row.Code))
    .get(code)[0]
}
