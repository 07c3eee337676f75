const row = <const Behaviour extends string>(phone: string, behaviour: Behaviour, ko: string, en: string) => ({
  phone,
  behaviour,
  note: { ko, en },
})

/** Any other number verifies the person as entered, with a CI derived from name, birth date and gender. */
export const testPhones = [
  row('01012345678', 'verify', '입력한 사람으로 인증', 'verifies the person as entered'),
  row('01000000001', 'no_code', '인증번호가 오지 않음', 'the code never arrives'),
  row('01000000002', 'rejected', '통신사에 등록된 정보와 달라 거절', 'rejected: the carrier has different data'),
  row('01000000003', 'unreachable', '인증번호를 보낼 때 인증기관 무응답', 'no response when the code is requested'),
  row(
    '01000000004',
    'check_unreachable',
    '인증번호를 확인할 때 인증기관 무응답',
    'no response when the code is checked',
  ),
  row('01000000005', 'expired', '맞는 인증번호도 시간 초과', 'even the correct code has expired'),
  row('01000000006', 'no_ci', '연계정보(CI) 없는 응답', 'a response without a CI'),
  row(
    '01000000007',
    'other_person',
    '입력과 다른 사람(김다른)으로 인증',
    'verifies another person (김다른) than entered',
  ),
  row('01000000008', 'message_lost', '인증은 되지만 안내 문자는 전송 실패', 'verifies, but other text messages fail'),
] as const

export type TestPhone = (typeof testPhones)[number]

/**
 * The agency's response for a phone number. `verify`: verifies the person as entered. `other_person`: verifies another
 * person. `message_lost`: verifies, but other text messages fail.
 */
export type PhoneBehaviour = TestPhone['behaviour']

export const behaviourOf = (phone: string): PhoneBehaviour =>
  testPhones.find((one) => one.phone === phone)?.behaviour ?? 'verify'
