import { notApplicable, type Requirements, tested } from './model.ts'
import { reasons } from './reasons.ts'

/** Encoding and sanitization. */
export const asvsV1: Requirements = {
  'V1.1.1': tested(
    '입력을 검증 전에 한 번만 디코딩',
    'Input is decoded once, before it is validated',
    'packages/protocol/test/form.test.ts',
    'a form that can be written reads back the same',
  ),
  'V1.1.2': tested(
    '출력 인코딩은 쓰는 곳에서 마지막에',
    'Output is encoded last, where it is written',
    'packages/gateway/test/payment-window/pages.test.ts',
    'shows shop, goods and amount, escaped, and the skin',
  ),
  'V1.2.1': tested(
    'HTML·헤더 문맥에 맞는 출력 인코딩',
    'Output encoding fits its HTML or header context',
    'test/e2e/xss.test.ts',
    'the lists of the console show them as texts',
  ),
  'V1.2.2': tested(
    'URL을 만들 때 인코딩하고 안전한 스킴만 허용',
    'URLs are built encoded, and only web schemes are followed',
    'packages/browser/test/drop-in.browser.test.ts',
    'an abort to anything but a web URL is not posted',
  ),
  'V1.2.3': tested(
    'JavaScript와 JSON에 값이 코드로 섞이지 않음',
    'No value becomes code in JavaScript or JSON',
    'packages/gateway/test/payment-window/language.test.ts',
    'no page may turn a string into markup or code',
  ),
  'V1.2.4': tested(
    'SQL은 매개변수로만 값을 받음',
    'SQL takes values as parameters only',
    'packages/gateway/test/storage/sql-in-values.test.ts',
    'texts that look like SQL are stored, found and shown as texts',
  ),
  'V1.2.5': tested(
    '운영체제 명령을 부르지 않음',
    'No operating system command is run',
    'test/dangerous-functions.test.ts',
    'published code runs no command, evaluates no text and keeps nothing in the browser',
  ),
  'V1.2.6': notApplicable('LDAP 주입', 'LDAP injection', reasons.noSuchPart('LDAP', 'LDAP')),
  'V1.2.7': notApplicable('XPath 주입', 'XPath injection', reasons.noSuchPart('XPath', 'XPath')),
  'V1.2.8': notApplicable('LaTeX 주입', 'LaTeX injection', reasons.noSuchPart('LaTeX', 'LaTeX')),
  'V1.2.9': tested(
    '정규식에 입력을 넣지 않거나 이스케이프',
    'Input never becomes part of a regular expression unescaped',
    'test/dangerous-functions.test.ts',
    'a regular expression is put together from constants only',
  ),
  'V1.2.10': tested(
    'CSV 수식 주입 방지와 RFC 4180 이스케이프',
    'CSV cells are escaped (RFC 4180) and never formulas',
    'packages/gateway/test/console/csv.test.ts',
    'as CSV ${JSON.stringify(text)} is ${JSON.stringify(written)}',
  ),
  'V1.3.1': notApplicable('HTML 편집기 입력의 정화', 'HTML of editors is sanitized', {
    ko: 'HTML을 입력으로 받지 않습니다.',
    en: 'No input is HTML.',
  }),
  'V1.3.2': tested(
    'eval 같은 동적 실행이 없음',
    'No eval or other dynamic execution',
    'test/dangerous-functions.test.ts',
    'published code runs no command, evaluates no text and keeps nothing in the browser',
  ),
  'V1.3.3': tested(
    '위험한 문맥에 가는 값은 문자와 길이를 제한',
    'Characters and length are limited before risky contexts',
    'packages/gateway/test/bad-inputs.test.ts',
    '${field}: control characters and line breaks are ${rejected}',
  ),
  'V1.3.4': notApplicable('사용자 SVG의 정화', 'SVG of users is sanitized', reasons.noFiles),
  'V1.3.5': notApplicable('사용자 템플릿·Markdown·CSS의 정화', 'Templates, Markdown and CSS of users', {
    ko: '템플릿, Markdown, 스타일을 입력으로 받지 않습니다.',
    en: 'No input is a template, Markdown or a style sheet.',
  }),
  'V1.3.6': tested(
    '다른 서버에 보내는 요청의 주소 검증(SSRF)',
    'Addresses of outgoing requests are validated (SSRF)',
    'packages/gateway/test/outgoing/address-guard.test.ts',
    'the connected peer is judged again: a name that changes its mind gets not one byte',
  ),
  'V1.3.7': tested(
    '입력으로 템플릿을 만들지 않음',
    'No template is built from input',
    'test/dangerous-functions.test.ts',
    'published code runs no command, evaluates no text and keeps nothing in the browser',
  ),
  'V1.3.8': notApplicable('JNDI 주입', 'JNDI injection', reasons.noSuchPart('JNDI', 'JNDI')),
  'V1.3.9': notApplicable('memcache 주입', 'Memcache injection', reasons.noSuchPart('memcache', 'memcache')),
  'V1.3.10': notApplicable('형식 문자열', 'Format strings', {
    ko: '로그의 값은 JSON 필드이며 형식 문자열이 없습니다.',
    en: 'Values in the log are JSON fields; there are no format strings.',
  }),
  'V1.3.11': notApplicable('메일 서버 주입', 'Mail injection', {
    ko: '메일을 보내지 않습니다.',
    en: 'The gateway sends no mail.',
  }),
  'V1.3.12': tested(
    '지수 시간이 걸리는 정규식이 없음(ReDoS)',
    'No regular expression backtracks beyond linear time (ReDoS)',
    'packages/sandbox/test/diagnosis/linear-patterns.test.ts',
    'no regular expression looks for the end of a run from each of its characters on, which is quadratic',
  ),
  'V1.4.1': notApplicable('메모리 안전한 문자열과 포인터', 'Memory-safe strings and pointers', reasons.managedMemory),
  'V1.4.2': tested(
    '정수 넘침 방지',
    'Integer overflow is prevented',
    'packages/gateway/test/storage/postgres.test.ts',
    'money and milliseconds are numbers, and what a number cannot hold is rejected',
  ),
  'V1.4.3': notApplicable('해제한 메모리의 참조', 'References to freed memory', reasons.managedMemory),
  'V1.5.1': notApplicable('XML 외부 엔티티', 'XML external entities', reasons.noSuchPart('XML', 'XML')),
  'V1.5.2': tested(
    '안전한 역직렬화: 표에 있는 필드만 텍스트로 읽음',
    'Safe deserialization: only fields of a table, as text',
    'packages/protocol/test/message-codec.test.ts',
    'reading never throws, and what was read either writes again or is only tolerated',
  ),
  'V1.5.3': tested(
    '같은 자료를 읽는 파서가 서로 다르게 읽지 않음',
    'Parsers of the same data agree',
    'packages/gateway/test/outgoing/address-guard.test.ts',
    '${rejectedUrls.length} addresses are rejected before anything is connected to',
  ),
}
