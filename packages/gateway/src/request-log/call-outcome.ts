import { findResultReason, type LocalizedText, type ResultReason, resultCodes, type WireText } from '@sspay/protocol'
import { fieldText, loggedTables } from './field-tables.ts'
import type { CallResult, CapturedCall, RecordedCall } from './model.ts'

type Outcome = Pick<RecordedCall, 'result' | 'code' | 'reason'>

const successes: readonly ResultReason[] = [
  'authenticated',
  'approved',
  'cancelled',
  'member_deleted',
  'member_without_card_deleted',
  // The inquiry itself succeeded.
  'not_approved_yet',
]

const failures: readonly ResultReason[] = ['outcome_unresolved', 'cancel_unresolved', 'overloaded', 'internal']

/** Outcomes of calls out. */
export const callOutcomes = {
  approved: { ko: '카드사 승인', en: 'The card network approved', result: 'ok' },
  reversed: { ko: '망취소 확인', en: 'The reversal is confirmed', result: 'ok' },
  cancelled: { ko: '취소 확인', en: 'The cancellation is confirmed', result: 'ok' },
  declined: { ko: '카드사 거절', en: 'The card network declined', result: 'rejected' },
  unknown_to_network: { ko: '카드사가 모르는 거래', en: 'Unknown to the card network', result: 'rejected' },
  code_sent: { ko: '인증번호 발송', en: 'The code was sent', result: 'ok' },
  verified: { ko: '본인 확인', en: 'The person, or the owner of the card, is verified', result: 'ok' },
  rejected: { ko: '카드 확인 거절', en: 'The issuer did not verify the card', result: 'rejected' },
  wrong: { ko: '인증번호 불일치', en: 'The code is wrong', result: 'rejected' },
  expired: { ko: '인증번호 만료', en: 'The code has expired', result: 'rejected' },
  delivered: { ko: 'OK 응답', en: 'The shop answered OK', result: 'ok' },
  no_ok: { ko: '응답에 OK 없음', en: 'HTTP 200 without OK', result: 'failed' },
  timed_out: { ko: '응답 시간 초과', en: 'Timed out before the answer was complete', result: 'failed' },
  connection_failed: { ko: '연결 실패', en: 'The connection failed or was cut', result: 'failed' },
  circuit_open: { ko: '연결이 막혀 보내지 않음', en: 'Not sent: the circuit breaker is open', result: 'failed' },
  address_rejected: { ko: '허용되지 않는 주소', en: 'Blocked by the address guard', result: 'failed' },
  answer_unreadable: { ko: '읽을 수 없는 응답', en: 'The answer is unreadable', result: 'failed' },
} as const satisfies Readonly<Record<string, LocalizedText & { readonly result: CallResult }>>

export function outcomeOf(call: CapturedCall, answer: WireText): Outcome {
  const { kind, status, notes } = call
  if (notes.step !== undefined && kind === 'step') return outcomeOfStep(notes.step)
  if (call.outcome !== undefined) return namedOutcome(call.outcome)
  const code = fieldText(loggedTables[kind].answer, answer, 'resultCode')
  if (code === undefined) return { result: resultOfStatus(status ?? 200) }
  const reason = findResultReason(code)
  if (reason === undefined) return { result: 'rejected', code: code.slice(0, 10) }
  const { ko, en } = resultCodes[reason]
  return { result: resultOf(reason), code, reason: { ko, en } }
}

function outcomeOfStep({ outcome, reason }: NonNullable<CapturedCall['notes']['step']>): Outcome {
  if (outcome !== 'ignored') return { result: outcome === 'taken' ? 'ok' : 'rejected', ...(reason && { reason }) }
  const ignored = { ko: '지금 화면의 입력이 아님', en: 'Not the form of the current page' }
  return { result: 'rejected', reason: ignored }
}

/** One of the outcomes above, a result code of ours, or `http_500`. */
function namedOutcome(name: string): Outcome {
  const known = Object.hasOwn(callOutcomes, name) ? callOutcomes[name as keyof typeof callOutcomes] : undefined
  if (known !== undefined) return { result: known.result, code: name, reason: { ko: known.ko, en: known.en } }
  const reason = findResultReason(name)
  if (reason === undefined) return { result: 'failed', code: name.slice(0, 40) }
  return { result: resultOf(reason), code: name, reason: { ko: resultCodes[reason].ko, en: resultCodes[reason].en } }
}

function resultOf(reason: ResultReason): CallResult {
  if (successes.includes(reason)) return 'ok'
  return failures.includes(reason) ? 'failed' : 'rejected'
}

function resultOfStatus(status: number): CallResult {
  if (status >= 500) return 'failed'
  return status >= 400 ? 'rejected' : 'ok'
}
