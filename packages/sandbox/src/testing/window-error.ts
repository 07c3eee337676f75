/**
 * The payment window was not found, or did not go on; its message says at which step, and quotes the page. Nothing was
 * approved.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { payInWindow, PaymentWindowError, type ShopPage } from '@sspay/sandbox/testing'
 *
 * export async function expectCardToBeRejected(page: ShopPage): Promise<void> {
 *   await assert.rejects(payInWindow(page, { card: '9406000070040002' }), (error) => {
 *     assert.ok(error instanceof PaymentWindowError)
 *     assert.equal(error.step, 'card')
 *     return true
 *   })
 * }
 * ```
 */
export class PaymentWindowError extends Error {
  /** The step that was shown last; undefined when no window was found. */
  readonly step: string | undefined
  /** The steps that were filled in, the first one first. */
  readonly steps: readonly string[]
  /** What the page showed: its alerts, or without any its text. */
  readonly shown: string

  constructor(message: string, at: Pick<PaymentWindowError, 'step' | 'steps' | 'shown'>, options?: ErrorOptions) {
    super(message, options)
    this.name = 'PaymentWindowError'
    this.step = at.step
    this.steps = at.steps
    this.shown = at.shown
  }
}
