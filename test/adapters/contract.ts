import { proofSize } from '../support/proof-size.ts'
import type { Charset } from './buyer.ts'
import { notificationContract } from './contract-notification.ts'
import { paymentContract } from './contract-payment.ts'
import { recoveryContract } from './contract-recovery.ts'
import { returnContract } from './contract-return.ts'
import { type Fixture, openFixture } from './fixture.ts'
import type { ShopProgram } from './shop-process.ts'

interface ContractOptions {
  readonly notificationCharsets?: readonly Charset[]
  /** In the short size: the ways back to the shop only, in which frameworks differ. */
  readonly isPartWhenShort?: boolean
}

/**
 * What every adapter holds, against the real service: one and the same suite, whatever the framework. Returns where it
 * runs.
 */
export async function checkoutContract(
  program: ShopProgram,
  { notificationCharsets = ['utf-8', 'euc-kr'], isPartWhenShort = false }: ContractOptions = {},
): Promise<Fixture> {
  const fixture = await openFixture(program)
  returnContract(fixture)
  if (proofSize === 'short' && isPartWhenShort) return fixture
  paymentContract(fixture)
  notificationContract(fixture, notificationCharsets)
  recoveryContract(fixture)
  return fixture
}
