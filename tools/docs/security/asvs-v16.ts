import { documented, gap, type Requirements, tested } from './model.ts'

const controls = 'docs/security/controls.md'
const scrubbing = 'packages/gateway/test/logging/scrub.test.ts'

/** Security logging and error handling. */
export const asvsV16: Requirements = {
  'V16.1.1': documented('기록하는 것의 목록', 'Inventory of what is logged', controls, 'Logs'),
  'V16.2.1': tested(
    '언제·어디서·누가·무엇을',
    'When, where, who, what',
    'packages/gateway/test/security-events/record.test.ts',
    'an event names its client, the merchant and the payment, and masks the member',
  ),
  'V16.2.2': tested(
    '시각은 UTC나 시간대와 함께',
    'Times are UTC or name their zone',
    scrubbing,
    'a line is one JSON object with level, time and event; causes keep their chain',
  ),
  'V16.2.3': documented('문서에 있는 곳에만 기록', 'Logs go to documented places only', controls, 'Logs'),
  'V16.2.4': tested(
    '공통 형식이며 서로 이어짐',
    'A common format that can be correlated',
    'packages/gateway/test/telemetry/log-lines.test.ts',
    'without an SDK all lines of a request have its id, and another request has another',
  ),
  'V16.2.5': tested(
    '민감한 값은 가려서 기록',
    'Sensitive values are masked in logs',
    scrubbing,
    'no card number gets through, whatever stands around it and between its groups',
  ),
  'V16.3.1': tested(
    '모든 인증의 기록',
    'Every authentication is logged',
    'packages/gateway/test/security-events/every-event.test.ts',
    '${name} is logged and counted, without personal data and secrets',
  ),
  'V16.3.2': tested(
    '거절된 권한의 기록',
    'Failed authorization is logged',
    'packages/gateway/test/security-events/every-event.test.ts',
    '${name} is logged and counted, without personal data and secrets',
  ),
  'V16.3.3': tested(
    '보안 이벤트의 기록',
    'Security events are logged',
    'packages/gateway/test/security-events/every-event.test.ts',
    '${name} is logged and counted, without personal data and secrets',
  ),
  'V16.3.4': tested(
    '예상하지 못한 오류의 기록',
    'Unexpected errors are logged',
    'packages/gateway/test/gateway.test.ts',
    'an error inside is S999 outside, and its cause is in the log only',
  ),
  'V16.4.1': tested(
    '로그 주입 방지',
    'No log injection',
    scrubbing,
    'a line is one JSON object with level, time and event; causes keep their chain',
  ),
  'V16.4.2': documented('로그의 열람과 변경 방지', 'Logs are protected', controls, 'Logs'),
  'V16.4.3': documented('다른 시스템으로 전송', 'Logs leave for another system', controls, 'Logs'),
  'V16.5.1': tested(
    '오류의 내용을 밖에 알리지 않음',
    'Errors tell nothing of the inside',
    'packages/gateway/test/gateway.test.ts',
    'an error inside is S999 outside, and its cause is in the log only',
  ),
  'V16.5.2': tested(
    '바깥 서비스가 죽어도 안전하게 동작',
    'Dead external services are survived safely',
    'packages/gateway/test/called-services.test.ts',
    'a dead card network is not asked: approvals claim nothing, and everything goes on when it answers',
  ),
  'V16.5.3': tested(
    '오류가 나면 닫힌 쪽으로(fail closed)',
    'Errors fail closed',
    'packages/gateway/test/approval/stages.test.ts',
    'a card that cannot be read leaves the outcome open, and the network is not asked',
  ),
  'V16.5.4': gap('마지막 오류 처리기', 'A last resort error handler', {
    ko: '잡히지 않은 예외는 표준 오류에 쓰이고 프로세스가 끝납니다. 가린 로그를 남기고 끝내는 처리기가 필요합니다.',
    en: 'An uncaught exception goes to standard error and ends the process; a handler that logs it masked would close it.',
  }),
}
