import { documented, notApplicable, type Requirements, tested } from './model.ts'
import { reasons } from './reasons.ts'

const controls = 'docs/security/controls.md'

/** Session management. */
export const asvsV7: Requirements = {
  'V7.1.1': documented(
    '세션의 유휴·최대 시간과 그 이유의 문서',
    'Idle and maximum time of sessions are documented',
    controls,
    'Sessions',
  ),
  'V7.1.2': documented('동시 세션 수의 문서', 'Parallel sessions are documented', controls, 'Sessions'),
  'V7.1.3': notApplicable('연합 로그인 세션의 문서', 'Federated sessions are documented', reasons.noFederation),
  'V7.2.1': tested(
    '세션 토큰을 서버에서 확인',
    'Session tokens are verified on the server',
    'packages/gateway/test/payment-window/pages.test.ts',
    'an unknown token is gone',
  ),
  'V7.2.2': tested(
    '세션마다 새 토큰, 고정 비밀을 쓰지 않음',
    'Each session has a token of its own, no static secret',
    'packages/gateway/test/keypad/taps.test.ts',
    'taps of another window of the same member are rejected without counting an attempt, and work in their own window',
  ),
  'V7.2.3': tested(
    '토큰은 안전한 난수 128비트 이상',
    'Tokens are random, 128 bits and more',
    'packages/gateway/test/runtime.test.ts',
    'random bytes come in every length, and none are given twice',
  ),
  'V7.2.4': tested(
    '인증할 때 새 토큰',
    'A new token when the user authenticates',
    'packages/gateway/test/payment-window/browser-binding.test.ts',
    'works once, whichever of two browsers comes first',
  ),
  'V7.3.1': tested(
    '유휴 시간이 지나면 다시 인증',
    'Authentication is needed again after a pause',
    'packages/gateway/test/keypad/taps.test.ts',
    'taps after three minutes are rejected without counting an attempt, and the next keypad works',
  ),
  'V7.3.2': tested(
    '세션의 최대 시간',
    'A maximum life of sessions',
    'packages/gateway/test/payment-window/pages.test.ts',
    'after its time a window says so and offers the way back',
  ),
  'V7.4.1': tested(
    '끝난 세션은 쓸 수 없음',
    'An ended session is worth nothing',
    'packages/gateway/test/payment-window/every-step.test.ts',
    'can be left: the abort goes to the shop, and the window takes nothing more',
  ),
  'V7.4.2': tested(
    '계정을 지우면 세션도 끝',
    'Deleting an account ends its sessions',
    'packages/gateway/test/payment-window/payment-window.test.ts',
    'a member deleted meanwhile starts over, and the password set before is worth nothing',
  ),
  'V7.4.3': tested(
    '인증 수단이 바뀌면 다른 세션을 끝냄',
    'A changed factor ends what other sessions rely on',
    'packages/gateway/test/payment-window/proofs.test.ts',
    'between the verification and the new password, other windows see no cards and set no password',
  ),
  'V7.4.4': tested(
    '모든 화면에 나가는 버튼',
    'Every page offers the way out',
    'packages/gateway/test/payment-window/every-step.test.ts',
    'can be left: the abort goes to the shop, and the window takes nothing more',
  ),
  'V7.4.5': tested(
    '관리자가 사용자의 세션을 끝낼 수 있음',
    'Administrators can end the sessions of a user',
    'packages/gateway/test/payment-window/payment-window.test.ts',
    'a member deleted meanwhile starts over, and the password set before is worth nothing',
  ),
  'V7.5.1': tested(
    '인증 정보를 바꾸기 전 다시 인증',
    'Changing a factor needs full authentication',
    'packages/gateway/test/passkeys/window.test.ts',
    'not by a form that jumps over the identity, and the confirmed identity does not pay',
  ),
  'V7.5.2': notApplicable('사용자가 자기 세션을 보고 끝냄', 'Users see and end their sessions', {
    ko: '세션은 한 창의 결제 한 번이며 30분 안에 끝납니다.',
    en: 'A session is one payment in one window and ends within 30 minutes.',
  }),
  'V7.5.3': tested(
    '중요한 거래마다 추가 인증',
    'Sensitive transactions need another proof',
    'packages/gateway/test/approval/transitions.test.ts',
    'nothing approves a payment that the buyer has not authenticated',
  ),
  'V7.6.1': notApplicable('IdP와 세션 시간 맞추기', 'Session times of providers', reasons.noFederation),
  'V7.6.2': notApplicable('사용자 동작 없이 세션을 만들지 않음', 'No session without an action', reasons.noFederation),
}
