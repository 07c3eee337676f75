import { documented, gap, notApplicable, type Requirements, tested } from './model.ts'

/** Web frontend security. */
export const asvsV3: Requirements = {
  'V3.1.1': documented(
    '브라우저가 지원해야 하는 보안 기능과 없을 때의 동작',
    'Security features that browsers need, and what happens without',
    'docs/security/controls.md',
    'Browsers',
  ),
  'V3.2.1': tested(
    '응답이 엉뚱한 문맥에서 열리지 않음',
    'Responses cannot be rendered in a wrong context',
    'packages/gateway/test/browser-safety/response-headers.test.ts',
    'what is no page is sandboxed, also when somebody opens its address',
  ),
  'V3.2.2': tested(
    '텍스트는 텍스트로만 표시',
    'Text is rendered by safe functions',
    'packages/gateway/test/payment-window/accessibility.browser.test.ts',
    'nothing on a page turns a string into markup',
  ),
  'V3.2.3': gap('DOM clobbering 방지', 'DOM clobbering is prevented', {
    ko: '이름이 전역과 같은 요소를 둔 페이지로 스크립트를 시험하면 됩니다.',
    en: 'A browser test of the scripts on a page whose elements are named like globals.',
  }),
  'V3.3.1': tested(
    '쿠키의 Secure와 접두사',
    'Cookies are Secure and have a prefix',
    'packages/gateway/test/browser-safety/session-cookie.test.ts',
    'over ${what} the cookie is one that no neighbouring host can set',
  ),
  'V3.3.2': tested(
    '쿠키 용도에 맞는 SameSite',
    'SameSite of each cookie fits its purpose',
    'packages/gateway/test/browser-safety/response-headers.test.ts',
    'a cookie is HttpOnly, says SameSite and is short',
  ),
  'V3.3.3': tested(
    '쿠키의 __Host- 접두사',
    'Cookies have the prefix __Host-',
    'packages/gateway/test/browser-safety/session-cookie.test.ts',
    'over ${what} the cookie is one that no neighbouring host can set',
  ),
  'V3.3.4': tested(
    '세션 쿠키는 HttpOnly',
    'Session cookies are HttpOnly',
    'packages/gateway/test/browser-safety/response-headers.test.ts',
    'a cookie is HttpOnly, says SameSite and is short',
  ),
  'V3.3.5': tested(
    '쿠키 이름과 값이 4096바이트 이하',
    'Name and value of a cookie fit into 4096 bytes',
    'packages/gateway/test/browser-safety/response-headers.test.ts',
    'a cookie is HttpOnly, says SameSite and is short',
  ),
  'V3.4.1': tested(
    'HSTS 1년 이상, 하위 도메인 포함',
    'HSTS for a year and more, subdomains included',
    'packages/gateway/test/browser-safety/security-headers.test.ts',
    '${path}: TLS is promised for a year on TLS, never on plain http or for a host of this machine',
  ),
  'V3.4.2': tested(
    'CORS를 고정 값이나 허용 목록으로만',
    'CORS only by a fixed value or an allow-list',
    'packages/gateway/test/browser-safety/response-headers.test.ts',
    'no answer lets another origin read it',
  ),
  'V3.4.3': tested(
    'nonce나 해시를 쓰는 Content-Security-Policy',
    'Content-Security-Policy with nonces or hashes',
    'packages/gateway/test/payment-window/pages.test.ts',
    'keeps to itself: policy, no store, no sniffing, no referrer, no frame',
  ),
  'V3.4.4': tested(
    '모든 응답에 nosniff',
    'nosniff on every response',
    'packages/gateway/test/browser-safety/response-headers.test.ts',
    'every answer with a body names its type and charset, and forbids sniffing',
  ),
  'V3.4.5': tested(
    'Referer로 주소가 새지 않음',
    'A referrer policy keeps addresses private',
    'packages/gateway/test/payment-window/pages.test.ts',
    'keeps to itself: policy, no store, no sniffing, no referrer, no frame',
  ),
  'V3.4.6': tested(
    '모든 응답의 frame-ancestors',
    'frame-ancestors on every response',
    'packages/gateway/test/browser-safety/response-headers.test.ts',
    'no answer may be framed, but for the window by the page that opened it',
  ),
  'V3.4.7': gap('CSP 위반 보고 주소', 'CSP names an address for reports', {
    ko: '위반을 받아 횟수를 제한해 기록하는 주소와 report-to 지시어가 필요합니다.',
    en: 'An endpoint that takes reports within a rate limit, and report-to.',
  }),
  'V3.4.8': gap('문서에 Cross-Origin-Opener-Policy', 'Cross-Origin-Opener-Policy on documents', {
    ko: '콘솔에는 있습니다. 결제창에는 PC·모바일 흐름을 브라우저로 시험한 뒤 넣어야 합니다.',
    en: 'The console has it; the window needs it, with a browser test of both flows.',
  }),
  'V3.5.1': tested(
    '다른 사이트가 보낸 요청을 거절(CSRF)',
    'Requests of other sites are rejected (CSRF)',
    'packages/gateway/test/browser-safety/csrf.test.ts',
    '${route} does nothing but for its own page',
  ),
  'V3.5.2': tested(
    'preflight 없이는 부를 수 없음',
    'Nothing sensitive works without the preflight it relies on',
    'packages/gateway/test/browser-safety/csrf.test.ts',
    'every route that may change something stands in one of the tables, and the tables name no other',
  ),
  'V3.5.3': tested(
    '바꾸는 기능은 GET으로 되지 않음',
    'What changes something does not work by GET',
    'packages/gateway/test/browser-safety/csrf.test.ts',
    '${route} does nothing without what only its caller has',
  ),
  'V3.5.4': documented(
    '결제창과 콘솔은 다른 호스트 이름',
    'Window and console have different host names',
    'docs/security/controls.md',
    'Browsers',
  ),
  'V3.5.5': tested(
    'postMessage의 출처와 형식 확인',
    'Origin and form of postMessage are checked',
    'test/e2e/messages.test.ts',
    'only messages of the window are accepted, the window accepts none of others, and the payment completes',
  ),
  'V3.5.6': tested(
    'JSONP 없음',
    'No JSONP',
    'packages/gateway/test/browser-safety/response-headers.test.ts',
    'a name of a callback changes no answer',
  ),
  'V3.5.7': tested(
    '스크립트 파일에 권한이 필요한 데이터 없음',
    'Scripts hold no data that needs authorization',
    'packages/gateway/test/gateway.test.ts',
    'the drop-in script is served under any version and revalidated',
  ),
  'V3.5.8': tested(
    '그림 등 자원은 자기 세션에서만',
    'Resources load for their own session only',
    'packages/gateway/test/payment-window/pages.test.ts',
    'a picture is for its own session only',
  ),
  'V3.6.1': tested(
    '외부 자원을 쓰지 않거나 SRI로 확인',
    'No external assets, or with SRI',
    'packages/gateway/test/console/console.test.ts',
    'pages load nothing from other origins and may not be framed',
  ),
  'V3.7.1': tested(
    '지원이 끝난 플러그인 기술을 쓰지 않음',
    'No client technology without support',
    'test/e2e/keyboard.test.ts',
    'with scripts off a first payment can be made',
  ),
  'V3.7.2': tested(
    '다른 호스트로는 허용 목록에 있을 때만 보냄',
    'Redirects to other hosts only by an allow-list',
    'packages/gateway/test/payment-window/origins.test.ts',
    '${what} is rejected, in both languages and by field name; nothing is stored',
  ),
  'V3.7.3': notApplicable('외부로 나가기 전 알림', 'A warning before leaving for another site', {
    ko: '결제창은 등록된 상점 주소로만 돌아가며, 돌아가는 것이 그 목적입니다.',
    en: 'The window returns to registered addresses of the shop only; returning is its purpose.',
  }),
  'V3.7.4': documented(
    'HSTS preload 목록 등록',
    'The domain is on the HSTS preload list',
    'docs/security/controls.md',
    'Browsers',
  ),
  'V3.7.5': tested(
    '기능이 없는 브라우저에서 문서대로 동작',
    'Browsers without a feature meet what is documented',
    'packages/gateway/test/passkeys/window.test.ts',
    'without a script the buttons stay hidden, and deleting works all the same',
  ),
}
