import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Transport } from '@sspay/merchant'
import { bySize } from '../support/proof-size.ts'
import { everyNthByte, isWrong, loseBytes } from './every-byte-cases.ts'
import { type Profile, price } from './every-byte-fixture.ts'

const declined = {
  outcome: 'answered',
  status: 200,
  body: Buffer.from('{"ResultCode":"3095","ResultMsg":"declined"}'),
} as const

const readInterruptedAsDeclined =
  (send: Transport): Transport =>
  async (request) => {
    const answer = await send(request)
    return answer.outcome === 'interrupted' ? declined : answer
  }

suite('the short proof finds a shop that reads a cut answer as declined', { concurrency: 2 }, () => {
  const found: readonly Profile[] = ['replay']
  for (const profile of bySize({ short: found, medium: found, thorough: [...found, 'reject'] }))
    test(`repeated approvals: ${profile}`, async (t) => {
      const { finished } = await loseBytes({
        profile,
        bytesOf: everyNthByte(40),
        wrapTransport: readInterruptedAsDeclined,
      })
      const wrong = finished.filter(isWrong)
      t.diagnostic(`${wrong.length} of ${finished.length} cases are wrong`)
      const lost = wrong.filter(({ captured, timesMarkedPaid }) => captured === price && timesMarkedPaid === 0)
      assert.ok(
        lost.some(({ link, fault }) => link === 'approval' && fault === 'cut=0'),
        'the order of a captured payment is marked paid, although the first byte of the answer was lost',
      )
    })
})
