import { type FinishedAuthentication, finishAuthentication } from '../passkeys/authentication.ts'
import { mostPasskeys, type PasskeyAnswer } from '../passkeys/model.ts'
import { type FinishedRegistration, finishRegistration } from '../passkeys/registration.ts'
import { deletePasskey } from '../passkeys/store.ts'
import { keptChoice, payAsChosen } from './authenticate-buyer.ts'
import { problem, type Submission, type WindowChange, type WindowContext, type WindowSession } from './model.ts'
import { passkeyUseOf } from './passkey-offer.ts'
import { recordWindowEvent } from './session.ts'

type Rejection<Finished> =
  Extract<Finished, { readonly ok: false }> extends { readonly reason: infer R extends string } ? R : never

const tooLate = problem({
  ko: '시간이 지나 패스키 확인을 새로 준비했습니다. 다시 눌러 주세요.',
  en: 'That took too long, so we prepared it anew. Please try again.',
})
const notConfirmed = problem({
  ko: '패스키를 확인하지 못했습니다. 다시 누르거나 결제 비밀번호를 입력해 주세요.',
  en: 'Your passkey could not be confirmed. Try again, or enter your payment password.',
})

const paymentRejections: Readonly<Record<Rejection<FinishedAuthentication>, WindowChange>> = {
  challenge_unusable: tooLate,
  passkey_unknown: problem({
    ko: '이 패스키는 삭제되어 쓸 수 없습니다. 결제 비밀번호를 입력해 주세요.',
    en: 'This passkey was deleted and cannot be used. Enter your payment password.',
  }),
  credential_rejected: notConfirmed,
  counter_regressed: problem({
    ko: '안전을 위해 이 패스키를 받지 않았습니다. 결제 비밀번호로 결제하고 패스키를 다시 만들어 주세요.',
    en: 'For your safety this passkey was refused. Pay with your password and create the passkey again.',
  }),
}

const registrationRejections: Readonly<Record<Rejection<FinishedRegistration>, WindowChange>> = {
  challenge_unusable: tooLate,
  credential_rejected: problem({
    ko: '패스키를 만들지 못했습니다. 다시 누르거나 결제로 돌아가 주세요.',
    en: 'The passkey could not be created. Try again, or go back to the payment.',
  }),
  already_registered: problem({
    ko: '이미 등록된 패스키입니다. 결제로 돌아가 사용해 주세요.',
    en: 'This passkey is registered already. Go back to the payment and use it.',
  }),
  too_many: problem({
    ko: `패스키는 ${mostPasskeys}개까지 만들 수 있습니다. 쓰지 않는 패스키를 먼저 삭제해 주세요.`,
    en: `You can have up to ${mostPasskeys} passkeys. Delete one that you no longer use first.`,
  }),
}

function readAnswer(session: WindowSession, form: URLSearchParams): PasskeyAnswer | undefined {
  const use = passkeyUseOf(session)
  const { channel } = session.state
  return (
    use && {
      use,
      challengeId: form.get('challengeId') ?? '',
      credentialText: form.get('credential') ?? '',
      framedBy: channel.by === 'message' ? channel.shopOrigin : undefined,
    }
  )
}

/** Replaces the password: the device has signed this order and amount. */
export async function submitPasskeyPayment({ window, session, form }: Submission): Promise<WindowChange> {
  const answer = readAnswer(session, form)
  if (answer === undefined) return {}
  const finished = await finishAuthentication(window, answer)
  recordPasskey(window, session, 'passkey_used', finished)
  if (finished.ok) return payAsChosen({ window, session, form })
  return { ...keptChoice(session, form), ...paymentRejections[finished.reason] }
}

export async function submitNewPasskey({ window, session, form }: Submission): Promise<WindowChange> {
  const answer = readAnswer(session, form)
  if (answer === undefined) return {}
  const finished = await finishRegistration(window, answer)
  recordPasskey(window, session, 'passkey_added', finished)
  if (finished.ok) return { mode: undefined, success: created }
  return registrationRejections[finished.reason]
}

const created = {
  ko: '패스키를 만들었습니다. 이제 지문이나 얼굴로 결제할 수 있습니다.',
  en: 'Your passkey is ready. From now on you can pay with your fingerprint or face.',
}
const deleted = {
  ko: '패스키를 삭제했습니다. 이 패스키로는 더 이상 결제할 수 없습니다.',
  en: 'The passkey was deleted. It can no longer pay.',
}

export async function submitPasskeyDeletion({ window, session, form }: Submission): Promise<WindowChange> {
  const { member } = session
  const passkeyId = form.get('passkeyId') ?? ''
  const wasThere = member !== undefined && (await deletePasskey(window, { passkeyId, memberId: member.memberId })) === 1
  if (wasThere) recordWindowEvent(window, session, 'passkey_removed', { object: passkeyId })
  return wasThere ? { success: deleted } : {}
}

function recordPasskey(
  window: WindowContext,
  session: WindowSession,
  done: 'passkey_used' | 'passkey_added',
  finished: FinishedAuthentication | FinishedRegistration,
): void {
  if (finished.ok) recordWindowEvent(window, session, done)
  else recordWindowEvent(window, session, 'passkey_rejected', { reason: finished.reason })
}
