import { type NextRequest, NextResponse } from 'next/server'
import { customerOf, newSessionCookie } from './session.ts'

/** 세션은 상품 페이지에서만 새로 만듭니다. 결제창에서 돌아오는 첫 요청에는 쿠키가 없어서, 거기에서 만들면 고객의 쿠키를 덮어씁니다. */
export function proxy(request: NextRequest): NextResponse {
  const response = NextResponse.next()
  if (customerOf(request.headers.get('cookie')) === undefined) response.headers.set('set-cookie', newSessionCookie())
  return response
}

export const config = { matcher: '/' }
