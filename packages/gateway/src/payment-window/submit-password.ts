import { passwordLength } from '../keypad/model.ts'
import { readTaps } from '../keypad/read-taps.ts'
import { checkPaymentPassword, isTrivialPassword, setPaymentPassword } from '../members/payment-password.ts'
import { findMemberIdentity } from '../members/store.ts'
import { keptChoice, payAsChosen } from './authenticate-buyer.ts'
import { canVerify, paysWithPassword, seesCards } from './checks.ts'
import { waitText } from './limits.ts'
import { problem, type Submission, type WindowChange, type WindowSession } from './model.ts'
import { proveMember } from './proofs.ts'
import { recordWindowEvent } from './session.ts'

/**
 * The digits, or the change that shows the next page. With a script, six taps are one post; without, each tap is one.
 * Switching between picture and labels gives a new keypad: no keypad is ever shown both ways.
 */
async function readTapped({ window, session, form }: Submission): Promise<string | WindowChange> {
  const keys = form.get('keys')
  if (keys !== null) return { labelsKeys: keys === 'labels' ? true : undefined }
  const { sessionHash, state } = session
  if (state.keypad === undefined) return {}
  const { keypadId } = state.keypad
  const collected = form.get('taps') ?? ''
  const taps = collected === '' ? tapOn(state.keypad.taps, form) : collected.split(',')
  if (collected === '' && taps.length < passwordLength) return { keypad: { keypadId, taps } }
  const read = await readTaps(window, { keypadId, sessionHash, taps })
  return read.ok ? read.digits : newKeypad
}

function tapOn(taps: readonly string[], form: URLSearchParams): readonly string[] {
  const tap = form.get('tap')
  if (tap === 'clear') return []
  if (tap === null || isRepeated(taps, tap, form.get('tapped'))) return taps
  return tap === 'erase' ? taps.slice(0, -1) : [...taps, tap]
}

/**
 * Bound by page, a reload posts the last tap again. `tapped` is the count on the page that was tapped. A page may also
 * be behind because the buyer is quicker than the next page; then the key differs.
 */
function isRepeated(taps: readonly string[], tap: string, tapped: string | null): boolean {
  if (tapped === null) return false
  return tap === 'erase' ? taps.length < Number(tapped) : taps.length > Number(tapped) && taps.at(-1) === tap
}

const newKeypad = problem({
  ko: '키패드를 새로 만들었어요. 비밀번호를 처음부터 다시 입력해 주세요.',
  en: 'The keypad is a new one. Enter your password again from the start.',
})
const verifyAndChoose = problem({
  ko: '결제 비밀번호를 5번 잘못 입력해 잠겼어요. 본인인증을 하고 새 비밀번호를 정해 주세요.',
  en: 'The password was wrong 5 times and is locked. Verify your identity and choose a new one.',
})
const busy = problem({
  ko: '지금은 요청이 많아요. 잠시 뒤 다시 입력해 주세요.',
  en: 'It is very busy right now. Enter your password again in a moment.',
})
const startOver: WindowChange = { passwordFingerprint: undefined }
const trivial: WindowChange = {
  ...startOver,
  ...problem({
    ko: '쉽게 알 수 있는 비밀번호예요. 다른 숫자를 사용해 주세요.',
    en: 'This password is easy to guess. Choose other digits.',
  }),
}
const passwordsDiffer: WindowChange = {
  ...startOver,
  ...problem({
    ko: '두 번 입력한 비밀번호가 달라요. 처음부터 다시 정해 주세요.',
    en: 'The two passwords differ. Choose one again from the start.',
  }),
}

const draftOf = ({ sessionHash }: WindowSession): string => `password-draft:${sessionHash}`

export async function submitNewPassword(submission: Submission): Promise<WindowChange> {
  const { window, session } = submission
  const digits = await readTapped(submission)
  if (typeof digits !== 'string') return digits
  const identity = session.member && (await findMemberIdentity(window, session.member.memberId))
  if (isTrivialPassword(digits, identity)) return trivial
  return { passwordFingerprint: window.keyRing.fingerprint(digits, draftOf(session)) }
}

export async function submitRepeatedPassword(submission: Submission): Promise<WindowChange> {
  const { window, session } = submission
  const { member, state } = session
  const digits = await readTapped(submission)
  if (typeof digits !== 'string') return digits
  if (member === undefined) return startOver
  const known = window.keyRing.fingerprints(digits, draftOf(session))
  if (!known.includes(state.passwordFingerprint ?? '')) return passwordsDiffer

  const set = await setPaymentPassword(window, member.memberId, digits, window.passwordHasher)
  if (set.ok) {
    recordWindowEvent(window, session, 'password_set')
    return { ...startOver, ...proveMember(session, member, 'new_password') }
  }
  const rejections = {
    password_trivial: trivial,
    overloaded: busy,
    password_already_set: { ...startOver, proof: undefined },
  }
  return rejections[set.reason]
}

/** The returning member's only page: the right password authenticates at once, or unlocks cards and passkeys. */
export async function submitPassword(submission: Submission): Promise<WindowChange> {
  const { session, form } = submission
  const { member, state } = session
  if (member === undefined) return {}
  const pays = paysWithPassword(session)
  const kept = pays ? keptChoice(session, form) : {}
  if (pays && form.has('choose') && !seesCards(session)) return { ...kept, mode: 'choose_card' }
  const digits = await readTapped(submission)
  if (typeof digits !== 'string') return { ...kept, ...digits }
  const rejected = await checkPassword(submission, member.memberId, digits)
  if (rejected !== undefined) return { ...kept, ...rejected }
  if (pays) return payAsChosen(submission)
  const mode = state.mode === 'choose_card' ? undefined : state.mode
  return { mode, ...proveMember(session, member, 'password') }
}

/** Undefined when the password is right. */
async function checkPassword(
  { window, session }: Submission,
  memberId: string,
  digits: string,
): Promise<WindowChange | undefined> {
  const guess = window.limits.guesses.begin(session.payment)
  if (!guess.ok) return problem(waitText('guesses', guess))
  const checked = await checkPaymentPassword(window, memberId, digits, window.passwordHasher)
  if (checked.result === 'wrong' || checked.result === 'locked')
    recordWindowEvent(window, session, `password_${checked.result}`)
  else guess.undo()
  switch (checked.result) {
    case 'matches':
      return undefined
    case 'overloaded':
      return busy
    case 'wrong':
      return problem({
        ko: `결제 비밀번호가 맞지 않아요. ${checked.triesLeft}번 더 잘못 입력하면 잠겨요.`,
        en: `That password is not right. Tries left before it is locked: ${checked.triesLeft}.`,
      })
    case 'locked':
      // Without verification, the next page explains the lock.
      return { proof: undefined, ...(canVerify(session) ? verifyAndChoose : {}) }
  }
}
