import assert from 'node:assert/strict'
import { type Buyer, buyer, cardFields, post, rightCode, testCardNumber } from './buyer.ts'
import { newCustomer, password } from './members.ts'
import { requestForm } from './request-form.ts'

/** Opens a window and looks at no page of it; returns the address that the answer leads to. */
export async function openOnly(window: Buyer, form = requestForm(newCustomer())): Promise<string> {
  const answer = await window.request('/ssp/reqPay.do', post(form))
  assert.equal(answer.status, 303)
  return answer.headers.get('location') ?? ''
}

export const withoutStart = (link: string): string => link.replace(/\?.*/, '')

export const hasTicket = (text: string): boolean => /name="TrAuthKey" value="[0-9a-f]{64}"/.test(text)

export const isRejected = ({ status, text }: { readonly status: number; readonly text: string }): boolean =>
  status === 403 &&
  /처음 연 브라우저에서만|in the browser that opened it/.test(text) &&
  !/<form[^>]* data-step|<a\b/.test(text)

/** The first payment of a customer. */
export const joining: readonly ((window: Buyer) => Promise<unknown>)[] = [
  (window) => window.submit('terms', { agreeAll: 'Y' }),
  (window) => window.submit('identity', buyer),
  (window) => window.submit('identity-code', { code: rightCode }),
  (window) => window.submit('card', { cardNumber: testCardNumber, ...cardFields }),
  (window) => window.tapPassword(password),
  (window) => window.tapPassword(password),
  (window) => window.submit('confirm'),
]
