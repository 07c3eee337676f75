import { documented, gap, notApplicable, type Requirements, tested } from './model.ts'
import { reasons } from './reasons.ts'

const controls = 'docs/security/controls.md'

/** Configuration. */
export const asvsV13: Requirements = {
  'V13.1.1': documented('필요한 모든 연결의 문서', 'Every connection is documented', controls, 'Connections'),
  'V13.1.2': documented(
    '연결 수의 한도와 넘을 때의 동작',
    'Limits of connections and what happens beyond',
    controls,
    'Connections',
  ),
  'V13.1.3': documented('시간 제한과 재시도의 문서', 'Timeouts and retries are documented', controls, 'Connections'),
  'V13.1.4': documented(
    '중요한 비밀과 교체 주기',
    'Critical secrets and when they are rotated',
    controls,
    'Changing keys and algorithms',
  ),
  'V13.2.1': tested(
    '뒤쪽 서비스와 개별 자격으로 인증',
    'Backend services have their own credentials',
    'packages/gateway/test/outgoing/credentials.test.ts',
    'a server that requires a client certificate sees ours, and rejects who has none or another',
  ),
  'V13.2.2': documented('가장 작은 권한의 계정', 'Accounts with least privilege', controls, 'Connections'),
  'V13.2.3': tested(
    '기본 자격 증명을 쓰지 않음',
    'No default credentials',
    'packages/gateway/test/unsafe-settings.test.ts',
    '${name} (${index + 1}): rejected with variable, cure and override',
  ),
  'V13.2.4': tested(
    '나가는 연결의 허용 목록',
    'Outgoing connections follow an allow-list',
    'packages/gateway/test/outgoing/address-guard.test.ts',
    'the runtime guards what is marked, and asks our own services as before',
  ),
  'V13.2.5': tested(
    '서버가 요청할 수 있는 주소의 허용 목록',
    'Addresses that the server may call are restricted',
    'packages/gateway/test/outgoing/address-guard.test.ts',
    '${rejectedUrls.length} addresses are rejected before anything is connected to',
  ),
  'V13.2.6': tested(
    '문서대로 연결하고 다시 시도',
    'Connections and retries follow the documentation',
    'packages/gateway/test/outgoing/circuit-breaker.test.ts',
    'opens after several failures in a row, half-open one probe at a time, and no call is lost or doubled',
  ),
  'V13.3.1': documented(
    '비밀 저장소의 사용, 코드에 비밀 없음',
    'A secret store is used; no secret is in the code',
    controls,
    'Keys',
  ),
  'V13.3.2': tested(
    '비밀은 필요한 사람만 읽음',
    'Secrets are read by their owner only',
    'packages/gateway/test/main.test.ts',
    'the first start makes a private root key; a lost key is not replaced',
  ),
  'V13.3.3': gap('격리된 보안 모듈에서의 암호 연산', 'Cryptography in an isolated module', {
    ko: '루트 키를 HSM이나 KMS에 두고 그곳에서 파생하는 구현이 필요합니다.',
    en: 'A key ring whose root key stays in an HSM or KMS.',
  }),
  'V13.3.4': tested(
    '비밀의 만료와 교체',
    'Secrets expire and are rotated',
    'packages/gateway/test/key-rotation/command.test.ts',
    'an operator replaces the root key of a gateway while it serves',
  ),
  'V13.4.1': tested(
    '배포물에 소스 관리 정보가 없음',
    'No source control metadata is deployed',
    'test/packages.test.ts',
    '${name}: what is published leads to what was built, runs no script when installed and is described',
  ),
  'V13.4.2': tested(
    '운영 환경에 디버그 기능이 없음',
    'No debug mode in production',
    'packages/gateway/test/payment-window/explanation.test.ts',
    'outside a sandbox a wrong signature is not explained, on the page or in the log',
  ),
  'V13.4.3': tested(
    '폴더 목록을 보이지 않음',
    'No directory listings',
    'packages/gateway/test/gateway.test.ts',
    'the gateway says that it lives, and what is nowhere is a page for people',
  ),
  'V13.4.4': tested(
    'HTTP TRACE를 지원하지 않음',
    'HTTP TRACE is not supported',
    'packages/gateway/test/http/raw-requests.test.ts',
    'TRACE and CONNECT echo nothing',
  ),
  'V13.4.5': tested(
    '문서와 감시 주소를 밖에 열지 않음',
    'Monitoring is not exposed',
    'packages/gateway/test/telemetry/metrics.test.ts',
    'metrics are on the console only',
  ),
  'V13.4.6': tested(
    '구성 요소의 버전을 알리지 않음',
    'Versions of components are not exposed',
    'packages/gateway/test/http/raw-requests.test.ts',
    'no answer names the software or its version',
  ),
  'V13.4.7': notApplicable('정해진 확장자의 파일만 제공', 'Only expected file types are served', reasons.noFiles),
}
