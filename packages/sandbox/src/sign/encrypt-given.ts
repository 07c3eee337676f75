import { realRuntime } from '@sspay/gateway/tools'
import { type LocalizedText, sealedEnvelope, type WireText, writeMessage } from '@sspay/protocol'
import { textOf, wireNameOf } from '@sspay/protocol/internal'
import { encryptText } from '@sspay/protocol/sealed-body'
import { examine } from '../explain/examine.ts'
import type { Finding } from '../explain/finding.ts'
import { knownMessages, tableOf } from '../explain/known-messages.ts'
import { readSubject } from '../explain/read-subject.ts'
import type { GivenKey } from '../merchant-key.ts'

export interface EncryptedGiven {
  /** The JSON to send. */
  readonly envelope: WireText
  /** Name and size of the JSON, without its contents. */
  readonly contents: LocalizedText
  readonly findings: readonly Finding[]
}

/** Encrypts the JSON byte for byte, so that the result can be compared. Returns a text that says why when it cannot. */
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
    findings,
    envelope: writeMessage(sealedEnvelope, { merchantId, sealedBody: encryptText(text, merchantKey.expose()) }),
    contents: { ko: `${ko}, ${size}바이트`, en: `${en}, ${size} bytes` },
  }
}

const unknownContents: LocalizedText = { ko: '알 수 없는 전문', en: 'unknown message' }
