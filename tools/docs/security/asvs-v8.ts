import { documented, gap, type Requirements, tested } from './model.ts'

const controls = 'docs/security/controls.md'

/** Authorization. */
export const asvsV8: Requirements = {
  'V8.1.1': documented('누가 무엇을 할 수 있는지의 문서', 'Who may do what is documented', controls, 'Who may do what'),
  'V8.1.2': documented('항목별 열람·변경 권한의 문서', 'Access to fields is documented', controls, 'Who may do what'),
  'V8.1.3': documented(
    '판단에 쓰는 환경 속성의 문서',
    'Attributes of the environment that decide are documented',
    controls,
    'Who may do what',
  ),
  'V8.1.4': documented(
    '환경 속성을 어떻게 쓰는지의 문서',
    'How such attributes decide is documented',
    controls,
    'Who may do what',
  ),
  'V8.2.1': tested(
    '기능별 접근 권한',
    'Functions are restricted to who may use them',
    'packages/gateway/test/environment.test.ts',
    '${name}=${value}: named with its rule in two languages, nothing opened',
  ),
  'V8.2.2': tested(
    '남의 데이터에 접근 불가(IDOR)',
    'No access to the data of another user (IDOR)',
    'packages/gateway/test/vault/wallet.test.ts',
    'nobody names or deletes the card of another',
  ),
  'V8.2.3': tested(
    '권한 없는 항목은 보이지 않음',
    'Fields are shown only to who may see them',
    'packages/gateway/test/console/console.test.ts',
    'shows nothing of the buyer, no card number and no ticket in clear',
  ),
  'V8.2.4': gap('환경에 따른 적응형 통제', 'Adaptive controls by environment', {
    ko: '주소별 횟수 제한뿐입니다. 기기나 위치가 달라지면 더 확인하는 규칙이 필요합니다.',
    en: 'Only rate limits by address; a step-up on a new device or place would close it.',
  }),
  'V8.3.1': tested(
    '권한은 서버에서 확인',
    'Authorization is enforced on the server',
    'packages/gateway/test/payment-window/cards.test.ts',
    'are changed by nobody who has not shown the password, whatever is posted',
  ),
  'V8.3.2': tested(
    '권한의 변경은 곧바로 적용',
    'Changes of permissions hold immediately',
    'packages/gateway/test/merchants/merchants.test.ts',
    'a new key holds for the very next payment, also when another process has saved it',
  ),
  'V8.3.3': tested(
    '중개자가 아니라 당사자의 권한으로 판단',
    'Permissions of the subject count, not of a go-between',
    'packages/gateway/test/vault/vault.test.ts',
    'a card opens for its own member only, and not once deleted',
  ),
  'V8.4.1': tested(
    '가맹점 사이의 분리',
    'Tenants are kept apart',
    'packages/gateway/test/members/password.test.ts',
    'the same customer id at another easy-pay merchant is another member',
  ),
  'V8.4.2': gap('관리 화면의 여러 겹 보호', 'Administrative interfaces have several layers', {
    ko: '앞의 프록시가 로그인을 맡습니다. 게이트웨이 안의 운영자 계정과 기기 확인이 필요합니다.',
    en: 'The proxy in front does the login; accounts of operators and checks of devices inside would close it.',
  }),
}
