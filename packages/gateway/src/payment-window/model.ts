import type { LocalizedText } from '@sspay/protocol'
import type { Payment } from '../approval/model.ts'
import type { CardNetwork } from '../card-network/port.ts'
import type { Context } from '../context.ts'
import type { IdentityDraft } from '../identity/model.ts'
import type { IdentityVerifier } from '../identity/port.ts'
import type { Member } from '../members/model.ts'
import type { PasswordHasher } from '../members/password-hash.ts'
import type { Merchant } from '../merchants/model.ts'
import type { Card } from '../vault/model.ts'
import type { Language } from './language.ts'
import type { WindowLimits } from './limits.ts'

export interface WindowContext extends Context {
  readonly identityVerifier: IdentityVerifier
  readonly cardNetwork: Pick<CardNetwork, 'verifyCard'>
  /** Put inline into every page. */
  readonly windowScript: string
  /** With gzip. */
  readonly compressPage: (page: string) => Uint8Array<ArrayBuffer>
  readonly limits: WindowLimits
  /** Argon2id without. */
  readonly passwordHasher?: PasswordHasher | undefined
}

/** How the answer gets to the shop: a form posted to its address, or a message to its page around the frame. */
export type ReturnChannel =
  | { readonly by: 'post' }
  | {
      readonly by: 'message' /** The only origin that may show the window and hear its answer. */
      readonly shopOrigin: string
    }

/**
 * The one browser that a window belongs to, by the keyed fingerprint of a secret that only this browser has: in its cookie, or, where it
 * keeps no cookie in this frame, in the forms of its pages.
 */
export type BrowserBinding =
  | {
      readonly by: 'cookie'
      readonly secret: string
      /** Fingerprint of the start secret in the window's first address, until the first page is shown. */
      readonly start?: string | undefined
    }
  | { readonly by: 'page'; readonly secret: string }

/** What the buyer has done in this window; sealed at rest. No password and no card number, not even for a moment. */
export interface WindowFacts {
  readonly channel: ReturnChannel
  readonly language: Language
  /** Undefined in a window that a gateway opened before there were bindings, which may still run beside this one. */
  readonly browser?: BrowserBinding | undefined
  readonly hasAgreed?: boolean | undefined
  /** A code is on its way to the phone. */
  readonly verification?: Verification | undefined
  readonly codesSent?: number | undefined
  /** Whose identity was verified in this window, and not yet used to set a password. */
  readonly verifiedMemberId?: string | undefined
  readonly resetsPassword?: boolean | undefined
  readonly addsCard?: boolean | undefined
  readonly managesCards?: boolean | undefined
  /** Another card than the default one is to pay; until the password is tapped, none is shown. */
  readonly choosesCard?: boolean | undefined
  /** The card whose deletion is asked once more. */
  readonly deletesCardId?: string | undefined
  readonly cardId?: string | undefined
  readonly installmentMonths?: number | undefined
  /** Empty: the buyer went on without one. */
  readonly popCardLastFour?: string | undefined
  /** Keyed fingerprint of the password tapped first, until it is repeated. */
  readonly passwordFingerprint?: string | undefined
  /** Whose password was set in this window: it need not be tapped a third time. */
  readonly provenMemberId?: string | undefined
  /** Who tapped the right password, or used a passkey, and has not paid with it: it need not be done again to pay. */
  readonly enteredMemberId?: string | undefined
  /** Who verified the identity once more without losing the password: may change what pays, not pay. */
  readonly confirmedMemberId?: string | undefined
  /** The member's when one of these four was found out last. */
  readonly identityVersion?: string | undefined
  readonly addsPasskey?: boolean | undefined
  /** What the page shows, until it is answered or old. */
  readonly passkeyChallengeId?: string | undefined
  readonly keypad?:
    | { readonly keypadId: string /** Tokens, where no script collects them. */; readonly taps: readonly string[] }
    | undefined
  /** The buyer has asked for keys with their digits on them as text. */
  readonly labelsKeys?: boolean | undefined
  readonly approvalTicket?: string | undefined
  /** What the last submit did, where the next page does not show it. */
  readonly success?: LocalizedText | undefined
  /** What was wrong with the last submit: field name → sentence; an empty name is the whole page. */
  readonly problems?: Readonly<Record<string, LocalizedText>> | undefined
}

export interface Verification {
  readonly verificationId: string
  readonly draft: IdentityDraft
  readonly sentAt: number
  readonly triedCodes: number
  /** The verifying company takes it no more, whatever the time. */
  readonly isOver?: boolean | undefined
  /** Not the first to this phone. */
  readonly isResent?: boolean | undefined
}

/** Everything a page or a submit may look at. */
export interface WindowSession {
  readonly token: string
  readonly sessionHash: string
  readonly payment: Payment
  readonly merchant: Merchant
  readonly member: Member | undefined
  /** All of the member's, also expired ones. */
  readonly wallet: readonly Card[]
  /** Those that may pay this payment. */
  readonly cards: readonly Card[]
  readonly facts: WindowFacts
  /** For the forms of the answer, in a window bound by page. */
  readonly pageSecret?: string | undefined
}

export type PageName =
  | 'terms'
  | 'identity'
  | 'identity-code'
  | 'locked'
  | 'card'
  | 'cards'
  | 'pop-card'
  | 'password-set'
  | 'password-repeat'
  | 'passkey'
  | 'password'
  | 'confirm'

/** From this amount a credit card may pay in instalments (Q31). */
export const installmentMinimumAmount = 50_000

/** What was just a problem is none after the next submit. */
export type FactsChange = Partial<WindowFacts>
export const problem = (words: LocalizedText, field = ''): FactsChange => ({ problems: { [field]: words } })
