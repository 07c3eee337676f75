import { signatureMatches } from '@sspay/protocol/signature'
import type { KeyRing } from '../keyring.ts'
import type { Runtime } from '../runtime.ts'
import { isFromOwnPage, isPlainForm } from './own-page.ts'

/** What a form on our page does, to what, and for whom the page was made. */
export interface OwnForm {
  readonly action: string
  readonly subject: string
  /** What tells this browser from others. */
  readonly visitor: string
}

interface Keys {
  readonly keyRing: KeyRing
  readonly runtime: Pick<Runtime, 'now'>
}

/** A page may stay open for one period at least and two at most. */
const periodMs = 6 * 60 * 60_000

/** Makes a form work for its own page, in its own browser and today only: nobody else can know the text. */
export const writeFormToken = (keys: Keys, form: OwnForm): string =>
  keys.keyRing.fingerprint(textOf(form, periodOf(keys)), purpose)

const periodOf = ({ runtime }: Keys): number => Math.floor(runtime.now().getTime() / periodMs)

const purpose = 'own-form'

const textOf = ({ action, subject, visitor }: OwnForm, period: number): string =>
  JSON.stringify([action, subject, visitor, period])

/** Whether the form that was posted is the one that {@link writeFormToken} was asked for. */
export function isOwnForm(keys: Keys, request: Request, token: string | undefined, form: OwnForm): boolean {
  if (!isFromOwnPage(request) || !isPlainForm(request)) return false
  const period = periodOf(keys)
  const known = [period, period - 1].flatMap((one) => keys.keyRing.fingerprints(textOf(form, one), purpose))
  return known.some((one) => signatureMatches(token ?? '', one))
}
