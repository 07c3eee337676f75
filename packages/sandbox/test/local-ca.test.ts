import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { realRuntime } from '@sspay/gateway'
import { openTlsFiles } from '../src/local-ca.ts'
import { certifiedNames } from '../src/make-certificates.ts'

const folder = await mkdtemp(join(tmpdir(), 'sspay-tls-'))
after(() => rm(folder, { recursive: true, force: true }))
const dayMs = 24 * 60 * 60 * 1000
const later = (days: number) => ({ ...realRuntime, now: () => new Date(Date.now() + days * dayMs) })

test('a client that pins TLS 1.2 and trusts the local CA connects by name and by address', async () => {
  const { ca, cert, key } = await openTlsFiles(realRuntime, folder)
  const server = createServer({ key, cert, minVersion: 'TLSv1.2' }, (_request, response) => response.end('here'))
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const { port } = server.address() as AddressInfo
  try {
    for (const host of ['localhost', '127.0.0.1']) {
      const status = await new Promise((resolve, reject) => {
        request({ host, port, ca, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', agent: false }, (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        })
          .on('error', reject)
          .end()
      })
      assert.equal(status, 200)
    }
  } finally {
    server.close()
  }
})

test('the certificate names this machine and the real hosts', async () => {
  const { cert } = await openTlsFiles(realRuntime, folder)
  const certificate = new X509Certificate(cert)
  for (const { type, value } of certifiedNames)
    assert.ok(type === 'ip' ? certificate.checkIP(value) : certificate.checkHost(value), value)
  assert.equal(certificate.checkHost('tapproval.smartropay.co.kr'), 'tapproval.smartropay.co.kr')
  assert.equal(certificate.checkHost('shop.example'), undefined)
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1')
})

test('the server key is for its owner only and the authority’s key is nowhere', async () => {
  const { caFile } = await openTlsFiles(realRuntime, folder)
  assert.equal((await stat(join(folder, 'server-key.pem'))).mode & 0o777, 0o600)
  assert.doesNotMatch(await readFile(caFile, 'utf8'), /PRIVATE/)
})

test('the files stay until thirty days before their end, then they are made again', async () => {
  const first = await openTlsFiles(realRuntime, folder)
  assert.deepEqual(await openTlsFiles(later(700), folder), first)
  const renewed = await openTlsFiles(later(795), folder)
  assert.notEqual(renewed.cert, first.cert)
  assert.deepEqual(await openTlsFiles(later(795), folder), renewed)
})

test('broken files are replaced', async () => {
  await writeFile(join(folder, 'server.pem'), 'not a certificate')
  const { cert } = await openTlsFiles(realRuntime, folder)
  assert.doesNotThrow(() => new X509Certificate(cert))
})
