import type { Secret } from '@sspay/gateway'
import { sealedEnvelope } from '@sspay/protocol'
import { textOf } from '@sspay/protocol/internal'
import { openBody } from '@sspay/protocol/sealed-body'
import { explainSealedBody } from '../diagnosis/explain-sealed-body.ts'
import { testMerchant } from '../test-merchant.ts'
import { findCodeFindings } from './code-findings.ts'
import { findFieldFindings } from './field-findings.ts'
import { type Finding, note, right, wrong } from './finding.ts'
import { type MessageName, recognizeMessage, tableOf } from './known-messages.ts'
import type { Subject } from './read-subject.ts'
import { findRuleFindings } from './rule-findings.ts'
import { diagnosisKeys, findSignatureFindings } from './signature-findings.ts'

export interface Examination {
  /** Undefined when it is not a message of SS-Pay. */
  readonly message: MessageName | undefined
  readonly findings: readonly Finding[]
  /** The decrypted message of a sealed envelope, when the key is known. */
  readonly inside?: Examination
}

export interface Examiner {
  readonly key: Secret | undefined
  readonly now: Date
}

/** Checks a message offline: fields, signature, rules and result code. */
export function examine(subject: Subject, examiner: Examiner): Examination {
  const recognized = recognizeMessage(subject.fields)
  if (recognized === undefined) return { message: undefined, findings: [unknownMessage] }
  const { name: message, table, isPart } = recognized
  if (isPart) return { message: undefined, findings: [partOfMessage, ...findFieldFindings(table, subject, isPart)] }
  const key = examiner.key ?? publicKeyOf(subject, message)
  const { fields } = subject
  const findings = [
    ...findFieldFindings(table, subject),
    ...findSignatureFindings(message, fields, key),
    ...(message === 'generalPaymentRequest' ? [needsGeneralPayments] : []),
    ...(isPaymentRequest(message) ? findRuleFindings(table, fields, examiner.now) : []),
    ...(message === 'authenticationResult' || message === 'authenticationReturn' ? [notCharged] : []),
    ...findCodeFindings(table, fields),
  ]
  return message === 'sealedEnvelope' ? openEnvelope(subject, { ...examiner, key }, findings) : { message, findings }
}

const isPaymentRequest = (message: MessageName): boolean =>
  message === 'paymentRequest' || message === 'generalPaymentRequest'

const needsGeneralPayments = note(
  '일반 카드결제: SspMallId와 PopCheck가 없어 회원 가입 없이 카드로 결제합니다. 상점 설정 takesGeneralPayments가 켜져 있어야 합니다',
  'a general card payment, by card and without membership, for lack of SspMallId and PopCheck: the merchant needs takesGeneralPayments',
)

const unknownMessage = wrong({
  ko: 'SS-Pay의 전문이 아니거나 알아볼 수 없습니다',
  en: 'this is not a message of SS-Pay, or one that cannot be recognized',
})

const partOfMessage = note(
  '요청과 응답에 다 있는 항목뿐이어서 형식만 확인합니다. 전문 전체를 주면 빠진 항목과 서명도 확인합니다',
  'requests and answers have these fields alike, so only their format is checked; the whole message shows missing fields and the signature too',
)

const notCharged = note(
  '아직 결제되지 않았습니다. 서버에서 10분 안에 승인을 요청하세요',
  'nothing is charged yet: the server must request the approval within ten minutes',
)

/** The key of the test merchant is public, so it needs no option. */
function publicKeyOf({ fields }: Subject, message: MessageName): Secret | undefined {
  const merchantId = textOf(tableOf(message), fields, 'merchantId')
  return merchantId === testMerchant.merchantId ? testMerchant.merchantKey : undefined
}

function openEnvelope(subject: Subject, { key, now }: Examiner, findings: readonly Finding[]): Examination {
  const message = 'sealedEnvelope'
  if (key === undefined) return { message, findings: [...findings, notOpened] }
  const sealedBody = textOf(sealedEnvelope, subject.fields, 'sealedBody')
  const merchantId = textOf(sealedEnvelope, subject.fields, 'merchantId')
  const fields = openBody(sealedBody, key.expose())
  const inside = fields && examine({ format: 'json', fields, repeated: [] }, { key, now })
  const table = inside?.message && tableOf(inside.message)
  const around = { table, merchantId: merchantId === '' ? undefined : merchantId }
  const explanation = explainSealedBody(sealedBody, diagnosisKeys(key), around)
  const opened = explanation === undefined ? right('EncData: 열립니다', 'EncData opens') : wrong(explanation.words)
  return { message, findings: [...findings, opened], ...(inside === undefined ? {} : { inside }) }
}

const notOpened = note(
  'EncData: 상점키가 없어 복호화하지 못했습니다(--key-file, SSPAY_MERCHANT_KEY, --sandbox)',
  'EncData was not decrypted, for lack of the key: --key-file, SSPAY_MERCHANT_KEY or --sandbox',
)

/** Whether anything is wrong, in the message or inside its EncData. */
export const isWrong = ({ findings, inside }: Examination): boolean =>
  findings.some(({ tone }) => tone === 'wrong') || (inside !== undefined && isWrong(inside))
