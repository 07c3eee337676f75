import { type AuthenticationRejection, finishAuthentication } from '../passkeys/authentication.ts'
import type { Finished, PasskeyAnswer } from '../passkeys/model.ts'
import { finishRegistration, type RegistrationRejection } from '../passkeys/registration.ts'
import { deletePasskey } from '../passkeys/store.ts'
import { keptChoice, payAsChosen } from './authenticate-buyer.ts'
import { opensRegistration } from './checks.ts'
import { problem, type Submission, type WindowChange } from './model.ts'
import { passkeyUseOf, purposeOf } from './passkey-offer.ts'
import { mostPasskeysText, notConfirmedText } from './passkey-page.ts'
import { proveMember } from './proofs.ts'
import { recordWindowEvent } from './session.ts'

const tooLate = problem({
  ko: '시간이 지나 패스키 확인을 새로 준비했어요. 다시 눌러 주세요.',
  en: 'That took too long, so we prepared it again. Please try once more.',
})

const authenticationRejections: Readonly<Record<AuthenticationRejection, WindowChange>> = {
  challenge_unusable: tooLate,
  passkey_unknown: problem({
    ko: '이 패스키는 삭제되어 쓸 수 없어요. 결제 비밀번호를 입력해 주세요.',
    en: 'This passkey was deleted and cannot be used. Enter your payment password.',
  }),
  credential_rejected: problem(notConfirmedText),
  counter_regressed: problem({
    ko: '안전을 위해 이 패스키를 받지 않았어요. 결제 비밀번호를 입력하고, 다음 결제에서 패스키를 다시 만들어 주세요.',
    en: 'For your safety this passkey was not accepted. Enter your password, and create the passkey again with your next payment.',
  }),
}

const registrationRejections: Readonly<Record<RegistrationRejection, WindowChange>> = {
  challenge_unusable: tooLate,
  credential_rejected: problem({
    ko: '패스키를 만들지 못했어요. 다시 누르거나 결제로 돌아가 주세요.',
    en: 'The passkey could not be created. Try again, or go back to the payment.',
  }),
  already_registered: problem({
    ko: '이미 등록된 패스키예요. 결제로 돌아가 사용해 주세요.',
    en: 'This passkey is registered already. Go back to the payment and use it.',
  }),
  too_many: problem(mostPasskeysText),
}

/** The browser's answer to the challenge on the page, checked by `finish` and recorded. Undefined without a member. */
async function finishCeremony<Rejection extends string>(
  { window, session, form }: Submission,
  done: 'passkey_used' | 'passkey_added',
  finish: (answer: PasskeyAnswer) => Promise<Finished<Rejection>>,
): Promise<Finished<Rejection> | undefined> {
  const use = passkeyUseOf(session)
  if (use === undefined) return undefined
  const { channel } = session.state
  const finished = await finish({
    use,
    challengeId: form.get('challengeId') ?? '',
    credentialText: form.get('credential') ?? '',
    framedBy: channel.by === 'message' ? channel.shopOrigin : undefined,
  })
  const reason = finished.ok ? undefined : finished.reason
  recordWindowEvent(window, session, finished.ok ? done : 'passkey_rejected', { reason })
  return finished
}

const authenticate = (submission: Submission): Promise<Finished<AuthenticationRejection> | undefined> =>
  finishCeremony(submission, 'passkey_used', (answer) =>
    finishAuthentication(submission.window, answer, purposeOf(submission.session)),
  )

/** Replaces the password: the device has signed this order and amount. */
export async function submitPasskeyPayment(submission: Submission): Promise<WindowChange> {
  const { session, form } = submission
  if (session.state.registration !== undefined) return {}
  const finished = await authenticate(submission)
  if (finished === undefined) return {}
  if (finished.ok) return payAsChosen(submission)
  return { ...keptChoice(session, form), ...authenticationRejections[finished.reason] }
}

/** Replaces the password of a registration: the device has signed it. The card is confirmed on the next page. */
export async function openWithPasskey(submission: Submission): Promise<WindowChange> {
  const { session } = submission
  const { member } = session
  if (!opensRegistration(session) || member === undefined) return {}
  const finished = await authenticate(submission)
  if (finished === undefined) return {}
  return finished.ok ? proveMember(session, member, 'password') : authenticationRejections[finished.reason]
}

export async function submitNewPasskey(submission: Submission): Promise<WindowChange> {
  const { window } = submission
  const finished = await finishCeremony(submission, 'passkey_added', (answer) => finishRegistration(window, answer))
  if (finished === undefined) return {}
  return finished.ok ? { mode: undefined, success: created } : registrationRejections[finished.reason]
}

const created = {
  ko: '패스키를 만들었어요. 이제 지문이나 얼굴로 결제할 수 있어요.',
  en: 'Your passkey is ready. From now on you can pay with your fingerprint or face.',
}
const deleted = {
  ko: '패스키를 삭제했어요. 이 패스키로는 더 이상 결제할 수 없어요.',
  en: 'The passkey was deleted. It can no longer pay.',
}

export async function submitPasskeyDeletion({ window, session, form }: Submission): Promise<WindowChange> {
  const { member } = session
  const passkeyId = form.get('passkeyId') ?? ''
  if (member === undefined || !(await deletePasskey(window, { ...member, passkeyId }))) return {}
  recordWindowEvent(window, session, 'passkey_removed', { object: passkeyId })
  return { success: deleted }
}
