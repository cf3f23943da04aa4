import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The key of a trial on this machine alone: made once and kept, for its owner's eyes only, beside the embedded database. */
export async function keptMasterKey({ directory }: { directory: string }): Promise<string> {
  const file = join(directory, 'master-key')
  await mkdir(directory, { recursive: true })
  try {
    await writeFile(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return readFile(file, 'utf8')
}
