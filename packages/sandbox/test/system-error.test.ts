import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explainSystemError } from '../src/system-error.ts'

interface Given {
  readonly code: string
  readonly path?: string
  readonly syscall?: string
  readonly address?: string
  readonly hostname?: string
  readonly port?: number
  readonly errcode?: number
}

const file = { path: '/data/x' }
const explained: readonly (readonly [Given, ko: RegExp, en: RegExp])[] = [
  [
    { ...file, code: 'EACCES' },
    /^\/data\/x: .*권한이 없습니다\(EACCES\).*chmod.*다른 폴더를/,
    /no permission.*another/,
  ],
  [{ ...file, code: 'EPERM' }, /권한이 없습니다\(EPERM\).*chown/, /\(EPERM\).*chown/],
  [{ ...file, code: 'EEXIST' }, /파일이 있습니다\(EEXIST\).*옮기거나, 다른 폴더를/, /must be \(EEXIST\).*Move/],
  [{ ...file, code: 'ENOTDIR' }, /파일이 있습니다\(ENOTDIR\).*옮기거나/, /\(ENOTDIR\).*Move/],
  [{ ...file, code: 'EISDIR' }, /폴더가 있습니다\(EISDIR\).*파일의 이름/, /\(EISDIR\).*Name a file/],
  [{ ...file, code: 'ENOENT' }, /\/data\/x: 없습니다\(ENOENT\).*확인하거나, 다른/, /\(ENOENT\).*Check/],
  [{ ...file, code: 'EROFS' }, /읽기 전용.*\(EROFS\).*다른 폴더를/, /read-only \(EROFS\)/],
  [{ ...file, code: 'ENOSPC' }, /남은 자리가 없습니다\(ENOSPC\). 자리를 비우거나/, /no space.*Free some/],
  [{ ...file, code: 'EDQUOT' }, /남은 자리가 없습니다\(EDQUOT\)/, /no space.*\(EDQUOT\)/],
  [{ ...file, code: 'EMFILE' }, /열린 파일.*ulimit/, /too many files.*ulimit/],
  [{ code: 'EACCES', syscall: 'listen', address: '::1', port: 80 }, /^::1의 80번 포트.*1024 이상/, /port 80 .*1024/],
  [{ code: 'EADDRNOTAVAIL', syscall: 'listen', address: '10.9.9.9', port: 1 }, /^10\.9\.9\.9: .*--host/, /--host/],
  [{ code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'no.invalid' }, /^no\.invalid: .*--host/, /--host/],
  [{ code: 'ERR_SQLITE_ERROR', errcode: 13 }, /남은 자리가 없습니다\(SQLITE_13\)/, /no space/],
  [{ code: 'ERR_SQLITE_ERROR', errcode: 14 }, /권한이 없습니다\(SQLITE_14\)/, /no permission/],
  [{ code: 'ERR_SQLITE_ERROR', errcode: 0x408 }, /권한이 없습니다\(SQLITE_8\)/, /no permission/],
]
for (const [given, ko, en] of explained)
  test(`cause and cure: ${given.code} ${given.syscall ?? ''}${given.errcode ?? ''}`, () => {
    const text = explainSystemError(Object.assign(new Error('raw'), given))
    assert.match(text?.ko ?? '', ko)
    assert.match(text?.en ?? '', en)
  })

test('the cause behind an error counts, another folder is named as the caller says, and bugs stay as they are', () => {
  const cause = Object.assign(new Error('raw'), { code: 'ENOSPC' })
  const elsewhere = { ko: 'TMPDIR을 바꾸세요', en: 'set TMPDIR' }
  const text = explainSystemError(new Error('wrapped', { cause }), elsewhere)
  assert.match(text?.ko ?? '', /자리를 비우거나, TMPDIR을 바꾸세요$/)
  assert.match(text?.en ?? '', /Free some, or set TMPDIR$/)
  for (const bug of [
    new TypeError('x is not a function'),
    'text',
    undefined,
    Object.assign(new Error('raw'), { code: 'X' }),
  ])
    assert.equal(explainSystemError(bug), undefined)
})
