import { readFileSync } from 'node:fs'

const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  scripts: Record<string, string>
}

/** The options of Node.js with which a line starts Countersign, in order. */
export function optionsIn(line: string): string[] {
  return line.match(/--(?:min|max)-[a-z-]+=\d+/g) ?? []
}

/** Those of `npm start`. */
export const START_OPTIONS = optionsIn(scripts.start ?? '')
