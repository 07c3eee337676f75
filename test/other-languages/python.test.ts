import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { openBody } from '@sspay/protocol/sealed-body'
import { testMerchant } from '@sspay/sandbox'
import { python } from './languages.ts'
import { shopContract } from './shop-contract.ts'

shopContract(python)

const folder = resolve(import.meta.dirname, '../../examples/python')
const merchantKey = testMerchant.merchantKey.expose()

/** `hidden`: a module that Python must not find, as if it were not installed. */
const encryptInPython = (bodies: readonly object[], hidden: string): readonly string[] =>
  execFileSync(
    'python3',
    [
      '-c',
      `import json, sys
sys.modules['${hidden}'] = None
from types import SimpleNamespace
from wire import encrypt_body
given = json.load(sys.stdin)
settings = SimpleNamespace(merchant_key=given['key'], merchant_id='ssptest01m')
print('\\n'.join(encrypt_body(settings, body)['EncData'] for body in given['bodies']))`,
    ],
    {
      cwd: folder,
      input: JSON.stringify({ key: merchantKey, bodies }),
      encoding: 'utf8',
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    },
  )
    .trim()
    .split('\n')

const hasCryptography = (): boolean => {
  try {
    execFileSync('python3', ['-c', 'import cryptography'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const ways = [
  { name: 'the library of OpenSSL', hidden: 'cryptography', skip: false },
  { name: 'cryptography', hidden: 'ctypes', skip: hasCryptography() ? false : 'cryptography is not installed' },
]

for (const { name, hidden, skip } of ways)
  test(`a body that Python encrypts with ${name} decrypts`, { skip: python.whyMissing() ?? skip }, () => {
    const bodies = [0, 1, 15, 16, 17, 200].map((length) => ({ Tid: 'a'.repeat(length), CancelMsg: '주문 취소 "\\' }))
    const opened = encryptInPython(bodies, hidden).map((encrypted) => ({ ...openBody(encrypted, merchantKey) }))
    assert.deepEqual(opened, bodies)
  })
