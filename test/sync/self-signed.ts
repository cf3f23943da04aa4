import { generateKeyPairSync, sign } from 'node:crypto'

const TAGS = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  id: 0x06,
  text: 0x0c,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** One value of ASN.1, as DER writes it. */
function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  const { length } = body
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}

const sequence = (...parts: Uint8Array[]) => der(TAGS.sequence, ...parts)
const bits = (bytes: Uint8Array) => der(TAGS.bits, Buffer.from([0]), bytes)
const id = (hex: string) => der(TAGS.id, Buffer.from(hex, 'hex'))
const time = (date: Date) => der(TAGS.time, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, '')))

const ECDSA_WITH_SHA256 = sequence(id('2a8648ce3d040302'))
const COMMON_NAME = '550403'
const SUBJECT_ALT_NAME = '551d11'
const DAY_MS = 86_400_000

/** A certificate that nobody signed but itself, for `localhost`, with its key: made anew, so that no key is kept anywhere. */
export function selfSigned(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = sequence(der(TAGS.set, sequence(id(COMMON_NAME), der(TAGS.text, Buffer.from('localhost')))))
  const dnsName = der(0x82, Buffer.from('localhost'))
  const now = Date.now()
  const body = sequence(
    der(0xa0, der(TAGS.integer, Buffer.from([2]))),
    der(TAGS.integer, Buffer.from([1])),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(new Date(now - DAY_MS)), time(new Date(now + DAY_MS))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(id(SUBJECT_ALT_NAME), der(TAGS.octets, sequence(dnsName))))),
  )
  const certificate = sequence(body, ECDSA_WITH_SHA256, bits(sign('sha256', body, privateKey)))
  const lines = certificate.toString('base64').replace(/.{64}(?=.)/g, '$&\n')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  }
}
