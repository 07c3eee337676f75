import { documented, gap, notApplicable, type Requirements, tested } from './model.ts'

/** Validation and business logic. */
export const asvsV2: Requirements = {
  'V2.1.1': documented(
    '입력 항목별 검증 규칙의 문서',
    'The validation rule of each input is documented',
    'docs/security/controls.md',
    'Input',
  ),
  'V2.1.2': documented(
    '함께 맞아야 하는 값들의 규칙 문서',
    'Rules for combined values are documented',
    'docs/security/controls.md',
    'Input',
  ),
  'V2.1.3': documented('업무 한도의 문서', 'Business limits are documented', 'docs/security/controls.md', 'Limits'),
  'V2.2.1': tested(
    '모든 입력을 형식과 범위로 검증',
    'Every input is validated by format and range',
    'packages/gateway/test/bad-inputs.test.ts',
    '${field}: the longest is accepted, one more is ${rejected} with its limit',
  ),
  'V2.2.2': tested(
    '검증은 서버에서',
    'Validation happens on the server',
    'test/journeys/tampered-order.test.ts',
    'each field of the payment request was changed',
  ),
  'V2.2.3': tested(
    '함께 온 값들이 서로 맞는지 검증',
    'Combinations of values are checked',
    'packages/gateway/test/bad-inputs.test.ts',
    '${name} is rejected with ${code}',
  ),
  'V2.3.1': tested(
    '단계를 순서대로만, 건너뛸 수 없음',
    'Steps happen in their order and cannot be skipped',
    'packages/gateway/test/payment-window/every-step.test.ts',
    'takes no form of another page',
  ),
  'V2.3.2': tested(
    '문서의 업무 한도를 지킴',
    'Documented business limits are enforced',
    'packages/gateway/test/payment-window/limits.test.ts',
    'one phone gets so many codes, however many windows ask, and other phones get theirs',
  ),
  'V2.3.3': tested(
    '업무 단위로 모두 되거나 모두 되지 않음',
    'An operation happens as a whole or not at all',
    'test/crash/kill.test.ts',
    'a gateway killed at any point loses nothing acknowledged, charges nothing twice and leaves nothing half done',
  ),
  'V2.3.4': tested(
    '하나뿐인 것을 두 번 쓰지 못하게 잠금',
    'What exists once cannot be used twice',
    'packages/gateway/test/approval/store.test.ts',
    'of concurrent transitions of one payment exactly one wins',
  ),
  'V2.3.5': notApplicable('고액 업무의 다중 승인', 'High-value actions need several people', {
    ko: '운영자 화면에는 돈을 움직이는 동작이 없습니다.',
    en: 'No operator action charges or refunds.',
  }),
  'V2.4.1': tested(
    '과도한 호출을 막는 자동화 방어',
    'Anti-automation limits excessive calls',
    'packages/gateway/test/payment-window/limit-requests.test.ts',
    'one address is answered so often over all windows, others are unharmed',
  ),
  'V2.4.2': gap('사람의 속도보다 빠른 진행을 막음', 'Flows faster than a person are stopped', {
    ko: '단계마다 최소 시간을 두면 됩니다. 지금은 횟수만 제한합니다.',
    en: 'A minimum time for each step; only counts are limited now.',
  }),
}
