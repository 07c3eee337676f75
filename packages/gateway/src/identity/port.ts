import type { Runtime } from '../runtime.ts'
import { fullBirthDate, type IdentityDraft } from './model.ts'

export type CheckCodeResult = 'verified' | 'wrong' | 'expired' | 'unreachable'

/** The company that proves who holds a phone: it sends a code, the buyer types it. */
export interface IdentityVerifier {
  sendCode(
    draft: IdentityDraft,
  ): Promise<{ readonly ok: true; readonly verificationId: string } | { readonly ok: false }>
  checkCode(given: { readonly verificationId: string; readonly code: string }): Promise<CheckCodeResult>
}

/** Speaks JSON to `url`; whatever is no clear answer within `timeoutMs` counts as unreachable. Nothing is repeated. */
export function createHttpIdentityVerifier(
  runtime: Pick<Runtime, 'fetch'>,
  url: string,
  timeoutMs: number,
): IdentityVerifier {
  const post = async (
    path: string,
    body: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, unknown>>> => {
    try {
      const headers = { 'content-type': 'application/json' }
      const answer = await runtime.fetch(`${url}${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        timeoutMs,
      })
      const json: unknown = answer.status === 200 ? JSON.parse(new TextDecoder().decode(answer.body)) : {}
      return typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>) : {}
    } catch {
      return {}
    }
  }

  return {
    async sendCode(draft) {
      const { name, carrier, phone } = draft
      const { verificationId } = await post('/codes', { name, birthDate: fullBirthDate(draft), carrier, phone })
      return typeof verificationId === 'string' && verificationId !== '' ? { ok: true, verificationId } : { ok: false }
    },
    async checkCode({ verificationId, code }) {
      const { result } = await post('/codes/check', { verificationId, code })
      return result === 'verified' || result === 'wrong' || result === 'expired' ? result : 'unreachable'
    },
  }
}
