/** The body of a request was read before the checkout, and its bytes cannot be restored. */
export class BodyConsumedError extends Error {
  /** @param cure - What the shop can change. */
  constructor(cure: string) {
    super(`The body was read before it reached the checkout. ${cure}`)
    this.name = 'BodyConsumedError'
  }
}
