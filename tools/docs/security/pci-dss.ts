import { documented, gap, notApplicable, type Requirements, tested } from './model.ts'

const controls = 'docs/security/controls.md'
const operator = {
  ko: '운영 조직의 절차이며 소프트웨어에 없습니다.',
  en: 'A procedure of the operating organisation, not part of the software.',
}
const cardholders = {
  ko: '8장은 카드 소유자(구매자)의 계정에 적용되지 않으며, 운영자 계정은 앞의 프록시에 있습니다.',
  en: 'Requirement 8 does not apply to cardholders’ accounts; operators’ accounts belong to the proxy in front.',
}

/** PCI DSS v4.0.1: stored and transmitted card data, scripts of payment pages, authentication, audit logs. */
export const pciDss: Requirements = {
  '3.5.1': tested(
    '저장한 카드번호를 읽을 수 없음',
    'Stored card numbers are unreadable',
    'packages/gateway/test/storage/canary.test.ts',
    'no key, card number, expiry, password, name, phone or birth date is stored or logged in clear',
  ),
  '3.5.1.1': tested(
    '카드번호의 해시는 키를 쓴 해시',
    'Hashes of card numbers are keyed',
    'packages/gateway/test/keyring.test.ts',
    'another root key opens nothing and finds nothing',
  ),
  '3.5.1.2': notApplicable('디스크 암호화만으로 보호하지 않음', 'Disk encryption alone is not relied on', {
    ko: '카드번호는 항목마다 암호화하며 디스크 암호화에 기대지 않습니다.',
    en: 'Card numbers are encrypted field by field; nothing relies on disk encryption.',
  }),
  '3.5.1.3': notApplicable('디스크 암호화의 접근 관리', 'Access to disk encryption', {
    ko: '디스크 암호화에 기대지 않습니다.',
    en: 'Nothing relies on disk encryption.',
  }),
  '3.6.1': documented('키를 지키는 절차', 'Keys are protected by procedures', controls, 'Keys'),
  '3.6.1.1': documented('암호 구조의 설명', 'The cryptographic architecture is described', controls, 'Keys'),
  '3.6.1.2': gap('비밀 키는 KEK, HSM 또는 나눈 조각으로 보관', 'Keys are wrapped, in an HSM or split', {
    ko: '루트 키는 소유자만 읽는 파일이나 비밀 저장소에 있습니다. KMS나 HSM으로 감싸야 합니다.',
    en: 'The root key is in a file that only its owner can read, or in a secret store. Wrapping it with a KMS or HSM would close the gap.',
  }),
  '3.6.1.3': tested(
    '평문 키에 접근하는 사람을 최소로',
    'As few people as possible have access to plaintext keys',
    'packages/gateway/test/main.test.ts',
    'the first start makes a private root key; a lost key is not replaced',
  ),
  '3.6.1.4': documented('키를 두는 곳을 최소로', 'Keys are stored in as few places as possible', controls, 'Keys'),
  '3.7.1': tested(
    '강한 키를 만듦',
    'Strong keys are generated',
    'packages/gateway/test/keyring.test.ts',
    'a root key of ${rootKey.length} characters ${rootKey.slice(0, 2)}… is rejected without being shown',
  ),
  '3.7.2': documented('키의 안전한 배포', 'Keys are distributed safely', controls, 'Keys'),
  '3.7.3': tested(
    '키의 안전한 보관',
    'Keys are stored safely',
    'packages/gateway/test/main.test.ts',
    'the first start makes a private root key; a lost key is not replaced',
  ),
  '3.7.4': tested(
    '기간이 끝난 키의 교체',
    'Keys change at the end of their period',
    'packages/gateway/test/key-rotation/command.test.ts',
    'an operator replaces the root key of a gateway while it serves',
  ),
  '3.7.5': tested(
    '키의 폐기와 파기',
    'Keys are retired and destroyed',
    'packages/gateway/test/key-rotation/rotate-root-key.test.ts',
    'a rotation leaves nothing under the old key, and everything is read, found and compared with the new one alone',
  ),
  '3.7.6': notApplicable('사람이 다루는 평문 키의 분할', 'Split knowledge of manual keys', {
    ko: '프로그램이 키를 만들고 읽으며, 사람이 평문 키를 옮겨 적지 않습니다.',
    en: 'The program generates and reads the key; no person handles it in plaintext.',
  }),
  '3.7.7': tested(
    '키를 몰래 바꿀 수 없음',
    'Keys cannot be substituted',
    'packages/gateway/test/gateway.test.ts',
    'a second gateway on the same folder, and another root key, are rejected with a sentence',
  ),
  '3.7.8': notApplicable('키 관리자의 확인서', 'Custodians acknowledge their duty', operator),
  '3.7.9': documented(
    '고객과 나누는 키의 안내',
    'Customers are informed how to handle shared keys',
    'docs/guides/en/going-live.md',
    'Hosts and keys',
  ),
  '4.2.1': tested(
    '공개망에서 카드번호의 강한 암호화',
    'Strong cryptography on public networks',
    'packages/gateway/test/http/guard-public.test.ts',
    '${what}: ${status}',
  ),
  '4.2.1.1': documented('키와 인증서의 목록', 'Inventory of keys and certificates', controls, 'Keys'),
  '4.2.1.2': notApplicable('무선망의 암호화', 'Wireless networks', operator),
  '4.2.2': tested(
    '메시지로 카드번호를 보내지 않음',
    'Card numbers are not sent in messages',
    'test/e2e/canaries.test.ts',
    'no card number, password, key or phone number is in any page, posted digit, log line or file',
  ),
  '6.4.3': tested(
    '결제 화면 스크립트의 승인·무결성·목록',
    'Scripts of payment pages are authorized, intact and listed',
    'packages/sandbox/test/window-check/check-window.test.ts',
    'every built script has its digest, its reason in both languages and the pages it runs on',
  ),
  '8.3.1': tested(
    '운영자의 인증',
    'Operators are authenticated',
    'packages/gateway/test/environment.test.ts',
    '${name}=${value}: named with its rule in two languages, nothing opened',
  ),
  '8.3.2': tested(
    '인증 수단의 전송·보관 암호화',
    'Factors are unreadable in transit and at rest',
    'packages/gateway/test/storage/canary.test.ts',
    'no key, card number, expiry, password, name, phone or birth date is stored or logged in clear',
  ),
  '8.3.3': tested(
    '인증 수단을 바꾸기 전 본인 확인',
    'Identity is verified before a factor changes',
    'packages/gateway/test/payment-window/membership.test.ts',
    'is not believed by name and birth date: a namesake born on that day does not take the cards',
  ),
  '8.3.4': tested(
    '열 번 이하의 실패로 잠금',
    'At most ten wrong tries lock',
    'packages/gateway/test/members/password.test.ts',
    'five wrong tries lock, for the right password too, and after a restart',
  ),
  '8.3.5': notApplicable('처음 비밀번호의 변경', 'First passwords are changed', cardholders),
  '8.3.6': notApplicable('비밀번호 12자 이상', 'Passwords of 12 characters', cardholders),
  '8.3.7': notApplicable('지난 네 비밀번호의 재사용 금지', 'No reuse of the last four', cardholders),
  '8.3.8': notApplicable('인증 정책의 안내', 'Users are informed of policies', operator),
  '8.3.9': notApplicable('90일마다 변경', 'Change every 90 days', cardholders),
  '8.3.10': notApplicable('고객 사용자에게 변경 안내', 'Guidance for customer users', cardholders),
  '8.3.10.1': notApplicable('고객 사용자의 90일 변경', 'Customer users change every 90 days', cardholders),
  '8.3.11': tested(
    '기기·인증서 등은 한 사람의 것',
    'A token belongs to one person',
    'packages/gateway/test/passkeys/rejected.test.ts',
    "another member's passkey does not pay, and nobody registers it again",
  ),
  '10.2.1': documented('감사 로그가 항상 켜져 있음', 'Audit logs are always on', controls, 'Logs'),
  '10.2.1.1': tested(
    '카드 데이터 접근의 기록',
    'Access to card data is logged',
    'packages/gateway/test/console/actor.test.ts',
    'console actions are logged with the address, and the user when a proxy is configured to name it',
  ),
  '10.2.1.2': tested(
    '관리자 동작의 기록',
    'Actions of administrators are logged',
    'packages/gateway/test/console/actor.test.ts',
    'console actions are logged with the address, and the user when a proxy is configured to name it',
  ),
  '10.2.1.3': notApplicable('감사 로그 접근의 기록', 'Access to audit logs is logged', {
    ko: '로그는 표준 출력으로 나가며, 모으는 시스템이 접근을 기록합니다.',
    en: 'Logs leave by standard output; the system that collects them logs access.',
  }),
  '10.2.1.4': tested(
    '잘못된 접근 시도의 기록',
    'Invalid attempts are logged',
    'packages/gateway/test/security-events/every-event.test.ts',
    '${name} is logged and counted, without personal data and secrets',
  ),
  '10.2.1.5': tested(
    '인증 수단 변경의 기록',
    'Changes of factors are logged',
    'packages/gateway/test/security-events/every-event.test.ts',
    '${name} is logged and counted, without personal data and secrets',
  ),
  '10.2.1.6': tested(
    '기록의 시작과 멈춤',
    'Start and stop of logging are logged',
    'packages/gateway/test/main.test.ts',
    'a stop lets the running approval finish',
  ),
  '10.2.1.7': notApplicable('시스템 객체의 생성과 삭제', 'System objects made and deleted', operator),
  '10.2.2': tested(
    '기록마다 누가·무엇을·언제·결과·어디서',
    'Who, what, when, outcome, where',
    'packages/gateway/test/security-events/record.test.ts',
    'an event names its client, the merchant and the payment, and masks the member',
  ),
  '11.6.1': tested(
    '결제 화면의 변조를 알아냄',
    'Changes of payment pages are detected',
    'packages/sandbox/test/window-check/check-window.test.ts',
    'a kept inventory finds a gateway that changed its script together with its inventory',
  ),
}
