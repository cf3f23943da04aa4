import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'

export interface PostOffice {
  url: string
  /** The mails that it took, whole. */
  mails: string[]
  /** The answer to the next `DATA`s instead of taking the mail, when set: such as `451 later`. */
  refusal: string | null
  close(): Promise<void>
}

/** A mail server on loopback that speaks as much SMTP as a client needs, with a sign-in when it is told so. */
export async function postOffice({ user, password }: { user?: string; password?: string } = {}): Promise<PostOffice> {
  const sockets = new Set<Socket>()
  const office = { mails: [] as string[], refusal: null as string | null }
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    serve({ socket, office, credentials: user ? `\0${user}\0${password}` : null })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const signIn = user ? `${encodeURIComponent(user)}:${encodeURIComponent(password ?? '')}@` : ''
  return Object.assign(office, {
    url: `smtp://${signIn}127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((done) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => done())
      }),
  })
}

function serve({
  socket,
  office,
  credentials,
}: {
  socket: Socket
  office: Pick<PostOffice, 'mails' | 'refusal'>
  credentials: string | null
}): void {
  let buffered = ''
  let inMail = false
  let signedIn = credentials === null
  const say = (line: string) => socket.write(`${line}\r\n`)
  const answer = (line: string) => {
    const command = line.slice(0, 4).toUpperCase()
    if (command === 'EHLO') return say(credentials ? '250-office\r\n250 AUTH PLAIN' : '250 office')
    if (command === 'AUTH') {
      signedIn = Buffer.from(line.split(' ')[2] ?? '', 'base64').toString() === credentials
      return say(signedIn ? '235 come in' : `535 no such person: ${line}`)
    }
    if (command === 'QUIT') return say('221 bye')
    if (!signedIn) return say('530 who are you')
    if (command !== 'DATA') return say('250 ok')
    if (office.refusal) return say(office.refusal)
    inMail = true
    return say('354 go on')
  }
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    buffered += String(chunk)
    for (;;) {
      const end = buffered.indexOf(inMail ? '\r\n.\r\n' : '\r\n')
      if (end < 0) return
      const text = buffered.slice(0, end)
      buffered = buffered.slice(end + (inMail ? 5 : 2))
      if (inMail) {
        inMail = false
        office.mails.push(text)
        say('250 taken')
      } else answer(text)
    }
  })
  say('220 office')
}
