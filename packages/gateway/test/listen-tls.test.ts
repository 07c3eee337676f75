import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { until } from '../../../test/support/until.ts'
import { createTlsFiles } from '../../sandbox/test/faults/support.ts'
import { type Listener, listen } from '../src/listen.ts'

describe('the HTTPS listener', () => {
  let listener: Listener
  before(async () => {
    listener = await listen({
      fetch: async () => new Response('answered'),
      host: '127.0.0.1',
      port: 0,
      // With a key that could be used for RSA key exchange too.
      tls: await createTlsFiles('rsa'),
    })
  })
  after(() => listener.close())

  async function shake(options: ConnectionOptions): Promise<TLSSocket> {
    const socket = connect({
      host: '127.0.0.1',
      port: Number(new URL(listener.url).port),
      servername: 'localhost',
      rejectUnauthorized: false,
      ...options,
    })
    await once(socket, 'secureConnect')
    return socket
  }

  for (const [what, options] of Object.entries<ConnectionOptions>({
    'TLS 1.3': { minVersion: 'TLSv1.3' },
    'TLS 1.2 with ECDHE': { maxVersion: 'TLSv1.2' },
  }))
    test(`speaks ${what}`, async () => {
      const socket = await shake(options)
      assert.equal(socket.authorized, false)
      socket.destroy()
    })

  for (const [what, options] of Object.entries<ConnectionOptions>({
    'RSA key exchange': { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA' },
    'TLS 1.1': { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' },
  }))
    test(`rejects ${what}`, async () => {
      await assert.rejects(shake(options), { code: /^(ERR_SSL_|ECONNRESET)/ })
    })

  test('presents a renewed certificate to new connections, and keeps those that are open', async () => {
    const open = await shake({})
    const before = open.getPeerX509Certificate()?.fingerprint256
    listener.renewTls(await createTlsFiles('rsa'))
    const renewed = await shake({ maxVersion: 'TLSv1.2' })
    assert.notEqual(renewed.getPeerX509Certificate()?.fingerprint256, before)
    await assert.rejects(shake({ maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' }), {
      code: /^(ERR_SSL_|ECONNRESET)/,
    })
    assert.equal(open.destroyed, false)
    open.destroy()
    renewed.destroy()
  })

  test('does not renegotiate', async () => {
    const socket = await shake({ maxVersion: 'TLSv1.2' })
    let ended = false
    socket.on('error', () => {
      ended = true
    })
    socket.on('close', () => {
      ended = true
    })
    let isRenegotiated = false
    socket.renegotiate({ rejectUnauthorized: false }, (cause) => {
      isRenegotiated = cause === null
      ended = true
    })
    await until(() => ended, { what: 'the end of the renegotiation' })
    assert.equal(isRenegotiated, false)
    socket.destroy()
  })
})
