import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHttpCardNetwork } from '../../src/card-network/http-client.ts'
import { createHttpIdentityVerifier } from '../../src/identity/port.ts'
import { causeCode } from '../../src/outgoing/failure.ts'
import { realRuntime } from '../../src/runtime.ts'

const withCode = (message: string, code: string, cause?: Error): Error =>
  Object.assign(new Error(message, { cause }), { code })

for (const [cause, code] of [
  [new TypeError('fetch failed', { cause: withCode('getaddrinfo', 'ENOTFOUND') }), 'ENOTFOUND'],
  [withCode('other side', 'UND_ERR_SOCKET', withCode('open files', 'EMFILE')), 'EMFILE'],
  [withCode('other side', 'UND_ERR_SOCKET', new Error('closed')), 'UND_ERR_SOCKET'],
  [new DOMException('too late', 'TimeoutError'), 'TimeoutError'],
  ['text', 'unknown'],
] as const)
  test(`the cause ${cause} is logged as ${code}`, () => assert.equal(causeCode(cause), code))

test('a service that cannot be reached is logged with the code of the cause', async () => {
  const lines: unknown[] = []
  const write = (event: string, fields?: object): void => void lines.push({ event, ...fields })
  const parts = { runtime: realRuntime, log: { info: write, warn: write, error: write } }
  const closed = 'http://127.0.0.1:1'
  await createHttpCardNetwork(parts, closed, 60_000).inquire({ transactionId: 'T', amount: 1 })
  await createHttpIdentityVerifier(parts, closed, 60_000).checkCode({ verificationId: 'V', code: '123456' })
  assert.deepEqual(lines, [
    { event: 'card_network_silent', verb: 'inquire', transactionId: 'T', cause: 'ECONNREFUSED' },
    { event: 'identity_silent', path: '/codes/check', cause: 'ECONNREFUSED' },
  ])
})
