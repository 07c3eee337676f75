import { signatureMatches } from '@sspay/protocol/signature'
import type { KeyRing } from '../keyring.ts'
import type { Runtime } from '../runtime.ts'
import { isPlainForm, isSameOrigin } from './same-origin.ts'

/** What a CSRF token is valid for. */
export interface CsrfScope {
  readonly action: string
  readonly subject: string
  /** The session cookie's value. */
  readonly session: string
}

interface Keys {
  readonly keyRing: KeyRing
  readonly runtime: Pick<Runtime, 'now'>
}

/** A token is valid for one to two periods. */
const periodMs = 6 * 60 * 60_000

const purpose = 'own-form'

/** A CSRF token without server state: a MAC over action, subject, session and time period. */
export const createCsrfToken = (keys: Keys, scope: CsrfScope): string =>
  keys.keyRing.fingerprint(textOf(scope, periodOf(keys)), purpose)

/** Checks the token of a posted form, its content type and its origin. */
export function verifyCsrfToken(keys: Keys, request: Request, token: string | undefined, scope: CsrfScope): boolean {
  if (!isSameOrigin(request) || !isPlainForm(request)) return false
  const period = periodOf(keys)
  const valid = [period, period - 1].flatMap((one) => keys.keyRing.fingerprints(textOf(scope, one), purpose))
  return valid.some((one) => signatureMatches(token ?? '', one))
}

const periodOf = ({ runtime }: Keys): number => Math.floor(runtime.now().getTime() / periodMs)

const textOf = ({ action, subject, session }: CsrfScope, period: number): string =>
  JSON.stringify([action, subject, session, period])
