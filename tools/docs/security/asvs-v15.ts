import { documented, type Requirements, tested } from './model.ts'

const controls = 'docs/security/controls.md'

/** Secure coding and architecture. */
export const asvsV15: Requirements = {
  'V15.1.1': documented('취약한 구성 요소를 고치는 기한', 'Time to fix vulnerable components', controls, 'Components'),
  'V15.1.2': tested(
    '구성 요소의 목록(SBOM)',
    'Inventory of components (SBOM)',
    'test/components.test.ts',
    'every locked package has its digest, and none comes from outside the registry of npm',
  ),
  'V15.1.3': documented('자원이 많이 드는 기능의 문서', 'Costly functions are documented', controls, 'Limits'),
  'V15.1.4': documented('위험한 구성 요소의 문서', 'Risky components are named', controls, 'Components'),
  'V15.1.5': documented('위험한 기능의 문서', 'Dangerous functions are named', controls, 'Components'),
  'V15.2.1': tested(
    '기한을 넘긴 취약한 구성 요소가 없음',
    'No component is outdated',
    'test/components.test.ts',
    'known vulnerabilities of what is published are looked for every night',
  ),
  'V15.2.2': tested(
    '자원이 많이 드는 기능의 과부하 방어',
    'Expensive functions do not affect availability',
    'packages/gateway/test/admission/admit.test.ts',
    'whose share is full leaves room for others, for other calls and for probes',
  ),
  'V15.2.3': tested(
    '운영 환경에 시험용 코드가 없음',
    'No test code in production',
    'test/architecture.test.ts',
    'every import follows the table at the top of this file',
  ),
  'V15.2.4': tested(
    '구성 요소가 정해진 저장소에서만 옴',
    'Components come from the expected registry',
    'test/components.test.ts',
    'every locked package has its digest, and none comes from outside the registry of npm',
  ),
  'V15.2.5': documented(
    '위험한 부분의 격리',
    'Dangerous parts are isolated',
    'docs/guides/en/operating.md',
    'Under systemd, Compose and Kubernetes',
  ),
  'V15.3.1': tested(
    '필요한 항목만 응답',
    'Only the needed fields are returned',
    'packages/gateway/test/payment-window/pages.test.ts',
    'holds nothing of the buyer, and no digit of the keypad',
  ),
  'V15.3.2': tested(
    '나가는 요청은 redirect를 따르지 않음',
    'Outgoing requests follow no redirects',
    'packages/gateway/test/outgoing/address-guard.test.ts',
    'a redirect is an answer and is not followed',
  ),
  'V15.3.3': tested(
    '허용한 항목만 받음(mass assignment)',
    'Only allowed fields are read (mass assignment)',
    'packages/gateway/test/bad-inputs.test.ts',
    'a leaked MerchantKey field is ignored, reported, and nowhere to be found',
  ),
  'V15.3.4': tested(
    '사용자의 주소를 위조할 수 없음',
    'A client’s address cannot be forged',
    'packages/gateway/test/admission/receive-body.test.ts',
    'behind a proxy the bound is that of the client which the proxy names',
  ),
  'V15.3.5': tested(
    '엄격한 타입과 비교',
    'Strict types and comparisons',
    'packages/protocol/test/formats.test.ts',
    '${wireName} rejects ${JSON.stringify(text)}',
  ),
  'V15.3.6': tested(
    'prototype pollution 방지',
    'No prototype pollution',
    'packages/protocol/test/form.test.ts',
    'decoding never throws for any bytes and gives an object without a prototype',
  ),
  'V15.3.7': tested(
    '같은 이름의 매개변수가 여러 번 와도 안전(HPP)',
    'A duplicate parameter does no harm (HPP)',
    'packages/gateway/test/bad-inputs.test.ts',
    'one field twice: the same value is accepted, another value is rejected',
  ),
  'V15.4.1': tested(
    '공유하는 것에 안전하게 접근',
    'Shared objects are accessed safely',
    'packages/gateway/test/storage/sqlite.test.ts',
    'a transaction sees what earlier ones of its group wrote; a conditional update has one winner',
  ),
  'V15.4.2': tested(
    '확인과 실행이 한 동작(TOCTOU)',
    'Check and act are one operation (TOCTOU)',
    'packages/gateway/test/approval/store.test.ts',
    'a transition with an expected version applies to that version only',
  ),
  'V15.4.3': tested(
    '교착 상태가 풀림',
    'Deadlocks are resolved',
    'packages/gateway/test/storage/postgres.test.ts',
    'of two transactions in a deadlock one is run again, and both succeed',
  ),
  'V15.4.4': tested(
    '아무도 굶지 않게 자원을 나눔',
    'Resources are shared without starvation',
    'packages/gateway/test/admission/admit.test.ts',
    'whose share is full leaves room for others, for other calls and for probes',
  ),
}
