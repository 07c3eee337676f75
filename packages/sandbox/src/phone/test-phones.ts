import type { LocalizedText } from '@sspay/protocol'

/**
 * What the simulated agency does with a phone number. `verify`: vouches for what the buyer typed. `other_person`: vouches for another person.
 * `message_lost`: verifies, but takes no other text message.
 */
export type PhoneBehaviour =
  | 'verify'
  | 'no_code'
  | 'rejected'
  | 'unreachable'
  | 'check_unreachable'
  | 'expired'
  | 'no_ci'
  | 'other_person'
  | 'message_lost'

/** A phone number of the simulated agency, and what it does. */
export interface TestPhone {
  /** Digits only. */
  readonly phone: string
  readonly behaviour: PhoneBehaviour
  readonly note: LocalizedText
}

const row = (phone: string, behaviour: PhoneBehaviour, ko: string, en: string): TestPhone => ({
  phone,
  behaviour,
  note: { ko, en },
})

/** Any other number verifies the person that the buyer types, with a CI that follows from name, birth date and gender. */
export const testPhones: readonly [TestPhone, ...TestPhone[]] = [
  row('01012345678', 'verify', '입력한 사람으로 인증', 'verifies the person who was typed'),
  row('01000000001', 'no_code', '인증번호가 오지 않음', 'the code never arrives'),
  row('01000000002', 'rejected', '통신사에 등록된 정보와 달라 거절', 'rejected: the carrier has other details'),
  row(
    '01000000003',
    'unreachable',
    '인증번호를 보낼 때 인증기관 무응답',
    'the agency fails when it is to send the code',
  ),
  row(
    '01000000004',
    'check_unreachable',
    '인증번호를 확인할 때 인증기관 무응답',
    'the agency fails when it is to check the code',
  ),
  row('01000000005', 'expired', '맞는 인증번호도 시간 초과', 'even the right code has expired'),
  row('01000000006', 'no_ci', '연계정보(CI) 없는 응답', 'answers without a CI'),
  row(
    '01000000007',
    'other_person',
    '입력과 다른 사람(김다른)으로 인증',
    'verifies another person (김다른) than was typed',
  ),
  row('01000000008', 'message_lost', '인증은 되지만 안내 문자는 전송 실패', 'verifies, but other text messages fail'),
]

export const behaviourOf = (phone: string): PhoneBehaviour =>
  testPhones.find((one) => one.phone === phone)?.behaviour ?? 'verify'
