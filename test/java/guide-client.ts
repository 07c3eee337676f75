import { createCipheriv, createHash } from 'node:crypto'
import { request } from 'node:https'

/**
 * The Java sample of the guide (STEP 3 and 회원 삭제 STEP 2) once more in Node: TLS 1.2 and nothing else, one second to
 * connect, ten to read, a JSON body, and no body at all from an answer of 400 or above, as
 * `HttpsURLConnection.getInputStream()` gives none. It shares no line with the packages here, so that a mistake in them
 * is not made twice.
 */
export interface GuideCall {
  readonly url: string
  readonly body: Readonly<Record<string, string>>
  /** PEM. */
  readonly certificateAuthority: string
}

export interface GuideAnswer {
  /** The lines of the answer joined as the sample joins them; empty where Java would have thrown. */
  readonly text: string
  readonly tlsVersion: string
}

const connectTimeout = 1_000
const readTimeout = 10_000

export function callApi({ url, body, certificateAuthority }: GuideCall): Promise<GuideAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: 'POST',
      agent: false,
      ca: certificateAuthority,
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    })
    const connecting = setTimeout(() => outgoing.destroy(new Error('connect timed out')), connectTimeout)
    let tlsVersion = ''
    outgoing.on('socket', (socket) => {
      socket.once('connect', () => clearTimeout(connecting))
      socket.once('secureConnect', () => {
        tlsVersion = 'getProtocol' in socket ? String((socket as { getProtocol(): unknown }).getProtocol()) : ''
      })
      socket.setTimeout(readTimeout, () => outgoing.destroy(new Error('Read timed out')))
    })
    outgoing.on('error', (error) => {
      clearTimeout(connecting)
      reject(error)
    })
    outgoing.on('response', (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('error', reject)
      answer.on('end', () => {
        const read = Buffer.concat(parts).toString('utf8').replace(/\r?\n/g, '')
        resolve({ text: (answer.statusCode ?? 500) >= 400 ? '' : read, tlsVersion })
      })
    })
    outgoing.end(JSON.stringify(body))
  })
}

export interface DeletionFields {
  readonly merchantId: string
  readonly easyPayMerchantId: string
  readonly customerId: string
  readonly merchantKey: string
}

/** encodeSHA256Base64 and AES256Cipher.AES_Encode of the guide. */
export function deletionBody({ merchantId, easyPayMerchantId, customerId, merchantKey }: DeletionFields) {
  const digest = createHash('sha256')
    .update(merchantId + easyPayMerchantId + customerId)
    .digest('base64')
  const paramData = JSON.stringify({
    Mid: merchantId,
    SspMallId: easyPayMerchantId,
    MallUserId: customerId,
    VerifyValue: digest,
    ServiceType: 'MD',
  })
  const cipher = createCipheriv('aes-256-cbc', Buffer.from(merchantKey.substring(0, 32), 'utf8'), Buffer.alloc(16))
  const encrypted = Buffer.concat([cipher.update(paramData, 'utf8'), cipher.final()]).toString('base64')
  return { EncData: encrypted, Mid: merchantId }
}
