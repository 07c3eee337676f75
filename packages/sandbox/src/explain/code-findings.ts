import {
  type FieldTable,
  findResultReason,
  type LocalizedText,
  type ResultReason,
  resultCodes,
  type WireText,
} from '@sspay/protocol'
import { textOf } from '@sspay/protocol/internal'
import { type Finding, right, wrong } from './finding.ts'

const successes: ReadonlySet<ResultReason> = new Set([
  'authenticated',
  'approved',
  'cancelled',
  'member_deleted',
  'member_without_card_deleted',
])

/** What a developer can do about it, where the text of the code does not say so. */
const advice: Readonly<Partial<Record<ResultReason, LocalizedText>>> = {
  signature_wrong: {
    ko: '보낸 폼을 sspay explain 으로 확인하세요.',
    en: 'Check the form that was sent with sspay explain.',
  },
  request_too_old: {
    ko: '결제 버튼을 누를 때마다 EdiDate와 EncryptData를 새로 만드세요.',
    en: 'Make a new EdiDate and EncryptData each time the button is pressed.',
  },
  sealed_body_invalid: {
    ko: '보낸 EncData를 sspay explain --key-file FILE 로 확인하세요.',
    en: 'Check EncData with sspay explain --key-file FILE.',
  },
  approval_ticket_expired: {
    ko: '인증 뒤 10분 안에 승인을 요청해야 합니다.',
    en: 'The approval must be requested within ten minutes of the authentication.',
  },
  outcome_unresolved: {
    ko: '결제되었을 수 있습니다. 조회(approvalInquiry.do)로 확인하기 전에는 성공도 실패도 아닙니다.',
    en: 'The buyer may have been charged: this is neither a success nor a failure until approvalInquiry.do answers.',
  },
  cancel_unresolved: {
    ko: '취소되었을 수 있습니다. 같은 CancelSeq로 다시 요청하세요.',
    en: 'It may have been cancelled: send the same CancelSeq again.',
  },
  approval_in_progress: { ko: '같은 요청을 잠시 뒤 다시 보내세요.', en: 'Send the same request again shortly.' },
}

/** What the result code of an answer means. */
export function findCodeFindings(table: FieldTable, fields: WireText): readonly Finding[] {
  const code = textOf(table, fields, 'resultCode')
  if (code === '') return []
  const reason = findResultReason(code)
  if (reason === undefined)
    return [
      wrong({
        ko: `${code}: sspay가 모르는 코드입니다. 성공으로 여기지 말고, 승인이었다면 조회로 확인하세요`,
        en: `${code}: sspay does not know this code: do not treat it as a success; after an approval call approvalInquiry.do`,
      }),
    ]
  const { ko, en } = resultCodes[reason]
  if (successes.has(reason)) return [right(`${code}: ${ko}`, `${code}: ${en}`)]
  const more = advice[reason]
  return [wrong({ ko: `${code}: ${ko} ${more?.ko ?? ''}`.trim(), en: `${code}: ${en} ${more?.en ?? ''}`.trim() })]
}
