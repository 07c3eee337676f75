import { abortPayment, forgetGuest } from '../approval/close-payment.ts'
import { isGeneral } from '../approval/model.ts'
import type { SubmittedStep } from '../request-log/model.ts'
import { submitCard } from './add-card.ts'
import { submitConfirmation } from './authenticate-buyer.ts'
import { canVerify, hasUsablePassword, mayAddPasskey, nextPage } from './checks.ts'
import { submitIssuer } from './choose-issuer.ts'
import { askDeletion, submitCardDeletion, submitCardName, submitDefaultCard } from './edit-cards.ts'
import { checkApp, enterCard, startApp } from './issuer-app.ts'
import { isLanguage } from './language.ts'
import type { PageName, Submission, WindowChange, WindowSession } from './model.ts'
import { submitPopCard } from './pop-card.ts'
import { updateState } from './session.ts'
import { resendCode, submitCode, submitIdentity, submitTerms } from './submit-identity.ts'
import { openWithPasskey, submitNewPasskey, submitPasskeyDeletion, submitPasskeyPayment } from './submit-passkey.ts'
import { submitNewPassword, submitPassword, submitRepeatedPassword } from './submit-password.ts'
import { abortRegistration, submitRegistration } from './submit-registration.ts'

interface Step {
  /** A form of another page changes nothing. */
  readonly on: readonly PageName[]
  readonly submit: (submission: Submission) => WindowChange | Promise<WindowChange>
}

const leaveMode: WindowChange = { mode: undefined, deletesCardId: undefined }

const steps: Readonly<Record<string, Step>> = {
  terms: { on: ['terms'], submit: submitTerms },
  identity: { on: ['identity'], submit: submitIdentity },
  'keep-password': {
    on: ['identity', 'identity-code'],
    submit: ({ session }) => (hasUsablePassword(session) ? { mode: undefined, verification: undefined } : {}),
  },
  'identity-code': { on: ['identity-code'], submit: submitCode },
  'resend-code': { on: ['identity-code'], submit: resendCode },
  'edit-identity': { on: ['identity-code'], submit: () => ({ verification: undefined }) },
  issuer: { on: ['issuer'], submit: submitIssuer },
  'change-issuer': { on: ['card'], submit: () => ({ issuerCode: undefined }) },
  'start-app': { on: ['card'], submit: startApp },
  'check-app': { on: ['issuer-app'], submit: checkApp },
  'enter-card': { on: ['issuer-app'], submit: () => enterCard },
  card: { on: ['card'], submit: submitCard },
  'keep-cards': { on: ['issuer', 'card', 'cards', 'password'], submit: () => leaveMode },
  'manage-cards': { on: ['card', 'password', 'confirm', 'register'], submit: () => ({ mode: 'manage_cards' }) },
  'name-card': { on: ['cards'], submit: submitCardName },
  'default-card': { on: ['cards'], submit: submitDefaultCard },
  'delete-card': { on: ['cards'], submit: askDeletion },
  'keep-card': { on: ['cards'], submit: () => ({ deletesCardId: undefined }) },
  'confirm-delete-card': { on: ['cards'], submit: submitCardDeletion },
  'pop-card': { on: ['pop-card'], submit: submitPopCard },
  'skip-pop-card': { on: ['pop-card'], submit: () => ({ popCardLastFour: '' }) },
  'password-set': { on: ['password-set'], submit: submitNewPassword },
  'password-repeat': { on: ['password-repeat'], submit: submitRepeatedPassword },
  password: { on: ['password'], submit: submitPassword },
  'add-card': {
    on: ['password', 'confirm', 'register', 'cards'],
    submit: ({ session: { state } }) => ({
      mode: state.mode === 'manage_cards' ? 'add_managed_card' : 'add_card',
      issuerCode: undefined,
    }),
  },
  'reset-password': {
    on: ['password'],
    submit: ({ session }) => (canVerify(session) ? { mode: 'reset_password' } : {}),
  },
  'add-passkey': {
    on: ['password', 'confirm'],
    submit: ({ session }) =>
      mayAddPasskey(session) && session.state.registration === undefined ? { mode: 'add_passkey' } : {},
  },
  'keep-passkeys': { on: ['passkey'], submit: () => ({ mode: undefined }) },
  passkey: { on: ['passkey'], submit: submitNewPasskey },
  'delete-passkey': { on: ['passkey'], submit: submitPasskeyDeletion },
  'pay-with-passkey': { on: ['password'], submit: submitPasskeyPayment },
  'open-with-passkey': { on: ['password'], submit: openWithPasskey },
  confirm: { on: ['confirm'], submit: submitConfirmation },
  register: {
    on: ['register'],
    submit: (submission) => {
      const { registration } = submission.session.state
      return registration === undefined ? {} : submitRegistration(submission, registration)
    },
  },
}

/** Steps of a window without membership: no password, identity or list of cards. */
const guestSteps: readonly string[] = [
  ...['terms', 'issuer', 'change-issuer', 'card', 'add-card', 'keep-cards', 'confirm'],
  ...['start-app', 'check-app', 'enter-card'],
]

function findStep({ payment }: WindowSession, name: string): Step | undefined {
  if (!Object.hasOwn(steps, name) || (isGeneral(payment) && !guestSteps.includes(name))) return undefined
  return steps[name]
}

async function abort(submission: Submission): Promise<void> {
  const { payment, state } = submission.session
  const { window } = submission
  if (state.registration !== undefined) return abortRegistration(submission, state.registration)
  if (await abortPayment(window, payment.transactionId)) await forgetGuest(window, payment)
}

/** Applies one form to the window. A form that does not belong to the current page is ignored. */
export async function submitStep(submission: Submission): Promise<SubmittedStep> {
  const { window, session, form } = submission
  const { payment, sessionHash } = session
  const name = form.get('step') ?? ''
  if (name === 'language') {
    // Works on the end pages too, and keeps the errors of the last submit.
    const language = form.get('language')
    if (isLanguage(language)) await updateState(window, sessionHash, { language })
    return { name, outcome: 'taken' }
  }
  const step = findStep(session, name)
  const ignored = { name: step === undefined && name !== 'abort' ? '' : name, outcome: 'ignored' } as const
  if (payment.state !== 'requested' || payment.windowExpiresAt <= window.runtime.now()) return ignored
  if (name === 'abort') {
    await abort(submission)
    return { name, outcome: 'taken' }
  }
  const page = nextPage(session)
  if (step === undefined || page === undefined || !step.on.includes(page)) return ignored
  const change = await step.submit(submission)
  await updateState(window, sessionHash, { problems: undefined, success: undefined, keypad: undefined, ...change })
  const [reason] = Object.values(change.problems ?? {})
  return reason === undefined ? { name, outcome: 'taken' } : { name, outcome: 'rejected', reason }
}
