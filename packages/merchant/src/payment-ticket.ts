/**
 * Proof that a buyer has authenticated (인증); one approval (승인) may be made with it. It comes only from `readAuthentication` or
 * `readAuthenticationFields`. Printing it does not show the secret part.
 */
export class PaymentTicket {
  /** 거래번호: 30 characters. */
  readonly transactionId: string
  readonly #approvalTicket: string

  /** @internal Use `readAuthentication`. */
  constructor(transactionId: string, approvalTicket: string) {
    this.transactionId = transactionId
    this.#approvalTicket = approvalTicket
  }

  /** The secret part, for storing it until an unknown outcome is known; keep it out of logs. */
  exposeApprovalTicket(): string {
    return this.#approvalTicket
  }
}
