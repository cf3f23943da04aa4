import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { describe, expect, test } from '@jest/globals'
import { isProvenDead, ownerName } from '../../src/sync/lane.ts'

const self = ownerName({ instance: 'one' })
const [place, pid] = self.split('#')

const tellsBeginnings = existsSync('/proc/self/stat')

/** An owner of this machine; without its beginning only the process number speaks, as where the system tells no more. */
const owner = (number: number | undefined, began = '') => `${place}#${number}#${began}#other`

function beginOf(number: number | undefined): string {
  return (
    readFileSync(`/proc/${number}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19] ?? ''
  )
}

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
    expect(isProvenDead(owner(child.pid), self)).toBe(false)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(isProvenDead(owner(child.pid), self)).toBe(true)
  })

  test('is dead when its process is gone', async () => {
    expect(isProvenDead(owner(await deadProcess()), self)).toBe(true)
  })

  test('is dead when its number is another process now, as far as the system tells', async () => {
    if (!tellsBeginnings) return expect(isProvenDead(owner(await deadProcess()), self)).toBe(true)
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] })
    expect(isProvenDead(owner(child.pid, beginOf(child.pid)), self)).toBe(false)
    expect(isProvenDead(owner(child.pid, '1'), self)).toBe(true)
    child.kill('SIGKILL')
    await once(child, 'exit')
  })

  test('is dead when only its remnant is left, as far as the system tells', async () => {
    if (!tellsBeginnings) return expect(isProvenDead(owner(await deadProcess()), self)).toBe(true)
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const number = Number(String(line).trim())
    // A shell would ask how its child ended; the program that takes its place does not.
    while (readFileSync(`/proc/${parent.pid}/comm`, 'utf8').trim() !== 'sleep')
      await new Promise((done) => setTimeout(done, 5))
    const name = owner(number, beginOf(number))
    expect(isProvenDead(name, self)).toBe(false)
    process.kill(number, 'SIGKILL')
    while (!readFileSync(`/proc/${number}/stat`, 'utf8').includes(') Z '))
      await new Promise((done) => setTimeout(done, 5))
    expect(isProvenDead(name, self)).toBe(true)
    parent.kill('SIGKILL')
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
      expect(isProvenDead(`${elsewhere}#${gone}##other`, self)).toBe(false)
    }
  })

  test('under a name that nobody here gave proves nothing', () => {
    for (const name of ['', 'somebody', `${place}`, `${place}##`, `${place}#1`]) {
      expect(isProvenDead(name, self)).toBe(false)
    }
  })

  test('that belongs to somebody else who lives is not dead, though it cannot be signalled', () => {
    expect(isProvenDead(owner(1), self)).toBe(false)
  })
})
