import { documented, gap, notApplicable, type Requirements, tested } from './model.ts'
import { reasons } from './reasons.ts'

const controls = 'docs/security/controls.md'

/** Authentication, documentation to general rules. */
export const asvsV6: Requirements = {
  'V6.1.1': documented(
    '무차별 대입을 막는 방법과 악의적 잠금 방지의 문서',
    'Defences against brute force and malicious lockout are documented',
    controls,
    'Proving who one is',
  ),
  'V6.1.2': documented(
    '비밀번호에 쓸 수 없는 말의 문서',
    'Words that passwords may not hold are documented',
    controls,
    'The payment password',
  ),
  'V6.1.3': documented(
    '모든 인증 경로와 그 강도의 문서',
    'Every authentication pathway and its strength is documented',
    controls,
    'Proving who one is',
  ),
  'V6.2.1': notApplicable('비밀번호 8자 이상', 'Passwords have 8 characters or more', reasons.sixDigits),
  'V6.2.2': tested(
    '비밀번호를 바꿀 수 있음',
    'Users can change their password',
    'packages/gateway/test/payment-window/every-step.test.ts',
    'verifies again, sets another and pays',
  ),
  'V6.2.3': tested(
    '새 비밀번호는 본인임을 다시 보인 뒤에만',
    'A new password needs a new identity verification',
    'packages/gateway/test/members/password.test.ts',
    'a second password needs a new identity verification',
  ),
  'V6.2.4': tested(
    '흔한 비밀번호 거절',
    'Common passwords are rejected',
    'packages/gateway/test/members/password.test.ts',
    '${name} is too easy to guess',
  ),
  'V6.2.5': notApplicable('문자 종류를 제한하지 않음', 'No rules of composition', reasons.sixDigits),
  'V6.2.6': tested(
    '입력하는 비밀번호를 가림',
    'A password is masked while it is entered',
    'packages/gateway/test/payment-window/pages.test.ts',
    'holds nothing of the buyer, and no digit of the keypad',
  ),
  'V6.2.7': notApplicable('붙여넣기와 비밀번호 관리자 허용', 'Paste and password managers work', reasons.sixDigits),
  'V6.2.8': tested(
    '받은 그대로의 비밀번호를 확인',
    'A password is verified exactly as entered',
    'packages/gateway/test/keypad/keypad.test.ts',
    'whatever six digits are tapped are read',
  ),
  'V6.2.9': notApplicable('64자 이상 허용', 'Passwords of 64 characters are allowed', reasons.sixDigits),
  'V6.2.10': documented('정기 변경을 강요하지 않음', 'No periodic change is forced', controls, 'The payment password'),
  'V6.2.11': tested(
    '생일·전화번호가 든 비밀번호 거절',
    'Passwords with a birth date or phone number are rejected',
    'packages/gateway/test/members/password.test.ts',
    '${name} is too easy to guess',
  ),
  'V6.2.12': notApplicable('유출된 비밀번호와 대조', 'Breached passwords are rejected', {
    ko: '여섯 자리 숫자는 모두 유출 목록에 있습니다. 쉬운 것의 거절과 다섯 번의 한도가 대신합니다.',
    en: 'Every six-digit number is in breach lists; trivial ones are rejected, and attempts are limited to five.',
  }),
  'V6.3.1': tested(
    '무차별 대입 방어의 구현',
    'Brute force is defended as documented',
    'packages/gateway/test/keypad/guesses.test.ts',
    'ten thousand guesses, 500 at once, with restarts in between: five hashes, then the lock',
  ),
  'V6.3.2': tested(
    '기본 계정이 없음',
    'No default accounts',
    'packages/gateway/test/front-page.test.ts',
    'a production gateway shows no host name, version or test merchant',
  ),
  'V6.3.3': gap('다중 요소 인증', 'Multi-factor authentication', {
    ko: '비밀번호 결제는 상점 로그인 옆의 한 요소입니다. 가맹점이 패스키를 요구하는 옵션이 필요합니다.',
    en: 'A password is one factor beside the login at the shop; an option that requires a passkey would close it.',
  }),
  'V6.3.4': tested(
    '문서에 없는 경로가 없고 모두 같은 강도',
    'No undocumented pathway, and all are equally strong',
    'packages/gateway/test/payment-window/cards.test.ts',
    'are changed by nobody who has not shown the password, whatever is posted',
  ),
  'V6.3.5': gap('의심스러운 시도를 사용자에게 알림', 'Users are notified of suspicious attempts', {
    ko: '잠기거나 새 기기를 쓸 때 휴대전화로 보내는 알림이 필요합니다.',
    en: 'A message to the phone after a lock and on a new device.',
  }),
  'V6.3.6': documented('이메일을 인증에 쓰지 않음', 'Email is no factor', controls, 'Proving who one is'),
  'V6.3.7': tested(
    '인증 수단이 바뀌면 알림',
    'Users are notified of changed factors',
    'packages/gateway/test/payment-window/membership.test.ts',
    'reads in advance that cards and passkeys will be deleted, and gets a message on the phone after a reset',
  ),
  'V6.3.8': gap('가입 여부를 알아낼 수 없음', 'Valid users cannot be deduced', {
    ko: '서명된 폼으로 연 결제창에서 회원은 비밀번호 화면을 봅니다. 카드는 비밀번호 뒤에만 보이며, 완전히 닫으려면 안내서의 흐름이 바뀌어야 합니다.',
    en: 'Opening a signed form shows the password page for a member; cards appear only after the password. Closing the gap needs a flow that differs from the guide’s.',
  }),
}

/** Authentication, life of factors to identity providers. */
export const asvsV6Factors: Requirements = {
  'V6.4.1': notApplicable('처음 주는 비밀번호는 무작위이며 곧 만료', 'Initial passwords are random and expire', {
    ko: '시스템이 비밀번호를 만들어 주지 않습니다.',
    en: 'The system issues no passwords.',
  }),
  'V6.4.2': documented('비밀번호 힌트와 질문이 없음', 'No hints or secret questions', controls, 'Proving who one is'),
  'V6.4.3': tested(
    '잊은 비밀번호의 안전한 재설정',
    'A forgotten password is reset safely',
    'packages/gateway/test/payment-window/membership.test.ts',
    'is not believed by name and birth date: a namesake born on that day does not take the cards',
  ),
  'V6.4.4': tested(
    '인증 수단을 잃으면 가입 때와 같은 본인 확인',
    'A lost factor needs the same proof as enrolment',
    'packages/gateway/test/payment-window/membership.test.ts',
    'is who the agency says, not who the form says',
  ),
  'V6.4.5': notApplicable('만료 전 갱신 안내', 'Renewal reminders', {
    ko: '만료되는 인증 수단이 없습니다.',
    en: 'No factor expires.',
  }),
  'V6.4.6': notApplicable('관리자는 재설정만 시작', 'Administrators only start a reset', {
    ko: '운영자는 결제 비밀번호를 보거나 바꿀 수 없습니다.',
    en: 'Operators can neither see nor change a payment password.',
  }),
  'V6.5.1': tested(
    '인증번호는 한 번만 쓸 수 있음',
    'Codes are used once only',
    'packages/gateway/test/payment-window/every-step.test.ts',
    'answered once leads on, and back to it the window stays where it is',
  ),
  'V6.5.2': notApplicable('저장한 일회용 비밀의 해시', 'Stored lookup secrets are hashed', reasons.agency),
  'V6.5.3': notApplicable('인증번호의 안전한 난수', 'Codes are random', reasons.agency),
  'V6.5.4': notApplicable('인증번호의 엔트로피 20비트', 'Codes have 20 bits', reasons.agency),
  'V6.5.5': tested(
    '인증번호의 유효 시간 10분 이하',
    'Codes are valid for at most ten minutes',
    'packages/gateway/test/payment-window/code.test.ts',
    'over, the page says so and offers a new one first, in ${language}',
  ),
  'V6.5.6': tested(
    '잃어버린 인증 수단의 폐기',
    'A lost factor can be revoked',
    'packages/gateway/test/passkeys/passkeys.test.ts',
    'a deleted passkey pays no more, also when its challenge was already out',
  ),
  'V6.5.7': tested(
    '생체 인증은 기기와 함께만',
    'Biometrics only together with a device',
    'packages/gateway/test/passkeys/window.test.ts',
    'not without a verified user, not from another origin, not as a copied key',
  ),
  'V6.5.8': notApplicable('TOTP의 시간 출처', 'Time source of TOTP', reasons.noSuchPart('TOTP', 'TOTP')),
  'V6.6.1': gap('문자·전화 인증은 더 강한 방법과 함께', 'SMS codes only beside stronger methods', {
    ko: '가입과 잠금 해제의 본인인증은 안내서가 휴대전화로 정합니다. 다른 본인인증 수단이 필요합니다.',
    en: 'The guide prescribes phone verification to join and to unlock; another way to verify would close it.',
  }),
  'V6.6.2': tested(
    '인증번호는 요청한 인증에만 유효',
    'A code is valid only for the request it was created for',
    'packages/gateway/test/payment-window/code.test.ts',
    'a code is checked against the verification of its own window, whoever is verified',
  ),
  'V6.6.3': tested(
    '인증번호 추측의 횟수 제한',
    'Guesses of a code are limited',
    'packages/gateway/test/payment-window/payment-window.test.ts',
    'has five tries for a code, also when they come at once',
  ),
  'V6.6.4': notApplicable('푸시 알림 폭탄', 'Push bombing', reasons.noSuchPart('푸시 인증', 'push notifications')),
  'V6.7.1': tested(
    '인증 확인용 공개 키의 변경 방지',
    'Keys that verify assertions cannot be modified',
    'packages/gateway/test/passkeys/rejected.test.ts',
    'the signature covers the payment: a challenge that was moved in the database to ${change}',
  ),
  'V6.7.2': tested(
    'challenge는 64비트 이상이며 한 번만',
    'A challenge has 64 bits and more, and is unique',
    'packages/gateway/test/passkeys/rejected.test.ts',
    'a challenge is answered once: of twenty answers at once, one counts',
  ),
  'V6.8.1': notApplicable('여러 IdP의 사용자 구분', 'Users of several identity providers', reasons.noFederation),
  'V6.8.2': notApplicable('인증 결과의 전자서명', 'Signatures of assertions', reasons.noFederation),
  'V6.8.3': notApplicable('SAML 재사용', 'Replay of SAML assertions', reasons.noFederation),
  'V6.8.4': notApplicable('IdP의 인증 강도', 'Strength reported by a provider', reasons.noFederation),
}
