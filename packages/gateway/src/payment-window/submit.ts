import { abortPayment } from '../approval/close-payment.ts'
import type { SubmittedStep } from '../request-log/model.ts'
import { submitConfirmation } from './authenticate-buyer.ts'
import { canVerify, hasUsablePassword, mayAddPasskey, nextPage } from './checks.ts'
import { isLanguage } from './language.ts'
import type { FactsChange, PageName, WindowContext, WindowSession } from './model.ts'
import { datedProofs } from './proofs.ts'
import { recordFacts } from './session.ts'
import { submitCard, submitPopCard } from './submit-card.ts'
import { askDeletion, submitCardDeletion, submitCardName, submitDefaultCard } from './submit-cards.ts'
import { resendCode, submitCode, submitIdentity, submitTerms } from './submit-identity.ts'
import { submitNewPasskey, submitPasskeyDeletion, submitPasskeyPayment } from './submit-passkey.ts'
import { submitNewPassword, submitPassword, submitRepeatedPassword } from './submit-password.ts'

type Submit = (
  window: WindowContext,
  session: WindowSession,
  form: URLSearchParams,
) => FactsChange | Promise<FactsChange>

interface Step {
  /** Only there does the step mean something: a form of an older page changes nothing. */
  readonly on: readonly PageName[]
  readonly submit: Submit
}

const steps: Readonly<Record<string, Step>> = {
  terms: { on: ['terms'], submit: submitTerms },
  identity: { on: ['identity'], submit: submitIdentity },
  'keep-password': {
    on: ['identity', 'identity-code'],
    submit: (_window, session) =>
      hasUsablePassword(session) ? { resetsPassword: undefined, addsPasskey: undefined, verification: undefined } : {},
  },
  'identity-code': { on: ['identity-code'], submit: submitCode },
  'resend-code': { on: ['identity-code'], submit: resendCode },
  'edit-identity': { on: ['identity-code'], submit: () => ({ verification: undefined }) },
  card: { on: ['card'], submit: submitCard },
  'keep-cards': {
    on: ['card', 'cards', 'password'],
    submit: () => ({
      addsCard: undefined,
      managesCards: undefined,
      choosesCard: undefined,
      deletesCardId: undefined,
      addsPasskey: undefined,
      keypad: undefined,
    }),
  },
  'manage-cards': { on: ['card', 'password', 'confirm'], submit: () => ({ managesCards: true, addsCard: undefined }) },
  'name-card': { on: ['cards'], submit: submitCardName },
  'default-card': { on: ['cards'], submit: submitDefaultCard },
  'delete-card': { on: ['cards'], submit: (_window, session, form) => askDeletion(session, form) },
  'keep-card': { on: ['cards'], submit: () => ({ deletesCardId: undefined }) },
  'confirm-delete-card': { on: ['cards'], submit: submitCardDeletion },
  'pop-card': { on: ['pop-card'], submit: (_window, _session, form) => submitPopCard(form) },
  'skip-pop-card': { on: ['pop-card'], submit: () => ({ popCardLastFour: '' }) },
  'password-set': { on: ['password-set'], submit: submitNewPassword },
  'password-repeat': { on: ['password-repeat'], submit: submitRepeatedPassword },
  password: { on: ['password'], submit: submitPassword },
  'add-card': { on: ['password', 'confirm', 'cards'], submit: () => ({ addsCard: true }) },
  'reset-password': {
    on: ['password'],
    submit: (_window, session) => (canVerify(session) ? { resetsPassword: true } : {}),
  },
  'add-passkey': {
    on: ['password', 'confirm'],
    submit: (_window, session) => (mayAddPasskey(session) ? { addsPasskey: true } : {}),
  },
  'keep-passkeys': { on: ['passkey'], submit: () => ({ addsPasskey: undefined }) },
  passkey: { on: ['passkey'], submit: submitNewPasskey },
  'delete-passkey': { on: ['passkey'], submit: submitPasskeyDeletion },
  'pay-with-passkey': { on: ['password'], submit: submitPasskeyPayment },
  confirm: { on: ['confirm'], submit: submitConfirmation },
}

/** Stores what one form says. A form that does not belong to the page of this moment is ignored, and the page is shown. */
export async function submitStep(
  window: WindowContext,
  session: WindowSession,
  form: URLSearchParams,
): Promise<SubmittedStep> {
  const { payment, sessionHash } = session
  const name = form.get('step') ?? ''
  if (name === 'language') {
    await chooseLanguage(window, session, form)
    return { name, outcome: 'taken' }
  }
  const step = Object.hasOwn(steps, name) ? steps[name] : undefined
  const ignored = { name: step === undefined && name !== 'abort' ? '' : name, outcome: 'ignored' } as const
  if (payment.state !== 'requested' || payment.windowExpiresAt <= window.runtime.now()) return ignored
  if (name === 'abort') {
    await abortPayment(window, payment.transactionId)
    return { name, outcome: 'taken' }
  }
  const page = nextPage(session)
  if (step === undefined || page === undefined || !step.on.includes(page)) return ignored
  const change = await step.submit(window, session, form)
  await recordFacts(window, sessionHash, { problems: undefined, success: undefined, ...datedProofs(session, change) })
  const [reason] = Object.values(change.problems ?? {})
  return reason === undefined ? { name, outcome: 'taken' } : { name, outcome: 'rejected', reason }
}

/** Also at the end pages; what was wrong with the last submit stays to be read. */
async function chooseLanguage(window: WindowContext, session: WindowSession, form: URLSearchParams): Promise<void> {
  const language = form.get('language')
  if (isLanguage(language)) await recordFacts(window, session.sessionHash, { language })
}
