import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'

const SCRYPT_SALT = 'countersign/tokens/v1'

/** Seals small secrets under one master key: AES-256-GCM, the key drawn from the master key by scrypt. */
export interface Seal {
  close(secret: string): string
  /** Throws when the text was sealed under another key, or was changed. */
  open(sealed: string): string
}

export function sealWith(masterKey: string): Seal {
  if (masterKey.length < 32) throw new Error('ENCRYPTION_KEY must have at least 32 characters.')
  const key = scryptSync(masterKey, SCRYPT_SALT, 32)
  return {
    close(secret) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64')
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64')
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
        decipher.setAuthTag(bytes.subarray(12, 28))
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
      } catch {
        throw new Error(
          'ENCRYPTION_KEY is not the key that the tokens were sealed with: set it back to the one before.',
        )
      }
    },
  }
}
