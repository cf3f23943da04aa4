// A program: imports each named module of a folder as the first of its world, and prints its error, or null.
// A circle of imports between decorated classes throws only for him who enters it at the wrong place, so each module must
// be tried as the entrance. One process does it all: a hook gives the folder's modules a fresh identity for each
// entrance, while the packages, which are slow to load and are not on trial, are loaded once.
// Run `node import-each-first.ts FOLDER NAME…`.
import { registerHooks } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const [folder = '', ...names] = process.argv.slice(2)
const inside = pathToFileURL(join(resolve(folder), '/')).href
let entrance = ''

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context)
    return resolved.url.startsWith(inside) ? { ...resolved, url: `${resolved.url}?first=${entrance}` } : resolved
  },
})

for (const name of names) {
  entrance = name
  try {
    await import(new URL(name, inside).href)
    process.stdout.write(`${JSON.stringify({ name, error: null })}\n`)
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ name, error: String(error) })}\n`)
  }
}
