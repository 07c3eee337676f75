import { signatureMatches } from '@sspay/protocol/signature'
import type { Context } from '../context.ts'
import { isFromOwnPage } from '../payment-window/request-origin.ts'

/** What a button does, and to what. */
export interface Button {
  readonly action: 'console-resend' | 'console-unlock'
  readonly subject: string
}

type Keys = Pick<Context, 'keyRing'>

/** Makes a button work for its own page only: nobody else can know the text. */
export const tokenOf = ({ keyRing }: Keys, { action, subject }: Button): string => keyRing.fingerprint(subject, action)

export const isOwnButton = (keys: Keys, request: Request, token: string | undefined, button: Button): boolean =>
  isFromOwnPage(request) && signatureMatches(token ?? '', tokenOf(keys, button))
