import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'

/**
 * 빌링키가 있으면 고객 없이 카드를 결제할 수 있습니다. 데이터베이스가 새어도 쓸 수 없게 암호화해서 저장하고, 키는 데이터베이스 밖에
 * 둡니다.
 */
export interface BillKeyEncryption {
  encrypt(billKey: string, subscriptionId: string): Uint8Array
  decrypt(encrypted: Uint8Array, subscriptionId: string): string
}

/** `secret`: `openssl rand -base64 32`. 다른 구독의 줄로 옮긴 값은 열리지 않습니다. */
export function billKeyEncryption(secret: string): BillKeyEncryption {
  const bytes = Buffer.from(secret, 'base64')
  if (bytes.length !== 32) throw new TypeError('BILL_KEY_SECRET: 32바이트의 Base64여야 합니다(openssl rand -base64 32)')
  const key = createSecretKey(bytes)
  return {
    encrypt(billKey, subscriptionId) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(subscriptionId))
      return Buffer.concat([nonce, cipher.update(billKey, 'utf8'), cipher.final(), cipher.getAuthTag()])
    },
    decrypt(encrypted, subscriptionId) {
      const stored = Buffer.from(encrypted)
      const decipher = createDecipheriv('aes-256-gcm', key, stored.subarray(0, 12), { authTagLength: 16 })
      decipher.setAAD(Buffer.from(subscriptionId)).setAuthTag(stored.subarray(-16))
      return Buffer.concat([decipher.update(stored.subarray(12, -16)), decipher.final()]).toString('utf8')
    },
  }
}
