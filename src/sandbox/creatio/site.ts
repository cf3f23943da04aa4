import type { Sandbox } from '../context.ts'
import type { Records } from './records.ts'
import type { SignIn } from './sign-in.ts'
import type { CreatioSwitches } from './switches.ts'

/** What the routes of one site share. */
export interface Site {
  sandbox: Sandbox
  switches: CreatioSwitches
  records: Records
  signIn: SignIn
}
