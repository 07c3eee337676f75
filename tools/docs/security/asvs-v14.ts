import { documented, notApplicable, type Requirements, tested } from './model.ts'
import { reasons } from './reasons.ts'

const controls = 'docs/security/controls.md'

/** Data protection. */
export const asvsV14: Requirements = {
  'V14.1.1': documented('민감한 데이터의 등급', 'Sensitive data is classified', controls, 'Data'),
  'V14.1.2': documented('등급별 보호 방법', 'Each class has its protection', controls, 'Data'),
  'V14.2.1': tested(
    '주소에 세션 토큰 등 민감한 값 없음',
    'No sensitive values in URLs',
    'packages/gateway/test/payment-window/browser-binding.test.ts',
    'is rejected when it comes by the address alone',
  ),
  'V14.2.2': tested(
    '서버 쪽 캐시에 남지 않음',
    'Nothing sensitive stays in caches of servers',
    'packages/gateway/test/payment-window/pages.test.ts',
    'keeps to itself: policy, no store, no sniffing, no referrer, no frame',
  ),
  'V14.2.3': tested(
    '제삼자에게 보내지 않음',
    'Nothing is sent to third parties',
    'packages/sandbox/test/window-check/check-window.test.ts',
    'an unchanged window matches the inventory, directly and through the proxy',
  ),
  'V14.2.4': tested(
    '등급별 보호의 구현',
    'The protection of each class is implemented',
    'packages/gateway/test/storage/canary.test.ts',
    'no key, card number, expiry, password, name, phone or birth date is stored or logged in clear',
  ),
  'V14.2.5': tested(
    '없는 주소가 캐시될 다른 내용으로 답하지 않음',
    'Unknown addresses are 404, never other content',
    'packages/gateway/test/gateway.test.ts',
    'the gateway says that it lives, and what is nowhere is a page for people',
  ),
  'V14.2.6': tested(
    '필요한 만큼만, 가려서 보임',
    'Only what is needed is shown, masked',
    'packages/gateway/test/vault/vault.test.ts',
    'a registered card is listed masked and used in clear',
  ),
  'V14.2.7': tested(
    '보관 기간이 지나면 자동 삭제',
    'Data is deleted on a schedule',
    'packages/gateway/test/approval/remove-unauthenticated.test.ts',
    'what ended without an authentication is deleted after its days with all its rows, and everything else stays',
  ),
  'V14.2.8': notApplicable('올린 파일의 메타데이터 제거', 'Metadata of uploaded files', reasons.noFiles),
  'V14.3.1': tested(
    '끝난 뒤 브라우저에 남지 않음',
    'Nothing stays in the browser afterwards',
    'test/e2e/mobile.test.ts',
    'back, reload and a second tab of the window are harmless',
  ),
  'V14.3.2': tested(
    '민감한 화면의 no-store',
    'no-store on sensitive pages',
    'packages/gateway/test/payment-window/pages.test.ts',
    'keeps to itself: policy, no store, no sniffing, no referrer, no frame',
  ),
  'V14.3.3': tested(
    '브라우저 저장소를 쓰지 않음',
    'Nothing is kept in browser storage',
    'test/dangerous-functions.test.ts',
    'published code runs no command, evaluates no text and keeps nothing in the browser',
  ),
}
