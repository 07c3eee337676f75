import { notApplicable, type Requirements, tested } from './model.ts'
import { reasons } from './reasons.ts'

const graphQl = reasons.noSuchPart('GraphQL', 'GraphQL')
const webSocket = reasons.noSuchPart('WebSocket', 'WebSocket')

/** API and web service. */
export const asvsV4: Requirements = {
  'V4.1.1': tested(
    '본문이 있는 응답마다 맞는 Content-Type과 charset',
    'Every body has its Content-Type and charset',
    'packages/gateway/test/browser-safety/response-headers.test.ts',
    'every answer with a body names its type and charset, and forbids sniffing',
  ),
  'V4.1.2': tested(
    'API를 HTTP에서 HTTPS로 몰래 옮기지 않음',
    'API calls are never redirected from HTTP to HTTPS',
    'packages/gateway/test/browser-safety/response-headers.test.ts',
    'no call over plain HTTP is redirected',
  ),
  'V4.1.3': tested(
    '중간 서버의 헤더를 사용자가 덮어쓸 수 없음',
    'Headers of proxies cannot be set by users',
    'packages/gateway/test/admission/receive-body.test.ts',
    'behind a proxy the bound is that of the client which the proxy names',
  ),
  'V4.1.4': tested(
    '쓰지 않는 HTTP 메서드 차단',
    'Unused HTTP methods are blocked',
    'packages/gateway/test/front-page.test.ts',
    'other methods and other paths are unknown as before',
  ),
  'V4.1.5': tested(
    '중요한 전문마다 서명',
    'Sensitive messages are signed one by one',
    'packages/protocol/test/signature.test.ts',
    'a payment signature changes when any signed part changes',
  ),
  'V4.2.1': tested(
    '메시지 경계가 모호한 요청 거절(request smuggling)',
    'Ambiguous message boundaries are rejected (request smuggling)',
    'packages/gateway/test/http/raw-requests.test.ts',
    '${name} is rejected, and nobody answers it',
  ),
  'V4.2.2': tested(
    '보내는 Content-Length가 본문과 같음',
    'Content-Length that is sent matches the body',
    'packages/gateway/test/notifications/deliver.test.ts',
    'the complete form arrives in ${charset}',
  ),
  'V4.2.3': notApplicable('HTTP/2의 연결 헤더', 'Connection headers in HTTP/2', reasons.httpOneOnly),
  'V4.2.4': notApplicable('HTTP/2 헤더의 줄바꿈', 'Line breaks in HTTP/2 headers', reasons.httpOneOnly),
  'V4.2.5': tested(
    '지나치게 긴 주소와 헤더를 만들지 않음',
    'No address or header is built too long',
    'packages/merchant/test/receive-return.test.ts',
    'a post too large for an address is received as it is',
  ),
  'V4.3.1': notApplicable('GraphQL 질의 제한', 'GraphQL queries are limited', graphQl),
  'V4.3.2': notApplicable('GraphQL introspection', 'GraphQL introspection', graphQl),
  'V4.4.1': notApplicable('WebSocket은 TLS로만', 'WebSocket over TLS only', webSocket),
  'V4.4.2': notApplicable('WebSocket의 Origin 확인', 'Origin of WebSocket handshakes', webSocket),
  'V4.4.3': notApplicable('WebSocket 전용 토큰', 'Tokens for WebSocket', webSocket),
  'V4.4.4': notApplicable('WebSocket 토큰의 발급', 'Issuing tokens for WebSocket', webSocket),
}
