import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A piece of wire on loopback between a client and a server, which a test may cut and mend. */
export interface WireProxy {
  port: number
  /** Breaks every connection and refuses new ones. */
  cut(): Promise<void>
  mend(): Promise<void>
  close(): Promise<void>
}

export async function startWireProxy(target: { host: string; port: number }): Promise<WireProxy> {
  const open = new Set<Socket>()
  const lay = (client: Socket) => {
    const server = connect(target)
    for (const [end, other] of [
      [client, server],
      [server, client],
    ] as const) {
      open.add(end)
      end.pipe(other)
      end.on('error', () => other.destroy())
      end.on('close', () => {
        open.delete(end)
        other.destroy()
      })
    }
  }
  let listener = await listen({ lay, port: 0 })
  const { port } = listener.address() as AddressInfo
  const cut = async () => {
    const closed = new Promise((done) => listener.close(done))
    for (const socket of open) socket.destroy()
    await closed
  }
  return {
    port,
    cut,
    async mend() {
      listener = await listen({ lay, port })
    },
    async close() {
      if (listener.listening) await cut()
    },
  }
}

function listen({ lay, port }: { lay: (client: Socket) => void; port: number }): Promise<Server> {
  const listener = createServer(lay)
  return new Promise((done, failed) => {
    listener.once('error', failed)
    listener.listen(port, '127.0.0.1', () => done(listener))
  })
}
