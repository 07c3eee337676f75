import { documented, gap, notApplicable, type Requirements, tested } from './model.ts'

const credentials = 'packages/gateway/test/outgoing/credentials.test.ts'

/** Secure communication. */
export const asvsV12: Requirements = {
  'V12.1.1': tested(
    'TLS 1.2와 1.3만',
    'TLS 1.2 and 1.3 only',
    'packages/sandbox/test/tls-listener.test.ts',
    'TLS 1.2 and 1.3 are spoken, 1.1 is not',
  ),
  'V12.1.2': tested(
    '권장 암호 스위트만',
    'Recommended cipher suites only',
    'packages/gateway/test/listen-tls.test.ts',
    'rejects ${what}',
  ),
  'V12.1.3': notApplicable('클라이언트 인증서의 확인', 'Client certificates are validated', {
    ko: '받는 쪽에서 클라이언트 인증서를 쓰지 않습니다.',
    en: 'No listener asks for client certificates.',
  }),
  'V12.1.4': gap('인증서 폐기 확인(OCSP stapling)', 'Revocation (OCSP stapling)', {
    ko: '리스너가 OCSP 응답을 붙이거나, 그렇게 하는 프록시 뒤에서 운영해야 합니다.',
    en: 'A listener that staples, or a proxy in front that does.',
  }),
  'V12.1.5': gap('Encrypted Client Hello', 'Encrypted Client Hello', {
    ko: 'Node.js에 없습니다. 지원하는 프록시 뒤에서 운영해야 합니다.',
    en: 'Node.js has none; a proxy in front that supports it.',
  }),
  'V12.2.1': tested(
    '밖에서 오는 연결은 TLS로만',
    'TLS for everything from outside',
    'packages/gateway/test/http/guard-public.test.ts',
    '${what}: ${status}',
  ),
  'V12.2.2': documented(
    '공개적으로 신뢰받는 인증서',
    'Publicly trusted certificates',
    'docs/security/controls.md',
    'Connections',
  ),
  'V12.3.1': tested(
    '나가고 들어오는 모든 연결을 암호화',
    'All connections are encrypted',
    'packages/gateway/test/unsafe-settings.test.ts',
    '${name} (${index + 1}): rejected with variable, cure and override',
  ),
  'V12.3.2': tested(
    '서버 인증서를 확인한 뒤에만 보냄',
    'Certificates of servers are validated first',
    credentials,
    'a server whose certificate another authority signed gets not one byte',
  ),
  'V12.3.3': notApplicable('내부 HTTP 서비스 사이의 TLS', 'TLS between internal HTTP services', {
    ko: '게이트웨이는 한 프로세스이며 내부 HTTP 서비스가 없습니다.',
    en: 'A gateway is one process without internal HTTP services.',
  }),
  'V12.3.4': tested(
    '자체 CA는 지정한 것만 신뢰',
    'Of own authorities only the named one is trusted',
    credentials,
    'a server whose certificate another authority signed gets not one byte',
  ),
  'V12.3.5': tested(
    '서비스 사이의 강한 인증(mTLS)',
    'Strong authentication between services (mTLS)',
    credentials,
    'a server that requires a client certificate sees ours, and rejects who has none or another',
  ),
}
