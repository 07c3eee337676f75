import { decodeTaps } from '../keypad/decode-taps.ts'
import { passwordLength } from '../keypad/model.ts'
import { checkPaymentPassword, setPaymentPassword } from '../members/payment-password.ts'
import { findMemberIdentity } from '../members/store.ts'
import { isTrivialPassword } from '../members/trivial-password.ts'
import { keptChoice, payAsChosen } from './authenticate-buyer.ts'
import { canVerify, paysWithPassword, seesCards } from './checks.ts'
import { type FactsChange, problem, type WindowContext, type WindowSession } from './model.ts'
import { waitText } from './wait-text.ts'
import { recordWindowEvent } from './window-event.ts'

type Tapped =
  | { readonly isComplete: true; readonly digits: string }
  | { readonly isComplete: false; readonly change: FactsChange }

/** Another way to enter the password begins with another keypad: none is ever both pictured and labelled. */
function readKeyMode(form: URLSearchParams): FactsChange | undefined {
  const keys = form.get('keys')
  return keys === null ? undefined : { keypad: undefined, labelsKeys: keys === 'labels' ? true : undefined }
}

/** Six taps in one post where scripts run, one tap a post where not. */
async function readTapped(window: WindowContext, session: WindowSession, form: URLSearchParams): Promise<Tapped> {
  const keyMode = readKeyMode(form)
  if (keyMode !== undefined) return { isComplete: false, change: keyMode }
  const { keypad } = session.facts
  if (keypad === undefined) return { isComplete: false, change: {} }
  const collected = form.get('taps') ?? ''
  const taps = collected === '' ? tapOn(keypad.taps, form) : collected.split(',')
  if (collected === '' && taps.length < passwordLength)
    return { isComplete: false, change: { keypad: { ...keypad, taps } } }

  const { sessionHash } = session
  const read = await decodeTaps(window, { keypadId: keypad.keypadId, sessionHash, taps })
  if (read.ok) return { isComplete: true, digits: read.digits }
  return { isComplete: false, change: { keypad: undefined, ...newKeypad } }
}

function tapOn(taps: readonly string[], form: URLSearchParams): readonly string[] {
  const tap = form.get('tap')
  if (tap === null || isSentAgain(taps, tap, form.get('tapped'))) return taps
  return tap === 'erase' ? taps.slice(0, -1) : [...taps, tap]
}

/**
 * Bound by page, a reload posts its last tap again. `tapped` is the count on the page that was tapped. A page may be behind without a
 * reload, when the buyer is quicker than the next page; then the key is another one.
 */
function isSentAgain(taps: readonly string[], tap: string, tapped: string | null): boolean {
  if (tapped === null) return false
  return tap === 'erase' ? taps.length < Number(tapped) : taps.length > Number(tapped) && taps.at(-1) === tap
}

const newKeypad = problem({
  ko: '키패드를 새로 만들었습니다. 비밀번호를 처음부터 다시 입력해 주세요.',
  en: 'The keypad is a new one. Enter your password again from the start.',
})
const verifyAndChoose = problem({
  ko: '결제 비밀번호를 5번 잘못 입력해 잠겼습니다. 본인인증을 하고 새 비밀번호를 정해 주세요.',
  en: 'The password was wrong 5 times and is locked. Verify your identity and choose a new one.',
})
const busy: FactsChange = {
  keypad: undefined,
  ...problem({
    ko: '지금은 요청이 많습니다. 잠시 뒤 다시 입력해 주세요.',
    en: 'It is very busy right now. Enter your password again in a moment.',
  }),
}
const trivial: FactsChange = {
  keypad: undefined,
  passwordFingerprint: undefined,
  ...problem({
    ko: '쉽게 알 수 있는 비밀번호입니다. 다른 숫자를 사용해 주세요.',
    en: 'This password is easy to guess. Choose other digits.',
  }),
}

const draftOf = ({ sessionHash }: WindowSession): string => `password-draft:${sessionHash}`

export async function submitNewPassword(
  window: WindowContext,
  session: WindowSession,
  form: URLSearchParams,
): Promise<FactsChange> {
  const tapped = await readTapped(window, session, form)
  if (!tapped.isComplete) return tapped.change
  const identity = session.member && (await findMemberIdentity(window, session.member.memberId))
  if (isTrivialPassword(tapped.digits, identity)) return trivial
  return { keypad: undefined, passwordFingerprint: window.keyRing.fingerprint(tapped.digits, draftOf(session)) }
}

export async function submitRepeatedPassword(
  window: WindowContext,
  session: WindowSession,
  form: URLSearchParams,
): Promise<FactsChange> {
  const { member, facts } = session
  const tapped = await readTapped(window, session, form)
  if (!tapped.isComplete) return tapped.change
  const startOver: FactsChange = { keypad: undefined, passwordFingerprint: undefined }
  if (member === undefined) return startOver
  const known = window.keyRing.fingerprints(tapped.digits, draftOf(session))
  if (facts.passwordFingerprint === undefined || !known.includes(facts.passwordFingerprint))
    return {
      ...startOver,
      ...problem({
        ko: '두 번 입력한 비밀번호가 다릅니다. 처음부터 다시 정해 주세요.',
        en: 'The two passwords differ. Choose one again from the start.',
      }),
    }

  const set = await setPaymentPassword(window, member.memberId, tapped.digits, window.passwordHasher)
  if (set.ok) recordWindowEvent(window, session, 'password_set')
  if (set.ok) return { ...startOver, verifiedMemberId: undefined, provenMemberId: member.memberId }
  switch (set.reason) {
    case 'password_trivial':
      return trivial
    case 'overloaded':
      return busy
    case 'password_already_set':
      return { ...startOver, verifiedMemberId: undefined }
  }
}

/** The returning member's only page: a right password authenticates at once. Where the cards are to change, it opens them instead. */
export const submitPassword = (
  window: WindowContext,
  session: WindowSession,
  form: URLSearchParams,
): Promise<FactsChange> =>
  paysWithPassword(session) ? payWithPassword(window, session, form) : openCards(window, session, form)

async function openCards(window: WindowContext, session: WindowSession, form: URLSearchParams): Promise<FactsChange> {
  const { member } = session
  if (member === undefined) return {}
  const tapped = await readTapped(window, session, form)
  if (!tapped.isComplete) return tapped.change
  const rejected = await findRejection(window, session, tapped.digits)
  return rejected ?? { keypad: undefined, choosesCard: undefined, enteredMemberId: member.memberId }
}

async function payWithPassword(
  window: WindowContext,
  session: WindowSession,
  form: URLSearchParams,
): Promise<FactsChange> {
  const { member } = session
  if (member === undefined) return {}
  const kept = keptChoice(session, form)
  if (form.has('choose') && !seesCards(session)) return { ...kept, choosesCard: true, keypad: undefined }
  const tapped = await readTapped(window, session, form)
  if (!tapped.isComplete) return { ...kept, ...tapped.change }

  const rejected = await findRejection(window, session, tapped.digits)
  return rejected === undefined ? payAsChosen(window, session, form) : { ...kept, ...rejected }
}

/** Undefined when the password is right. */
async function findRejection(
  window: WindowContext,
  session: WindowSession,
  digits: string,
): Promise<FactsChange | undefined> {
  const { member, payment } = session
  if (member === undefined) return {}
  const guess = window.limits.guesses.begin(payment)
  if (!guess.ok) return { keypad: undefined, ...problem(waitText('guesses', guess)) }
  const checked = await checkPaymentPassword(window, member.memberId, digits, window.passwordHasher)
  if (checked.result === 'wrong' || checked.result === 'locked')
    recordWindowEvent(window, session, `password_${checked.result}`)
  else guess.takeBack()
  switch (checked.result) {
    case 'matches':
      return undefined
    case 'overloaded':
      return busy
    case 'wrong':
      return {
        keypad: undefined,
        ...problem({
          ko: `결제 비밀번호가 맞지 않습니다. ${checked.triesLeft}번 더 잘못 입력하면 잠깁니다.`,
          en: `That password is not right. Tries left before it is locked: ${checked.triesLeft}.`,
        }),
      }
    case 'locked':
      return {
        keypad: undefined,
        verifiedMemberId: undefined,
        // The page for whom no verification frees says it all.
        ...(canVerify(session) ? verifyAndChoose : {}),
      }
  }
}
