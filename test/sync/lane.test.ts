import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { hostname } from 'node:os'
import { describe, expect, test } from '@jest/globals'
import { isProvenDead, ownerName } from '../../src/sync/lane.ts'

const self = ownerName({ instance: 'one' })
const [place, pid] = self.split('#')

async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' })
  await once(child, 'exit')
  return child.pid ?? 0
}

describe('the owner of a lane', () => {
  test('is named by machine, boot, process namespace, process and instance', () => {
    expect(place).toMatch(new RegExp(`^${hostname()}\\|`))
    expect(pid).toBe(String(process.pid))
    expect(ownerName({ instance: 'two' })).not.toBe(self)
  })

  test('is not dead while its process lives', async () => {
    expect(isProvenDead(self, self)).toBe(false)
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] })
    expect(isProvenDead(`${place}#${child.pid}#other`, self)).toBe(false)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(isProvenDead(`${place}#${child.pid}#other`, self)).toBe(true)
  })

  test('is dead when its process is gone', async () => {
    expect(isProvenDead(`${place}#${await deadProcess()}#other`, self)).toBe(true)
  })

  test('is dead when its number is now ours: an earlier life had it', () => {
    expect(isProvenDead(ownerName({ instance: 'earlier' }), self)).toBe(true)
  })

  test('on another machine, in another boot or namespace proves nothing', async () => {
    const gone = await deadProcess()
    const [, boot, namespace] = String(place).split('|')
    for (const elsewhere of [
      `elsewhere|${boot}|${namespace}`,
      `${hostname()}|another boot|${namespace}`,
      `${hostname()}|${boot}|another namespace`,
    ]) {
      expect(isProvenDead(`${elsewhere}#${gone}#other`, self)).toBe(false)
    }
  })

  test('under a name that nobody here gave proves nothing', () => {
    for (const name of ['', 'somebody', `${place}`, `${place}##`, `${place}#1`]) {
      expect(isProvenDead(name, self)).toBe(false)
    }
  })

  test('that belongs to somebody else who lives is not dead, though it cannot be signalled', () => {
    expect(isProvenDead(`${place}#1#other`, self)).toBe(false)
  })
})
