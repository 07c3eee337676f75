import { documented, gap, notApplicable, type Requirements, tested } from './model.ts'

const controls = 'docs/security/controls.md'
const cryptography = 'test/cryptography.test.ts'

/** Cryptography. */
export const asvsV11: Requirements = {
  'V11.1.1': documented('키의 생애와 관리 방침', 'Key management policy and key life', controls, 'Keys'),
  'V11.1.2': documented(
    '키·알고리즘·인증서의 목록',
    'Inventory of keys, algorithms and certificates',
    controls,
    'Keys',
  ),
  'V11.1.3': tested(
    '암호를 쓰는 곳을 모두 찾아냄',
    'Every use of cryptography is found',
    cryptography,
    'every file that uses cryptography is in the inventory, and the inventory names no other',
  ),
  'V11.1.4': documented(
    '새 암호 표준으로 옮길 계획',
    'Plan to migrate to new algorithms',
    controls,
    'Changing keys and algorithms',
  ),
  'V11.2.1': documented('검증된 구현만 사용', 'Validated implementations only', controls, 'Keys'),
  'V11.2.2': tested(
    '키와 알고리즘을 바꿀 수 있음',
    'Keys can be replaced',
    'packages/gateway/test/key-rotation/rotate-root-key.test.ts',
    '64 approvals at once, again and again while the key is rotated: none fails, and nothing is left under the old key',
  ),
  'V11.2.3': documented('모두 128비트 이상의 강도', 'At least 128 bits of security', controls, 'Keys'),
  'V11.2.4': tested(
    '비교에 걸리는 시간이 일정',
    'Comparisons take constant time',
    'packages/protocol/test/signature.test.ts',
    'signatures match only themselves, at any length',
  ),
  'V11.2.5': tested(
    '실패가 정보를 주지 않음(padding oracle)',
    'Failures reveal nothing (padding oracle)',
    'packages/gateway/test/members/delete.test.ts',
    'whatever cannot be opened gets one and the same answer',
  ),
  'V11.3.1': tested(
    'ECB와 약한 패딩을 쓰지 않음',
    'No ECB, no weak padding',
    cryptography,
    'ciphers and digests are those of the inventory',
  ),
  'V11.3.2': tested(
    '승인된 암호와 모드만',
    'Approved ciphers and modes only',
    cryptography,
    'ciphers and digests are those of the inventory',
  ),
  'V11.3.3': tested(
    '암호문의 변조를 알아냄',
    'Modified ciphertext is detected',
    'packages/gateway/test/keyring.test.ts',
    'a ciphertext with any changed bit is rejected',
  ),
  'V11.3.4': gap('nonce를 다시 쓰지 않음', 'Nonces are never used twice', {
    ko: '저장 암호화는 지킵니다. 안내서가 EncData의 IV를 0으로 정하므로 전문 규격이 바뀌어야 합니다.',
    en: 'Met at rest. The guide prescribes a zero IV for EncData, so the wire protocol would have to change.',
  }),
  'V11.3.5': gap('암호화한 뒤 MAC', 'Encrypt, then MAC', {
    ko: 'EncData에는 MAC이 없습니다. 네 겹의 확인으로 막으며, 없애려면 전문 규격이 바뀌어야 합니다.',
    en: 'EncData has no MAC; four checks compensate for it. Closing the gap needs a change of the wire protocol.',
  }),
  'V11.4.1': tested(
    '승인된 해시만',
    'Approved hash functions only',
    cryptography,
    'ciphers and digests are those of the inventory',
  ),
  'V11.4.2': tested(
    '비밀번호는 Argon2id로 저장',
    'Passwords are stored by Argon2id',
    'packages/gateway/test/members/password.test.ts',
    'a hash needs the pepper, says how it was made, and never repeats',
  ),
  'V11.4.3': tested(
    '서명용 해시 256비트 이상',
    'Hashes of signatures have 256 bits',
    'packages/protocol/test/signature.test.ts',
    'vector: ${name}',
  ),
  'V11.4.4': notApplicable('비밀번호에서 만든 키', 'Keys derived from passwords', {
    ko: '비밀번호에서 키를 만들지 않습니다.',
    en: 'No key is derived from a password.',
  }),
  'V11.5.1': tested(
    '추측할 수 없는 값은 안전한 난수 128비트 이상',
    'Unguessable values are random, 128 bits and more',
    'packages/gateway/test/runtime.test.ts',
    'random bytes come in every length, and none are given twice',
  ),
  'V11.5.2': tested(
    '부하에서도 안전한 난수',
    'Random numbers stay safe under load',
    'packages/gateway/test/runtime.test.ts',
    'random bytes that were given out do not change when more are drawn',
  ),
  'V11.6.1': tested(
    '승인된 공개 키 알고리즘만',
    'Approved public key algorithms only',
    'packages/gateway/test/passkeys/rejected.test.ts',
    'rejected at registration and at payment: ${name}',
  ),
  'V11.6.2': tested(
    '안전한 키 교환',
    'Safe key exchange',
    'packages/gateway/test/listen-tls.test.ts',
    'rejects ${what}',
  ),
  'V11.7.1': gap('사용 중인 메모리의 암호화', 'Memory is encrypted while in use', {
    ko: '메모리를 암호화하는 기계(AMD SEV, Intel TDX)에서 운영해야 합니다.',
    en: 'Running on machines that encrypt memory (AMD SEV, Intel TDX).',
  }),
  'V11.7.2': tested(
    '처리하는 동안 드러나는 데이터를 최소로',
    'As little data as possible is exposed in use',
    'packages/gateway/test/request-log/recording.test.ts',
    'of a submit only the step and the rejection are kept, never the input',
  ),
}
