import { describe, expect, test } from '@jest/globals'
import { Visitor } from 'oxc-parser'
import { readConfig } from '../../src/config.ts'
import { parseModule, readText } from './modules.ts'
import { settingsExplained, settingsOf } from './settings.ts'

const example = readText('.env.example')
/** Read by docker-compose.yml alone. */
const FOR_COMPOSE = ['POSTGRES_PASSWORD']
const settings = settingsExplained().filter((name) => !FOR_COMPOSE.includes(name))

/** The settings that src/config.ts reads: the keys of its objects that are written like a variable of the environment. */
function settingsRead(): string[] {
  const names = new Set<string>()
  new Visitor({
    Property: ({ key }) => {
      if (key.type === 'Identifier' && /^[A-Z][A-Z0-9_]+$/.test(key.name)) names.add(key.name)
    },
  }).visit(parseModule({ path: 'src/config.ts', text: readText('src/config.ts') }).parsed.program)
  return [...names]
}

/** The settings in the table of README.md: the names in the first column of its rows. */
function settingsInReadme(): string[] {
  const cells = [...readText('README.md').matchAll(/^\| ((?:`[A-Z][A-Z0-9_]+`(?:, )?)+) \|/gm)]
  return cells.flatMap(([, cell = '']) => [...cell.matchAll(/`([A-Z0-9_]+)`/g)].map(([, name = '']) => name))
}

describe('the settings', () => {
  test('.env.example explains each setting that src/config.ts reads, and no other', () => {
    expect(settings.length).toBeGreaterThan(20)
    expect([...settings].sort()).toEqual(settingsRead().sort())
  })

  test('the table of README.md lists the same', () => {
    expect(settingsInReadme().sort()).toEqual([...settings].sort())
  })

  test('the values that .env.example shows are the defaults', () => {
    const shown = Object.fromEntries([...settingsOf(example)].filter(([name]) => settings.includes(name)))
    expect(readConfig(shown)).toEqual(readConfig({}))
    expect(shown.PORT).toBe('4000')
  })

  test('each stands there once, after a comment, and taken back by a #, so that a copy changes nothing', () => {
    const lines = example.split('\n').filter((line) => /^#?[A-Z][A-Z0-9_]*=/.test(line))
    expect(lines.filter((line) => !line.startsWith('#'))).toEqual([])
    expect(lines).toHaveLength(settingsExplained().length)
    expect(example).not.toMatch(/\n\n#[A-Z][A-Z0-9_]*=/)
  })
})
