import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openTlsFiles } from '../../../sandbox/src/local-ca.ts'
import { createTlsFiles } from '../../../sandbox/test/faults/support.ts'
import { isPublicHost, isTrustedHost } from '../../src/http/public-host.ts'
import { namesOfCertificate } from '../../src/read-addresses.ts'
import { realRuntime } from '../../src/runtime.ts'

test('a certificate names the hosts that it is for, and no address', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-names-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const names = namesOfCertificate((await openTlsFiles(realRuntime, folder)).cert)
  assert.ok(names.includes('tapproval.smartropay.co.kr'), names.join(' '))
  assert.ok(names.every((name) => /[a-z]/.test(name)))
  assert.deepEqual(namesOfCertificate((await createTlsFiles()).cert), [])
})

const cases: readonly (readonly [host: string, hosts: readonly string[] | undefined, isPublic: boolean])[] = [
  ['pay.example', ['pay.example'], true],
  ['PAY.example', ['pay.example'], true],
  ['pay.example.evil.example', ['pay.example'], false],
  ['a.pay.example', ['*.pay.example'], true],
  ['pay.example', ['*.pay.example'], false],
  ['a.b.pay.example', ['*.pay.example'], false],
  ['pay.example', undefined, false],
  ['192.0.2.1', undefined, false],
  ['localhost', undefined, true],
  ['127.0.0.1', ['pay.example'], true],
]

for (const [host, hosts, isPublic] of cases)
  test(`${host} is ${isPublic ? '' : 'not '}one of ${hosts ?? 'no names'}`, () =>
    assert.equal(isPublicHost(host, hosts), isPublic))

test('a sandbox trusts any name', () => {
  assert.equal(isTrustedHost({ isSandbox: true }, 'phone.home.example'), true)
  assert.equal(isTrustedHost({ isSandbox: false }, 'phone.home.example'), false)
})
