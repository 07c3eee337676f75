interface Where {
  /** The step that was shown last; undefined before the first. */
  readonly step: string | undefined
  /** The steps that were filled in. */
  readonly steps: readonly string[]
  /** Text of the page. */
  readonly shown: string
}

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

  /** @internal */
  constructor(fault: string, { step, steps, shown }: Where, options?: ErrorOptions) {
    const at = step === undefined ? '' : ` at the step "${step}"`
    const before = steps.length === 0 ? '' : ` (filled in before: ${steps.join(', ')})`
    super(`${fault}${at}${before}. The page shows: ${shown || 'nothing'}`, options)
    this.name = 'PaymentWindowError'
    this.step = step
    this.steps = steps
    this.shown = shown
  }
}
