import assert from 'node:assert/strict'
import { findPayment } from '../../src/approval/store.ts'
import type { Buyer } from '../payment-window/buyer.ts'
import { fixture, member, password, returning } from '../payment-window/members.ts'
import { type Behaviour, createDevice, type Device } from './device.ts'

/** Where the window of these tests stands. */
const windowOrigin = 'http://localhost'

const unescaped = (text: string): string => text.replaceAll('&quot;', '"').replaceAll('&amp;', '&')

export interface Offered {
  readonly step: string
  readonly challengeId: string
  readonly options: never
}

/** The options that the page's script passes to the browser; undefined when the page has none. */
export function offeredOn({ page }: Buyer): Offered | undefined {
  const [, challengeId = ''] = /name="challengeId" value="([^"]+)"/.exec(page.text) ?? []
  const [, step = '', options] = /data-passkey-step="([^"]+)" data-options="([^"]+)"/.exec(page.text) ?? []
  return options === undefined ? undefined : { step, challengeId, options: JSON.parse(unescaped(options)) as never }
}

/** The fields that the script posts: the device's answer to the page's challenge. */
export function answerOn(window: Buyer, device: Device, behaviour: Behaviour = {}): Record<string, string> {
  const offered = offeredOn(window)
  assert.ok(offered, `no passkey is offered on ${window.page.step}`)
  const { step, challengeId, options } = offered
  const honest = { origin: windowOrigin, ...behaviour }
  const credential = step === 'passkey' ? device.create(options, honest) : device.get(options, honest)
  return { step, challengeId, credential }
}

export function usePasskey(window: Buyer, device: Device, fields: Record<string, string> = {}, behaviour?: Behaviour) {
  const { step = '', ...answer } = answerOn(window, device, behaviour)
  return window.submit(step, { ...answer, ...fields })
}

/** From the password of a returning customer to their passkeys: the identity and the password. */
export async function openPasskeys(window: Buyer): Promise<void> {
  await window.submit('add-passkey')
  await window.verify()
  await window.tapPassword(password)
}

/** A returning customer whose device can pay. */
export async function memberWithPasskey(): Promise<{ customer: { customerId: string }; device: Device }> {
  const customer = await member()
  const device = createDevice()
  const window = await returning(customer)
  await openPasskeys(window)
  await usePasskey(window, device)
  assert.equal(window.page.step, 'confirm')
  return { customer, device }
}

export const isPaid = ({ page }: Buyer): boolean =>
  /data-return="(post|message)"/.test(page.text) && page.status === 200

export async function paymentOf(transactionId: string) {
  const payment = await findPayment(fixture.context, transactionId)
  assert.ok(payment)
  return payment
}
