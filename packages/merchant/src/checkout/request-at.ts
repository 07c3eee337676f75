/** The body of a request was read before the checkout, and its bytes cannot be restored. */
export class BodyConsumedError extends Error {
  /** @param cure - What the shop can change. */
  constructor(cure: string) {
    const korean = '결제 주소보다 먼저 본문을 읽은 코드가 있습니다. 본문을 읽는 미들웨어를 checkout 뒤에 두세요.'
    super(`The body was read before it reached the checkout. ${cure} / ${korean}`)
    this.name = 'BodyConsumedError'
  }
}

/** The same request at another address, for example the public one. Throws if its body was read before. */
export function requestAt({ method, headers, body, bodyUsed }: Request, address: string): Request {
  if (bodyUsed) throw new BodyConsumedError('Read a copy of the request instead: request.clone().')
  const streamed = body === null ? {} : { body, duplex: 'half' as const }
  return new Request(address, { method, headers, ...streamed })
}
