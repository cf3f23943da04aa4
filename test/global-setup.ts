import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { preparePostgres } from './global-postgres.ts'

const root = join(import.meta.dirname, '..')
const stamp = join(root, 'dist', '.built')

/**
 * Compiles src into dist once per test run, when a source is newer: tests spawn the sandbox (and the command) as processes
 * of their own, and Node cannot run these sources without a compiler. Type errors do not stop it; the type check does.
 */
export default function build(): void {
  preparePostgres()
  // The processes that tests start have their modules compiled already, but for the first of each.
  process.env.NODE_COMPILE_CACHE ??= join(root, 'dist', '.compile-cache')
  const startedAt = new Date()
  const newest = Math.max(...globSync('src/**/*.ts', { cwd: root }).map((file) => statSync(join(root, file)).mtimeMs))
  if ((statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0) >= newest) return
  const next = join(root, 'dist', `.next-${process.pid}`)
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', next], {
    cwd: root,
    encoding: 'utf8',
  })
  // Each file is moved whole, so that a process which starts meanwhile never reads half of one.
  const made = globSync('**/*.{js,js.map}', { cwd: next })
  if (made.length === 0) throw new Error(`the build made no files:\n${stdout}`)
  for (const file of made) {
    mkdirSync(dirname(join(root, 'dist', file)), { recursive: true })
    renameSync(join(next, file), join(root, 'dist', file))
  }
  rmSync(next, { recursive: true })
  writeFileSync(stamp, '')
  // A source that changed while the compiler ran must count as newer at the next run.
  utimesSync(stamp, startedAt, startedAt)
}
