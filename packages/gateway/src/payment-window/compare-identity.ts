import type { LocalizedText } from '@sspay/protocol'
import type { VerifiedPerson } from '../identity/model.ts'
import { type IdentityMatchResult, matchIdentity } from '../identity/model.ts'
import { findMemberIdentity } from '../members/store.ts'
import type { EventContext } from '../security-events/record.ts'
import { problem, type WindowChange, type WindowContext, type WindowSession } from './model.ts'
import { recordWindowEvent } from './session.ts'

const mismatchSentences: Readonly<Record<Exclude<IdentityMatchResult, 'matches'>, LocalizedText>> = {
  name_differs: {
    ko: '본인인증한 이름이 쇼핑몰의 구매자명과 달라요. 구매자 본인의 정보로 다시 인증하거나 중단해 주세요.',
    en: 'The name you verified differs from the buyer’s name in the shop. Verify again as the buyer, or cancel.',
  },
  phone_differs: {
    ko: '본인인증한 휴대폰 번호가 쇼핑몰의 구매자 연락처와 달라요. 구매자 본인의 번호로 다시 인증하거나 중단해 주세요.',
    en: 'The phone you verified differs from the buyer’s phone in the shop. Verify again with the buyer’s number, or cancel.',
  },
  both_differ: {
    ko: '본인인증한 이름과 휴대폰 번호가 쇼핑몰의 구매자 정보와 달라요. 구매자 본인의 정보로 다시 인증하거나 중단해 주세요.',
    en: 'The name and phone you verified differ from the buyer’s in the shop. Verify again as the buyer, or cancel.',
  },
}

/** Guide, 본인인증 옵션: the verified person must be the buyer that the shop names. Undefined when they match. */
export function findMismatch(
  window: EventContext,
  session: Pick<WindowSession, 'payment' | 'merchant'>,
  person: Pick<VerifiedPerson, 'name' | 'phone'>,
): WindowChange | undefined {
  const match = matchIdentity(session.merchant.identityMatch, person, session.payment.request)
  if (match === 'matches') return undefined
  recordWindowEvent(window, session, 'identity_mismatch', { reason: match })
  return problem(mismatchSentences[match])
}

/**
 * The same for a member, on each payment. Only after the password: otherwise a form with a guessed name would reveal
 * who the member is.
 */
export async function findMismatchOfMember(
  window: EventContext & Pick<WindowContext, 'storage' | 'keyRing'>,
  session: Pick<WindowSession, 'payment' | 'merchant'>,
  memberId: string,
): Promise<WindowChange | undefined> {
  if (session.merchant.identityMatch === 'none') return undefined
  const identity = await findMemberIdentity(window, memberId)
  return findMismatch(window, session, identity ?? { name: '', phone: '' })
}
