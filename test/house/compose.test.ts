import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { Ajv, type ValidateFunction } from 'ajv'
import { parse } from 'yaml'
import { readText } from './modules.ts'
import { settingsExplained } from './settings.ts'

// The schema of the Compose specification comes with npm's `dclint`, as its maintainers publish it.
const require = createRequire(import.meta.url)
const SCHEMA = join(dirname(require.resolve('dclint/package.json')), 'schemas/compose.schema.json')

interface Service {
  build?: unknown
  image?: string
  read_only?: boolean
  privileged?: boolean
  restart?: string
  ports?: string[]
  volumes?: string[]
  environment?: Record<string, string | number>
  healthcheck?: { test?: unknown; disable?: boolean }
  depends_on?: Record<string, { condition: string }>
}

interface Compose {
  services: Record<string, Service>
  volumes: Record<string, unknown>
}

const text = readText('docker-compose.yml')
const compose = parse(text, { merge: true }) as Compose
const services = Object.entries(compose.services)
const ours = services.filter(([, { build }]) => build !== undefined)
const dockerfile = instructionsOf(readText('Dockerfile'))
const specification = compileSpecification()

const settings = settingsExplained()

function compileSpecification(): ValidateFunction {
  const { $schema: _, ...schema } = require(SCHEMA) as Record<string, unknown>
  return new Ajv({ strict: false, allErrors: true }).compile(schema)
}

/** A Dockerfile as a list of instructions, with continued lines joined and comments left out. */
function instructionsOf(source: string): { name: string; value: string }[] {
  const lines = source.replace(/^\s*#.*\n/gm, '').replace(/\\\n\s*/g, '')
  return lines.split('\n').flatMap((line) => {
    const [, name, value] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
    return name === undefined || value === undefined ? [] : [{ name, value }]
  })
}

const valuesOf = (name: string) => dockerfile.filter((line) => line.name === name).map(({ value }) => value)

describe('docker-compose.yml', () => {
  test('it is a Compose file by the schema of the specification', () => {
    specification(compose)
    expect(specification.errors ?? []).toEqual([])
  })

  test('it starts a server, a worker, a migration, PostgreSQL and MongoDB as a replica set', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['migrate', 'mongodb', 'postgres', 'server', 'worker'])
    expect(ours.map(([name]) => name)).toEqual(['server', 'worker', 'migrate'])
    expect(text).toMatch(/--replSet, rs0/)
    expect(text).toMatch(/rs\.initiate\(\{ _id: 'rs0'/)
  })

  test('each service that stays has a health check, its own or that of the image', () => {
    const unchecked = services.filter(([, { healthcheck, build, restart }]) => {
      const checked = healthcheck?.disable !== true && (healthcheck?.test !== undefined || build !== undefined)
      return !checked && restart !== 'no'
    })
    expect(unchecked.map(([name]) => name)).toEqual([])
  })

  test('whoever depends on a service waits until it is healthy, or has done its work', () => {
    const links = services.flatMap(([, { depends_on = {} }]) => Object.entries(depends_on))
    expect(links.length).toBeGreaterThan(0)
    for (const [name, { condition }] of links) {
      const awaited = compose.services[name]
      expect(condition).toBe(awaited?.restart === 'no' ? 'service_completed_successfully' : 'service_healthy')
    }
  })

  test('each root is read-only, and no service is privileged', () => {
    expect(services.filter(([, { read_only }]) => read_only !== true)).toEqual([])
    expect(services.filter(([, { privileged }]) => privileged !== undefined)).toEqual([])
  })

  test('a port of the host is bound to 127.0.0.1 only', () => {
    const ports = services.flatMap(([, { ports = [] }]) => ports)
    expect(ports.length).toBeGreaterThan(0)
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
  })

  test('each named volume is declared and used', () => {
    const named = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]))
    expect([...new Set(named)].sort()).toEqual(Object.keys(compose.volumes).sort())
  })

  test('no secret stands in it: each is a variable of .env', () => {
    const values = services.flatMap(([, { environment = {} }]) => Object.entries(environment))
    const clear = values.filter(
      ([name, value]) =>
        (/PASSWORD|SECRET|TOKEN|KEY/.test(name) || /:\/\/[^/]*:[^/]*@/.test(String(value))) &&
        !/\$\{\w+(:[-?][^}]*)?\}/.test(String(value)),
    )
    expect(clear).toEqual([])
  })

  test('each variable that it gives to Countersign, or takes from .env, is explained in .env.example', () => {
    const given = ours.flatMap(([, { environment = {} }]) => Object.keys(environment))
    const taken = [...text.matchAll(/\$\{([A-Z0-9_]+)/g)].map(([, name = '']) => name)
    expect(given.length).toBeGreaterThan(0)
    expect([...given, ...taken].filter((name) => !settings.includes(name))).toEqual([])
  })
})

describe('the Dockerfile', () => {
  test('it builds in one stage and runs in another, on the slim image of Node 24', () => {
    expect(valuesOf('FROM')).toEqual(['node:24-slim AS build', 'node:24-slim'])
    expect(valuesOf('COPY').filter((value) => value.startsWith('--from=build')).length).toBeGreaterThan(0)
  })

  test('it installs what the lock file says, and leaves the development packages behind', () => {
    expect(valuesOf('RUN')).toEqual(
      expect.arrayContaining([expect.stringMatching(/^npm ci/), expect.stringMatching(/npm prune --omit=dev/)]),
    )
  })

  test('it does not run as root, from the last line that names a user on', () => {
    expect(valuesOf('USER').at(-1)).toBe('node')
  })

  test('it says how it is: a health check with a timeout', () => {
    expect(valuesOf('HEALTHCHECK')).toEqual([expect.stringMatching(/--timeout=\d+s.*\/health/)])
  })

  test('it writes below one folder, which is a volume that the user owns', () => {
    const [folder] = valuesOf('VOLUME')
    expect(valuesOf('ENV').join(' ')).toContain(`DATA_DIRECTORY=${folder}`)
    expect(valuesOf('RUN').join('\n')).toMatch(new RegExp(`--owner=node .*${folder}`))
  })

  test('what it copies is let through by .dockerignore', () => {
    const wanted = valuesOf('COPY')
      .filter((value) => !value.startsWith('--from'))
      .flatMap((value) => value.split(' ').slice(0, -1))
    const admitted = readText('.dockerignore').match(/^!.*$/gm) ?? []
    expect([...new Set(wanted)].map((path) => `!${path}`).sort()).toEqual([...admitted].sort())
  })

  test('each setting that it makes is explained in .env.example, but for Node’s own', () => {
    const names = valuesOf('ENV').flatMap((value) => [...value.matchAll(/(\w+)=/g)].map(([, name = '']) => name))
    expect(names.filter((name) => name !== 'NODE_ENV' && !settings.includes(name))).toEqual([])
  })
})

describe('the guard itself', () => {
  test.each([
    ['a misspelt key', { services: { server: { image: 'a', helthcheck: {} } } }],
    ['an unknown condition', { services: { server: { image: 'a', depends_on: { b: { condition: 'ready' } } } } }],
    ['a text where yes or no belongs', { services: { server: { image: 'a', init: 'perhaps', tmpfs: 4 } } }],
    ['services as a list', { services: [{ image: 'a' }] }],
  ])('%s is refused by the schema', (_, broken) => {
    expect(specification(broken)).toBe(false)
  })

  test('a Dockerfile is read with its continued lines joined and its comments left out', () => {
    expect(instructionsOf('# FROM a\nFROM b\nRUN c \\\n  d\n')).toEqual([
      { name: 'FROM', value: 'b' },
      { name: 'RUN', value: 'c d' },
    ])
  })
})
