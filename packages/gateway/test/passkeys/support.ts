import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { joinBound } from '../../../../test/support/bound-member.ts'
import {
  type AuthenticationRejection,
  createAuthentication,
  finishAuthentication,
} from '../../src/passkeys/authentication.ts'
import type { Finished, KnownPasskey, PasskeyUse } from '../../src/passkeys/model.ts'
import { createRegistration, finishRegistration, type RegistrationRejection } from '../../src/passkeys/registration.ts'
import { passkeysOf } from '../../src/passkeys/store.ts'
import { type TestContext, testIdentity, testMerchant } from '../support.ts'
import type { Behaviour, Device } from './device.ts'

export const host = 'pay.example.com'
export const names = { userName: 'user0001', displayName: '테스트 상점' }

export interface Ceremony {
  readonly behaviour?: Behaviour
  readonly framedBy?: string
  /** Who answers, when it is not the one that was asked. */
  readonly answeredFor?: Partial<PasskeyUse>
}

export interface Ceremonies {
  readonly use: PasskeyUse
  known(): Promise<readonly KnownPasskey[]>
  register(device: Device, ceremony?: Ceremony): Promise<Finished<RegistrationRejection>>
  authorise(device: Device, ceremony?: Ceremony): Promise<Finished<AuthenticationRejection>>
  /** A pending challenge and the device's answer. */
  signed(device: Device): Promise<{ challengeId: string; use: PasskeyUse; credentialText: string; framedBy: undefined }>
}

export const rejected = (reason: string) => ({ ok: false, reason })

/** A member and a payment of its own. */
export async function newMember(
  { context }: TestContext,
  customerId: string = randomUUID().slice(0, 18).replaceAll('-', ''),
): Promise<Ceremonies> {
  const { easyPayMerchantId } = testMerchant
  const { memberId } = await joinBound(context, { easyPayMerchantId, customerId, identity: testIdentity })
  const use = { memberId, sessionHash: 'session', transactionId: 'transaction', orderId: 'order', amount: 1004 }
  return {
    use,
    known: () => passkeysOf(context, memberId, host),
    async register(device, { behaviour, framedBy, answeredFor } = {}) {
      const asked = await createRegistration(context, { use, host, ...names })
      assert.ok(asked)
      const { challengeId, options } = asked
      const credentialText = device.create(options, behaviour)
      return finishRegistration(context, { challengeId, use: { ...use, ...answeredFor }, credentialText, framedBy })
    },
    async authorise(device, { behaviour, framedBy, answeredFor } = {}) {
      const asked = await createAuthentication(context, { use, host }, 'authorise')
      assert.ok(asked)
      const { challengeId, options } = asked
      const credentialText = device.get(options, behaviour)
      return finishAuthentication(
        context,
        { challengeId, use: { ...use, ...answeredFor }, credentialText, framedBy },
        'authorise',
      )
    },
    async signed(device) {
      const asked = await createAuthentication(context, { use, host }, 'authorise')
      assert.ok(asked)
      const { challengeId, options } = asked
      return { challengeId, use, credentialText: device.get(options), framedBy: undefined }
    },
  }
}
