import type { IdentityDraft, VerifiedIdentity } from '../identity/model.ts'
import type { CheckCodeResult, PhoneMessage, SendCodeResult } from '../identity/port.ts'
import { readIdentityDraft } from '../identity/read-draft.ts'
import { join } from '../members/join.ts'
import type { Member } from '../members/model.ts'
import { confirmIdentity, reverify } from '../members/reverify.ts'
import type { SecurityEventName } from '../security-events/model.ts'
import { singleFlight } from '../storage/batching.ts'
import { codeFormatText, codeTimeLeft, resendWait } from './code-page.ts'
import { findMismatch } from './compare-identity.ts'
import { waitText } from './limits.ts'
import { fieldProblem, problem, type Submission, type Verification, type WindowChange } from './model.ts'
import { proveMember } from './proofs.ts'
import { customerOf, recordWindowEvent, updateState } from './session.ts'
import { termsOf } from './terms-page.ts'

const mostTries = 5

/**
 * Records the agreement to the terms. For a guest, or when the merchant has turned identity verification off, that is
 * the whole registration; other customers verify their identity next.
 */
export async function submitTerms({ window, session, form }: Submission): Promise<WindowChange> {
  const agreed = new Set(form.getAll('agree'))
  const hasAgreed = form.get('agreeAll') === 'Y' || termsOf(session).every(({ id }) => agreed.has(id))
  if (!hasAgreed)
    return problem({ ko: '모든 필수 약관에 동의해 주세요.', en: 'Agree to all required terms to continue.' })
  const customer = customerOf(session)
  if (customer.identityVerification === 'off') await join(window, customer, undefined)
  return { hasAgreed }
}

export async function submitIdentity(submission: Submission): Promise<WindowChange> {
  const { window, form } = submission
  const given = (name: keyof IdentityDraft): string => form.get(name) ?? ''
  const [name, birthDate, genderDigit] = [given('name'), given('birthDate'), given('genderDigit')]
  const draft = { name, birthDate, genderDigit, carrier: given('carrier'), phone: given('phone') }
  const read = readIdentityDraft(draft, window.runtime.now())
  if (!read.ok) return { problems: Object.fromEntries(read.problems.map(({ field, ko, en }) => [field, { ko, en }])) }
  return sendCode(submission, { draft: read.draft })
}

export function resendCode(submission: Submission): Promise<WindowChange> | WindowChange {
  const { window, session } = submission
  const { verification } = session.state
  if (verification === undefined) return {}
  const wait = resendWait(verification, window.runtime.now(), window.settings.identityCodeLifeMs)
  if (wait === 0) return sendCode(submission, { draft: verification.draft, isResent: true })
  const seconds = Math.ceil(wait / 1000)
  return fieldProblem('resend', {
    ko: `아직 다시 받을 수 없어요. ${seconds}초 뒤에 다시 눌러 주세요.`,
    en: `It is too early for a new code. Press again in ${seconds} seconds.`,
  })
}

/** Of concurrent presses only the first sends a code; the others get what becomes of it. */
const sendCode = (submission: Submission, to: Pick<Verification, 'draft' | 'isResent'>): Promise<WindowChange> =>
  singleFlight(submission.window, `send code ${submission.session.sessionHash}`, () => sendCountedCode(submission, to))

async function sendCountedCode(
  { window, session }: Submission,
  { draft, isResent }: Pick<Verification, 'draft' | 'isResent'>,
): Promise<WindowChange> {
  const before = session.state.codesSent ?? 0
  let isFirst = false
  await updateState(window, session.sessionHash, ({ codesSent = 0 }) => {
    isFirst = codesSent === before
    return isFirst ? { codesSent: before + 1 } : {}
  })
  // Compare-and-set: this session was read before a code was sent, perhaps by another process.
  if (!isFirst) return {}
  if (before >= window.settings.limits.codesPerWindow) {
    window.limits.reject('code', 'per_window')
    return problem({
      ko: '인증번호를 너무 많이 요청했어요. 중단하고 처음부터 다시 시도해 주세요.',
      en: 'Too many codes were requested. Cancel and start again.',
    })
  }
  const phone = window.keyRing.fingerprint(draft.phone, 'code-limit')
  const admitted = window.limits.codes.take({ phone, merchantId: session.payment.merchantId })
  if (!admitted.ok) {
    const minutes = Math.ceil(admitted.retryAfterMs / 60_000)
    const ofPhone = {
      ko: `이 번호로 인증번호를 너무 많이 요청했어요. ${minutes}분 뒤에 다시 시도해 주세요.`,
      en: `Too many codes were requested for this number. Try again in ${minutes} min.`,
    }
    const where = isResent ? 'resend' : 'phone'
    return fieldProblem(where, admitted.isOfPhone ? ofPhone : waitText('codes', admitted))
  }
  const sent = await window.identityVerifier.sendCode(draft)
  recordWindowEvent(window, session, sent.ok ? 'identity_code_sent' : codeRejectionEvents[sent.reason])
  if (!sent.ok) return notSent[sent.reason]
  const sentAt = window.runtime.now().getTime()
  const { verificationId } = sent
  const testCode = window.settings.isSandbox ? sent.testCode : undefined
  return { draft, verification: { verificationId, draft, isResent, sentAt, triedCodes: 0, testCode } }
}

const notSent: Readonly<Record<Extract<SendCodeResult, { readonly ok: false }>['reason'], WindowChange>> = {
  rejected: problem({
    ko: '통신사에 등록된 정보와 달라요. 이름, 생년월일, 통신사, 번호를 다시 확인해 주세요.',
    en: 'Your carrier has other details for this phone. Check name, birth date, carrier and number.',
  }),
  unreachable: problem({
    ko: '인증번호를 보내지 못했어요. 잠시 뒤 다시 시도해 주세요.',
    en: 'The code could not be sent. Try again in a moment.',
  }),
}

export async function submitCode(submission: Submission): Promise<WindowChange> {
  const { window, session, form } = submission
  const code = (form.get('code') ?? '').trim()
  if (!/^[0-9]{6}$/.test(code)) return fieldProblem('code', codeFormatText)

  const guess = window.limits.guesses.begin(session.payment)
  if (!guess.ok) return fieldProblem('code', waitText('guesses', guess))
  // Counted before it is checked, so that concurrent guesses count too.
  const { verification } = await updateState(window, session.sessionHash, countTry)
  if (verification === undefined) {
    guess.undo()
    return {}
  }
  if (verification.triedCodes > mostTries) {
    recordWindowEvent(window, session, 'identity_code_wrong', { reason: 'too_many_tries' })
    return tooManyTries
  }

  const now = window.runtime.now()
  const isLate = codeTimeLeft(verification, now, window.settings.identityCodeLifeMs) === 0
  const { verificationId } = verification
  const checked = isLate
    ? ({ result: 'expired' } as const)
    : await window.identityVerifier.checkCode({ verificationId, code })
  if (checked.result !== 'wrong') guess.undo()
  recordWindowEvent(window, session, codeEvents[checked.result])
  if (checked.result === 'verified') return acceptIdentity(submission, { ...checked.person, verifiedAt: now })
  return checked.result === 'expired' ? { verification: { ...verification, isOver: true } } : notChecked[checked.result]
}

const notChecked: Readonly<Record<'wrong' | 'unreachable', WindowChange>> = {
  wrong: fieldProblem('code', {
    ko: '인증번호가 맞지 않아요. 다시 확인해 주세요.',
    en: 'That code is not right. Check it and try again.',
  }),
  unreachable: fieldProblem('code', {
    ko: '인증기관과 연결되지 않아요. 잠시 뒤 다시 시도해 주세요.',
    en: 'The verification service cannot be reached. Try again in a moment.',
  }),
}

/** `rejected`: the phone belongs to another person. */
const codeRejectionEvents = { rejected: 'identity_mismatch', unreachable: 'identity_unreachable' } as const

const codeEvents = {
  verified: 'identity_verified',
  wrong: 'identity_code_wrong',
  expired: 'identity_code_expired',
  unreachable: 'identity_unreachable',
} as const satisfies Readonly<Record<CheckCodeResult['result'], SecurityEventName>>

const countTry = ({ verification }: { readonly verification?: Verification | undefined }): WindowChange =>
  verification === undefined ? {} : { verification: { ...verification, triedCodes: verification.triedCodes + 1 } }

async function acceptIdentity(submission: Submission, identity: VerifiedIdentity): Promise<WindowChange> {
  const { window, session } = submission
  const mismatch = findMismatch(window, session, identity)
  if (mismatch !== undefined) return { verification: undefined, ...mismatch }
  if (session.member !== undefined) return acceptMember(submission, session.member, identity)
  const { member, isNew } = await join(window, customerOf(session), identity)
  if (!isNew) return acceptMember(submission, member, identity)
  recordWindowEvent(window, session, 'member_joined')
  return { verification: undefined, draft: undefined, ...proveMember(session, member, 'identity') }
}

/** The person must be the member: a returning one, or one that another window has just joined or bound. */
async function acceptMember(submission: Submission, member: Member, identity: VerifiedIdentity): Promise<WindowChange> {
  const { window, session } = submission
  const { memberId } = member
  const resets = member.isLocked || session.state.mode === 'reset_password'
  const verified = await (resets ? reverify : confirmIdentity)(window, memberId, identity)
  if (!verified.ok) {
    if (!member.isPending) recordWindowEvent(window, session, 'customer_claimed_by_another', { reason: 'identity' })
    return anotherPerson
  }
  if (resets) recordWindowEvent(window, session, 'password_reset')
  if (verified.message !== undefined) await notifyFormerPhone(submission, verified.message)
  const { identityVersion } = verified
  const mode = session.state.mode === 'reset_password' ? undefined : session.state.mode
  const by = member.hasPassword && !resets ? 'identity_again' : 'identity'
  return { verification: undefined, draft: undefined, mode, ...proveMember(session, { memberId, identityVersion }, by) }
}

/** Best effort: the change stays if the message cannot be sent. */
async function notifyFormerPhone({ window, session }: Submission, message: PhoneMessage): Promise<void> {
  const isSent = await window.identityVerifier.sendMessage(message)
  const { transactionId } = session.payment
  if (!isSent) window.log.warn('phone_message_failed', { transactionId, kind: message.kind })
}

const tooManyTries: WindowChange = {
  verification: undefined,
  ...problem({
    ko: '인증번호를 여러 번 잘못 입력했어요. 인증번호를 다시 받아 주세요.',
    en: 'The code was wrong too many times. Get a new code.',
  }),
}

const anotherPerson: WindowChange = {
  verification: undefined,
  ...problem({
    ko: '가입할 때 인증한 본인이 아니에요. 가입한 본인의 정보로 다시 인증해 주세요.',
    en: 'This is not the person who signed up. Verify again as the person who did.',
  }),
}
