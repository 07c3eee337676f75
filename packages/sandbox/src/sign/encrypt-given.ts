import { realRuntime } from '@sspay/gateway'
import { type LocalizedText, sealedEnvelope, type WireText, writeMessage } from '@sspay/protocol'
import { encryptText } from '@sspay/protocol/sealed-body'
import { examine } from '../explain/examine.ts'
import type { Finding } from '../explain/finding.ts'
import { knownMessages, tableOf, textOf, wireNameOf } from '../explain/known-messages.ts'
import { readSubject } from '../explain/read-subject.ts'
import type { GivenKey } from '../merchant-key.ts'

export interface EncryptedGiven {
  readonly formula: string
  /** The JSON to send. */
  readonly envelope: WireText
  /** What the JSON is, without what is in it. */
  readonly contents: LocalizedText
  readonly findings: readonly Finding[]
}

const formula = 'Base64(AES-256-CBC(MerchantKey[0..32), IV = 16 × 0x00, PKCS#7, UTF-8 JSON))'

/** Seals the JSON as it stands, byte for byte, so that it can be compared. Words say why it cannot be. */
export function encryptGiven(
  bytes: Uint8Array,
  { merchantKey }: GivenKey,
  chosenMerchantId: string | undefined,
): EncryptedGiven | LocalizedText {
  const subject = readSubject(bytes)
  if (subject?.format !== 'json') return { ko: 'JSON 하나를 주세요', en: 'give one JSON object' }
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim()
  const { message, findings } = examine(subject, { key: merchantKey, now: realRuntime.now() })
  const merchantId = chosenMerchantId ?? textOf(tableOf(message ?? 'sealedEnvelope'), subject.fields, 'merchantId')
  if (merchantId === '') {
    const name = wireNameOf(sealedEnvelope, 'merchantId')
    return { ko: `--mid: JSON 안에 ${name}가 없습니다`, en: `--mid is needed: the JSON holds no ${name}` }
  }
  const { ko, en } = message === undefined ? unknownContents : knownMessages[message]
  const size = Buffer.byteLength(text)
  return {
    formula,
    findings,
    envelope: writeMessage(sealedEnvelope, { merchantId, sealedBody: encryptText(text, merchantKey.expose()) }),
    contents: { ko: `${ko}, ${size}바이트`, en: `${en}, ${size} bytes` },
  }
}

const unknownContents: LocalizedText = { ko: '알 수 없는 전문', en: 'unknown message' }
