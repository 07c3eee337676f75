import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHttpCardNetwork } from '../../src/card-network/http-client.ts'
import { cardRejections, type VerifyCardRequest } from '../../src/card-network/port.ts'
import type { Log } from '../../src/logging/log.ts'
import type { OutgoingRequest } from '../../src/outgoing/model.ts'
import { realRuntime } from '../../src/runtime.ts'

const request: VerifyCardRequest = {
  cardNumber: '9404047315902688',
  expiryMonth: 11,
  expiryYear: 2031,
  ownerBirthDate: '910203',
  passwordFirstTwo: '47',
}

type Sent = Readonly<Record<string, unknown>>

interface Asked {
  readonly url: string
  readonly request: OutgoingRequest
}

/** The network answers with what `answer` makes of the request. */
function networkThat(answer: (sent: Sent) => { status?: number; body: unknown }) {
  const asked: Asked[] = []
  const lines: string[] = []
  const keep = (event: string, fields?: unknown): void => void lines.push(JSON.stringify({ event, fields }))
  const log: Log = { info: keep, warn: keep, error: keep }
  const fetch = async (url: string, sent: OutgoingRequest) => {
    asked.push({ url, request: sent })
    const { status = 200, body } = answer(JSON.parse(`${sent.body}`))
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return { status, body: new TextEncoder().encode(text) }
  }
  const network = createHttpCardNetwork(
    { runtime: { ...realRuntime, fetch }, log },
    'https://network.example/v1',
    7_000,
  )
  return { network, asked, lines }
}

const verified = ({ verificationId }: Sent) => ({ body: { verificationId, outcome: 'verified' } })

test('a card is verified, about this very request', async () => {
  const { network, asked } = networkThat(verified)
  assert.deepEqual(await network.verifyCard(request), { outcome: 'verified' })
  assert.deepEqual(await network.verifyCard(request), { outcome: 'verified' })
  assert.deepEqual(
    asked.map(({ url }) => url),
    ['https://network.example/v1/verify-card', 'https://network.example/v1/verify-card'],
  )
  const [first, second] = asked.map((one) => JSON.parse(`${one.request.body}`))
  const { verificationId, ...sent } = first
  assert.deepEqual(sent, request)
  assert.match(verificationId, /^[0-9a-f]{32}$/)
  assert.notEqual(verificationId, second.verificationId)
})

for (const reason of cardRejections)
  test(`a card is rejected: ${reason}`, async () => {
    const { network } = networkThat(({ verificationId }) => ({ body: { verificationId, outcome: 'rejected', reason } }))
    assert.deepEqual(await network.verifyCard(request), { outcome: 'rejected', reason })
  })

test('a reason of tomorrow is read as declined by the issuer', async () => {
  const { network } = networkThat(({ verificationId }) => ({
    body: { verificationId, outcome: 'rejected', reason: 'eclipse' },
  }))
  assert.deepEqual(await network.verifyCard(request), { outcome: 'rejected', reason: 'issuer_declined' })
})

for (const [what, answer] of [
  ['about another card', () => ({ body: { verificationId: 'f'.repeat(32), outcome: 'verified' } })],
  ['about none', () => ({ body: { outcome: 'verified' } })],
  ['with another status', (sent: Sent) => ({ status: 500, ...verified(sent) })],
  ['that is no JSON', () => ({ body: 'verified' })],
  ['that is no object', (sent: Sent) => ({ body: [verified(sent).body] })],
  ['with an outcome nobody knows', ({ verificationId }: Sent) => ({ body: { verificationId, outcome: 'perhaps' } })],
  [
    'that never comes',
    (): never => {
      throw new Error('silence')
    },
  ],
] as const)
  test(`an answer ${what} confirms nothing, and the log holds nothing of the card`, async () => {
    const { network, lines } = networkThat(answer)
    assert.deepEqual(await network.verifyCard(request), { outcome: 'unreachable' })
    assert.equal(lines.length, 1)
    for (const secret of [request.cardNumber, '910203', '"47"', '2031'])
      assert.doesNotMatch(lines.join(), new RegExp(secret))
  })
