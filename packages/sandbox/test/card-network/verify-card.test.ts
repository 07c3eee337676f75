import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type CardRejection, cardRejections, type VerifyCardRequest } from '@sspay/gateway'
import { startSimulatedNetwork } from '../../../../test/support/simulated-network.ts'
import { testCards } from '../../src/card-network/scenarios.ts'

const network = await startSimulatedNetwork()
after(() => network.close())
const issuers = network.port(60_000)
const impatient = network.port(100)

const newVerification = (cardNumber: string, changes: object = {}): VerifyCardRequest => ({
  cardNumber,
  expiryMonth: 12,
  expiryYear: new Date().getFullYear() + 2,
  ownerBirthDate: '910203',
  passwordFirstTwo: '12',
  ...changes,
})
const rejected = (reason: CardRejection) => ({ outcome: 'rejected', reason })
const ofCompany = { ownerBirthDate: undefined, businessNumber: '1234567891' }

for (const { cardNumber, registration, note } of testCards) {
  test(`when it is registered: ${note.en}`, async () => {
    const ask = (changes = {}) => issuers.verifyCard(newVerification(cardNumber, changes))
    if (registration === 'silent') {
      assert.deepEqual(await impatient.verifyCard(newVerification(cardNumber)), { outcome: 'unreachable' })
    } else if (registration === 'anyone') {
      assert.deepEqual(await ask(), { outcome: 'verified' })
      assert.deepEqual(await ask({ ownerBirthDate: '800101' }), { outcome: 'verified' })
      assert.deepEqual(await ask(ofCompany), rejected('owner_mismatch'))
      assert.deepEqual(await ask({ passwordFirstTwo: '00' }), rejected('password_wrong'))
      assert.deepEqual(await ask({ expiryYear: 2020 }), rejected('issuer_declined'))
    } else if ('reject' in registration) {
      assert.deepEqual(await ask(), rejected(registration.reject))
    } else {
      const isCompany = registration.owner.length === 10
      const owner = isCompany ? ofCompany : { ownerBirthDate: registration.owner }
      assert.deepEqual(await ask(owner), { outcome: 'verified' })
      assert.deepEqual(await ask({ ...owner, passwordFirstTwo: '00' }), rejected('password_wrong'))
      assert.deepEqual(await ask(), rejected('owner_mismatch'))
      assert.deepEqual(await ask({ ...ofCompany, businessNumber: '9999999999' }), rejected('owner_mismatch'))
    }
  })
}

test('the table covers every reason for which a card is not registered', async () => {
  const reasons = testCards.flatMap(({ registration }) =>
    typeof registration === 'object' && 'reject' in registration ? [registration.reject] : [],
  )
  assert.deepEqual(['owner_mismatch', ...reasons], [...cardRejections])
  const stranger = newVerification('9999000000000006')
  assert.deepEqual(await issuers.verifyCard(stranger), rejected('issuer_declined'))
})

for (const changes of [
  { ownerBirthDate: undefined },
  { businessNumber: '1234567891' },
  { ownerBirthDate: '19910203' },
  { passwordFirstTwo: '1' },
  { cardNumber: 'x' },
])
  test(`no verification without its fields: ${JSON.stringify(changes)}`, async () => {
    const body = JSON.stringify({ verificationId: 'a', ...newVerification('9406000000000001', changes) })
    assert.equal((await fetch(`${network.url}/verify-card`, { method: 'POST', body })).status, 400)
  })
