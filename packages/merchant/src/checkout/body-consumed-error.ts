/** The body of a request was read before the checkout, and its bytes cannot be restored. */
export class BodyConsumedError extends Error {
  /** @param cure - What the shop can change. */
  constructor(cure: string) {
    super(`The body was read before it reached the checkout. ${cure} / 결제 주소보다 먼저 본문을 읽은 코드가 있습니다. 본문을 읽는 미들웨어를 checkout 뒤에 두거나, 위와 같이 바꾸세요.`)
    this.name = 'BodyConsumedError'
  }
}
