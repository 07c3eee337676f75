import type { Format } from './field-table.ts'
import { matching } from './formats.ts'

/** Guide, second table, CardNum: digits 7 to 12 are asterisks. */
export const maskedCardNumber: Format<string> = matching({
  maxLength: 16,
  pattern: /^[0-9*]+$/,
  hint: { ko: '7~12자리를 가린 카드번호', en: 'card number with digits 7 to 12 masked' },
  examples: ['411111******1111'],
})

/** DisplayCardNo of a bill key (Q69): the middle of the number masked, in groups. */
export const displayedCardNumber: Format<string> = matching({
  maxLength: 24,
  pattern: /^[0-9*-]+$/,
  hint: { ko: '가운데를 가린 카드번호', en: 'card number with its middle masked' },
  examples: ['5239-****-****-9001', '3791-******-*1007'],
})

/** A whole card number; blanks and hyphens between its digits are left out. */
export const cardNumber: Format<string> = {
  ...matching({
    maxLength: 16,
    pattern: /^[0-9]{14,16}$/,
    hint: { ko: '카드번호 숫자 14~16자리', en: 'the 14 to 16 digits of the card number' },
    examples: ['5239000000009001', '379100000011007'],
  }),
  normalize: (given) => given.replace(/(?<=[0-9])[ -](?=[0-9])/g, ''),
}

/** Four digits, YYMM. */
export const cardExpiry: Format<string> = matching({
  maxLength: 4,
  pattern: /^[0-9]{2}(0[1-9]|1[0-2])$/,
  hint: { ko: 'YYMM(년·월)', en: 'YYMM, year and month' },
  examples: ['2912', '3001'],
})

/** Whom the issuer knows as the card's owner: a person by the birth date, a company by its business number. */
export const birthDateOrBusinessNumber: Format<string> = matching({
  maxLength: 10,
  pattern: /^([0-9]{6}|[0-9]{10})$/,
  hint: {
    ko: '생년월일 6자리(YYMMDD) 또는 사업자번호 10자리',
    en: 'birth date YYMMDD, or a business number of 10 digits',
  },
  examples: ['900101', '1234567890'],
})

/** The first two digits of the card's own password of four. */
export const cardPasswordPrefix: Format<string> = matching({
  maxLength: 2,
  pattern: /^[0-9]{2}$/,
  hint: { ko: '카드 비밀번호 앞 2자리', en: 'the first two digits of the card password' },
  examples: ['12', '00'],
})

/** A decrypted BillTokenKey (Q69). Public pages give no length. */
export const billKey: Format<string> = matching({
  maxLength: 100,
  pattern: /^[\x21-\x7E]+$/,
  hint: { ko: '복호화한 빌링키를 그대로', en: 'the decrypted bill key exactly as received' },
  examples: ['BTK0000000000000001'],
})

/** Whether the last digit is the Luhn check digit of the others, as card numbers have it (ISO/IEC 7812). */
export function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const value = place % 2 === 0 ? Number(digit) : Number(digit) * 2
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
