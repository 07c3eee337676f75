import { createHash, randomUUID } from 'node:crypto'

/** 로그인이 있는 쇼핑몰은 회원 번호를 씁니다. 여기에서는 쿠키 하나가 고객 한 사람입니다. */
export function customerOf(cookies) {
  const session = /(?:^|; )session=([0-9a-f-]{36})(?:;|$)/.exec(cookies ?? '')?.[1]
  return session && createHash('sha256').update(session).digest('hex').slice(0, 20)
}

const secure = process.env.SSPAY_CHECKOUT_URL?.startsWith('https:') ? '; Secure' : ''

export const newSessionCookie = () => `session=${randomUUID()}; Path=/; HttpOnly; SameSite=Lax${secure}`
