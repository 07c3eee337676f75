import 'reflect-metadata'
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { connect } from 'node:tls'
import { PemConverter, X509CertificateGenerator } from '@peculiar/x509'
import { type Listener, listen } from '@sspay/gateway'

const host = '127.0.0.1'
let tls: { key: string; cert: string }
let secure: Listener

before(async () => {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({ name: 'CN=localhost', keys })
  const key = PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY')
  tls = { key, cert: certificate.toString('pem') }
  secure = await listen({ fetch: async () => new Response('secure'), host, port: 0, tls })
})

after(() => secure.close())

const handshake = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<string> =>
  new Promise((resolve, reject) => {
    const versions = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' } as const
    const socket = connect({ host, port: Number(new URL(secure.url).port), rejectUnauthorized: false, ...versions })
    socket.on('error', reject).on('secureConnect', () => {
      resolve(socket.getProtocol() ?? '')
      socket.destroy()
    })
  })

test('TLS 1.2 and 1.3 are spoken, 1.1 is not', async () => {
  assert.match(secure.url, /^https:\/\/127\.0\.0\.1:\d+$/)
  assert.equal(await handshake('TLSv1.2'), 'TLSv1.2')
  assert.equal(await handshake('TLSv1.3'), 'TLSv1.3')
  await assert.rejects(handshake('TLSv1.1'))
})
