import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { Store } from '../../src/sandbox/store.ts'

type Thing = { Id: string; colour?: string; size?: number }

describe('the store', () => {
  const made: string[] = []
  const directoryOf = () => {
    const directory = mkdtempSync(join(tmpdir(), 'sandbox-store-'))
    made.push(directory)
    return directory
  }
  afterEach(() => {
    for (const directory of made.splice(0)) rmSync(directory, { recursive: true })
  })

  test('an index follows every put and delete', () => {
    const table = Store.open().table<Thing>('things')
    table.put({ Id: '1', colour: 'red' })
    const byColour = table.index('colour', (thing) => thing.colour)
    table.put({ Id: '2', colour: 'red' })
    table.put({ Id: '1', colour: 'blue' })
    table.put({ Id: '3' })
    expect(byColour.get('red').map(({ Id }) => Id)).toEqual(['2'])
    expect(byColour.get('blue').map(({ Id }) => Id)).toEqual(['1'])
    table.delete('2')
    expect(byColour.get('red')).toEqual([])
    expect(table.index('colour', () => 'never asked')).toBe(byColour)
  })

  test('a record mutated in place is still found under its new key after it is put again', () => {
    const table = Store.open().table<Thing>('things')
    const byColour = table.index('colour', (thing) => thing.colour)
    const thing: Thing = { Id: '1', colour: 'red' }
    table.put(thing)
    thing.colour = 'blue'
    table.put(thing)
    expect(byColour.get('red')).toEqual([])
    expect(byColour.get('blue')).toEqual([thing])
  })

  test('everything written is there after opening the directory again', () => {
    const directory = directoryOf()
    const store = Store.open({ directory })
    store.table<Thing>('things').put({ Id: '1', colour: 'red' })
    store.table<Thing>('things').put({ Id: '2' })
    store.table<Thing>('things').delete('2')
    store.value<number>('counter').set(41)
    store.together(() => store.table<Thing>('others').put({ Id: '9' }))
    store.close()
    const again = Store.open({ directory })
    expect([...again.table<Thing>('things').all()]).toEqual([{ Id: '1', colour: 'red' }])
    expect(again.table<Thing>('others').get('9')).toEqual({ Id: '9' })
    expect(again.value<number>('counter').get()).toBe(41)
    again.close()
  })

  test('a torn last line costs that change only', () => {
    const directory = directoryOf()
    const store = Store.open({ directory })
    store.table<Thing>('things').put({ Id: '1' })
    store.close()
    appendFileSync(join(directory, 'journal.jsonl'), '{"t":"things","r":{"Id":"2","col')
    const again = Store.open({ directory })
    expect(again.table<Thing>('things').size).toBe(1)
    again.table<Thing>('things').put({ Id: '3' })
    again.close()
    const third = Store.open({ directory })
    expect([...third.table<Thing>('things').all()].map(({ Id }) => Id)).toEqual(['1', '3'])
    third.close()
  })

  test('the journal is compacted at open when most of it is history', () => {
    const directory = directoryOf()
    const store = Store.open({ directory })
    for (let size = 0; size < 100; size += 1) store.table<Thing>('things').put({ Id: '1', size })
    store.close()
    Store.open({ directory }).close()
    expect(readFileSync(join(directory, 'journal.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(1)
  })

  test('an index looks at each row once, however often it is asked', () => {
    const table = Store.open().table<Thing>('things')
    for (let at = 0; at < 2_000; at += 1) table.put({ Id: String(at), colour: `colour ${at % 500}` })
    let looks = 0
    const byColour = table.index('colour', (thing) => {
      looks += 1
      return thing.colour
    })
    for (let at = 0; at < 500; at += 1) expect(byColour.get(`colour ${at}`)).toHaveLength(4)
    expect(looks).toBe(2_000)
  })
})
