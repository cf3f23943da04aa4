import { readFile } from 'node:fs/promises'
import { ZodError } from 'zod'
import { meantBy } from '../domain/did-you-mean.ts'
import { type Profile, parseProfile } from './profile.ts'

/** The profile cannot be used; the message names all that is wrong with it, a line each. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError'
}

/** Reads the profile from its file; without a file it is the standard one. Throws ProfileError. */
export async function readProfileFile(file: string | null): Promise<Profile> {
  if (file === null) return parseProfile({})
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ProfileError(`CREATIO_PROFILE: the file ${file} cannot be read (${error.code ?? error.message}).`)
  })
  return profileOf({ file, text })
}

/** Throws ProfileError with every unknown and malformed setting, and with what was probably meant. */
export function profileOf({ file, text }: { file: string; text: string }): Profile {
  const said = (what: string) => `CREATIO_PROFILE: ${file} ${what}`
  let input: unknown
  try {
    input = JSON.parse(text)
  } catch (error) {
    throw new ProfileError(said(`is not JSON: ${error instanceof Error ? error.message : String(error)}.`))
  }
  try {
    return parseProfile(input)
  } catch (error) {
    if (!(error instanceof ZodError)) throw error
    throw new ProfileError(error.issues.flatMap((issue) => sentences(issue).map(said)).join('\n'))
  }
}

function sentences(issue: ZodError['issues'][number]): string[] {
  const place = issue.path.join('.')
  if (issue.code !== 'unrecognized_keys') return [`has at "${place || 'its top'}": ${issue.message}.`]
  const known = keysAt(issue.path)
  return issue.keys.map(
    (key) => `names the unknown setting "${[place, key].filter(Boolean).join('.')}".${meantBy({ given: key, known })}`,
  )
}

/** The settings that the profile has at a place: those of the standard profile, which leaves none out. */
function keysAt(path: PropertyKey[]): string[] {
  let at: unknown = parseProfile({})
  for (const key of path) at = (at as Record<PropertyKey, unknown> | undefined)?.[key]
  return Object.keys(at ?? {})
}
