import { openCreatio } from '../../src/creatio/creatio.ts'
import { parseProfile } from '../../src/creatio/profile.ts'

/** A CRM for what never asks one: to open it touches no network, and nobody answers at its address. */
export const silentCrm = openCreatio({
  siteUrl: 'http://127.0.0.1:9',
  signIn: { kind: 'forms', userName: 'nobody', password: 'none' },
  profile: parseProfile(),
  timeZone: 'America/New_York',
})
