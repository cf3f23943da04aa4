// A process that plays many sandboxes, each a stranger to the others, so that a test does not pay for a process of its own
// each time. Run by Node as it is, over the compiled sources: `node host.ts <dist>`; it ends with its parent.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

type Play = typeof import('../../src/sandbox/played.ts')
type Played = Awaited<ReturnType<Play['play']>>

const { play } = (await import(join(process.argv[2] ?? '', 'sandbox/played.js'))) as Play
const playing = new Map<string, Played>()

const server = createServer((request, response) => {
  // A connection that is kept may be closed by us in the moment in which it is used again.
  response.setHeader('connection', 'close')
  answerTo(request).then(
    (answer) => response.end(JSON.stringify(answer)),
    (error: unknown) => response.writeHead(400).end(String(error)),
  )
})
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.once('disconnect', () => process.exit())

/** `POST /` opens the sandbox of its body and says where it is; `DELETE /?control=…` ends the one with that control port. */
async function answerTo(request: IncomingMessage): Promise<object> {
  if (request.method === 'DELETE') {
    const control = new URL(request.url ?? '', 'http://host').searchParams.get('control') ?? ''
    playing.get(control)?.end()
    return { ended: playing.delete(control) }
  }
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const played = await play(JSON.parse(String(Buffer.concat(chunks))))
  playing.set(played.at.control, played)
  return played.at
}
