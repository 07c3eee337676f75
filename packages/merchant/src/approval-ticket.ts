/**
 * Single-use permission to approve one authenticated payment (`Tid` and `TrAuthKey` of the guide, STEP 2). Created by
 * `readAuthentication` and `receiveAuthentication` only. Printing it does not show the secret part.
 */
export class ApprovalTicket {
  /** 거래번호: 30 characters. */
  readonly transactionId: string
  readonly #secret: string

  /** @internal Use `readAuthentication`. */
  constructor(transactionId: string, secret: string) {
    this.transactionId = transactionId
    this.#secret = secret
  }

  /**
   * Returns TrAuthKey, the secret part, to store it until an unknown outcome is known. Keep it out of logs.
   *
   * @returns 40 characters.
   */
  exposeSecret(): string {
    return this.#secret
  }
}
