import type { LocalizedText } from '@sspay/protocol'
import type { Payment } from '../approval/model.ts'
import type { IssuerApps } from '../card-network/issuer-apps.ts'
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
import type { Registration } from './registration.ts'

/** Test merchant, console, and the card that the card page offers. */
interface SandboxParts extends Pick<Merchant, 'merchantId' | 'easyPayMerchantId'> {
  readonly testCardNumber?: string
  consoleUrlAt(hostname: string): string
}

export interface WindowContext extends Context {
  readonly identityVerifier: IdentityVerifier
  readonly cardNetwork: Pick<CardNetwork, 'verifyCard'>
  /** Undefined: buyers of general card payments can only enter a card. */
  readonly issuerApps?: IssuerApps | undefined
  /** Inlined into every page. */
  readonly windowScript: string
  /** Gzip. */
  readonly compressPage: (page: string) => Uint8Array<ArrayBuffer>
  readonly limits: WindowLimits
  /** Only in a sandbox. */
  readonly sandboxBanner?: SandboxParts | undefined
  /** Default: Argon2id. */
  readonly passwordHasher?: PasswordHasher | undefined
}

/** How the result reaches the shop: a form posted to its return URL, or a message to the page around the frame. */
export type ReturnChannel =
  | { readonly by: 'post' }
  /** Only this origin may frame the window and receive its messages. */
  | { readonly by: 'message'; readonly shopOrigin: string }

/**
 * The browser that owns the window, identified by the keyed fingerprint of a secret: in its cookie, or, where the frame
 * keeps no cookie, in the forms of its pages.
 */
export type BrowserBinding =
  | {
      readonly by: 'cookie'
      readonly secret: string
      /** Fingerprint of the start secret in the window's first address, until the first page is shown. */
      readonly start?: string | undefined
    }
  | { readonly by: 'page'; readonly secret: string }

/** How this window has seen that the buyer is the member. */
export type ProofMethod =
  /** Identity verified; the member has no usable password and may choose one. */
  | 'identity'
  /** Identity verified again, password kept. Changes passkeys together with the password; never pays. */
  | 'identity_again'
  /** Password entered, or passkey used, but not yet paid: pays, shows and changes cards. */
  | 'password'
  | 'password_and_identity'
  /** Password chosen in this window: allows the same as `password_and_identity`. */
  | 'new_password'

export interface Proof {
  readonly memberId: string
  readonly by: ProofMethod
  /** The member's identity version at that moment; a later verification elsewhere makes the proof stale. */
  readonly identityVersion: string
}

/** What the buyer does instead of paying. `choose_card`: another than the default card, after the password. */
export type WindowMode =
  | 'choose_card'
  | 'add_card'
  | 'manage_cards'
  | 'add_managed_card'
  | 'add_passkey'
  | 'reset_password'

/** The state of one window, encrypted at rest. It never holds a password or a card number. */
export interface WindowState {
  readonly channel: ReturnChannel
  readonly language: Language
  /** Undefined in a window that a gateway without bindings has opened, which may still run beside this one. */
  readonly browser?: BrowserBinding | undefined
  readonly hasAgreed?: boolean | undefined
  /** Of the code on its way to the phone. */
  readonly verification?: Verification | undefined
  /** Identity as typed, until it is verified: shown again when the buyer goes back to it. */
  readonly draft?: IdentityDraft | undefined
  readonly codesSent?: number | undefined
  readonly proof?: Proof | undefined
  readonly mode?: WindowMode | undefined
  /** The card whose deletion waits for confirmation. */
  readonly deletesCardId?: string | undefined
  readonly cardId?: string | undefined
  /** Of a general card payment: chosen before its card. */
  readonly issuerCode?: string | undefined
  /** Of a general card payment that waits for the app of the issuer. */
  readonly issuerApp?: { readonly appPaymentId: string; readonly pageUrl: string } | undefined
  readonly installmentMonths?: number | undefined
  /** Empty: skipped. */
  readonly popCardLastFour?: string | undefined
  /** Keyed fingerprint of the new password, until it is repeated. */
  readonly passwordFingerprint?: string | undefined
  /** Challenge on the page, until it is answered or expires. */
  readonly passkeyChallengeId?: string | undefined
  /** `taps`: tokens, where no script collects them. */
  readonly keypad?: { readonly keypadId: string; readonly taps: readonly string[] } | undefined
  /** The buyer has asked for keys with their digits on them as text. */
  readonly labelsKeys?: boolean | undefined
  readonly approvalTicket?: string | undefined
  /** Of a window that issues a bill key. */
  readonly registration?: Registration | undefined
  /** Confirms the last submit where the next page does not show its effect. */
  readonly success?: LocalizedText | undefined
  /** Errors of the last submit by field name; the empty name is the whole page. */
  readonly problems?: Readonly<Record<string, LocalizedText>> | undefined
}

export interface Verification {
  readonly verificationId: string
  readonly draft: IdentityDraft
  readonly sentAt: number
  readonly triedCodes: number
  /** From the simulated agency of a sandbox. */
  readonly testCode?: string | undefined
  /** The agency has ended it before its time. */
  readonly isOver?: boolean | undefined
  /** Not the first to this phone. */
  readonly isResent?: boolean | undefined
}

export interface WindowSession {
  readonly token: string
  readonly sessionHash: string
  /** Of a window that issues a bill key: zero won, and in no table. */
  readonly payment: Payment
  readonly merchant: Merchant
  readonly member: Member | undefined
  /** All cards of the member, expired ones too. */
  readonly wallet: readonly Card[]
  /** The cards that may pay this payment. */
  readonly cards: readonly Card[]
  readonly state: WindowState
  /** Hidden field of the next forms, in a window bound by page. */
  readonly pageSecret?: string | undefined
  /** Fields of the form that was just rejected, to be shown again. Never stored. */
  readonly typed?: Readonly<Record<string, string>> | undefined
}

/** One posted form of a window. */
export interface Submission {
  readonly window: WindowContext
  readonly session: WindowSession
  readonly form: URLSearchParams
}

/** `problems`, `success` and `keypad` last until the next submit, unless it changes them. */
export type WindowChange = Partial<WindowState>

export const problem = (text: LocalizedText): WindowChange => fieldProblem('', text)
export const fieldProblem = (field: string, text: LocalizedText): WindowChange => ({ problems: { [field]: text } })

export type PageName =
  | 'terms'
  | 'identity'
  | 'identity-code'
  | 'locked'
  | 'issuer'
  | 'issuer-app'
  | 'card'
  | 'cards'
  | 'pop-card'
  | 'password-set'
  | 'password-repeat'
  | 'passkey'
  | 'password'
  | 'confirm'
  | 'register'
