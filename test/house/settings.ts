import { readText } from './modules.ts'

/** The settings of .env.example with their defaults: each stands at the start of a line, taken back by a #. */
export function settingsOf(text: string): Map<string, string> {
  return new Map([...text.matchAll(/^#([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]))
}

/** The names of all settings that .env.example explains. */
export function settingsExplained(): string[] {
  return [...settingsOf(readText('.env.example')).keys()]
}
