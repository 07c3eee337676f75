import { passesLuhn } from '@sspay/protocol/internal'
import type { Dice } from '../../faults/fixture/dice.ts'

/** Card details as the owner types them. */
export interface OwnCard {
  readonly cardNumber: string
  readonly expiryMonth: string
  readonly expiryYear: string
  /** The first two digits of the card's own password. */
  readonly passwordFirstTwo: string
}

export interface Person {
  readonly number: number
  readonly name: string
  /** yyMMdd. */
  readonly birthDate: string
  readonly genderDigit: string
  /** Connecting information: of this person alone. */
  readonly ci: string
  /** Changes with the contract. */
  phone: string
  readonly card: OwnCard
  /** IP address of their Internet connection. */
  readonly address: string
}

export interface People {
  person(): Person
  /** Somebody else with the same name, birth date and gender. */
  namesakeOf(person: Person): Person
  newPhone(): string
}

const names = ['김민준', '이서연', '박도윤', '최지우', '정하은', '홍길동'] as const
const birthDates = ['900815', '851102', '991231', '780404'] as const

/** Few names and birth dates, so that unrelated people share both. */
export function createPeople(dice: Dice): People {
  let people = 0
  let phones = 0
  const newPhone = (): string => `010${String(20_000_000 + 7_919 * phones++)}`

  const create = ({ name, birthDate, genderDigit }: Pick<Person, 'name' | 'birthDate' | 'genderDigit'>): Person => {
    const number = people++
    return {
      number,
      name,
      birthDate,
      genderDigit,
      phone: newPhone(),
      ci: Buffer.from(dice.bytes(64)).toString('base64'),
      card: {
        cardNumber: cardNumberOf(number),
        expiryMonth: '12',
        expiryYear: '2030',
        passwordFirstTwo: String(dice.between(10, 99)),
      },
      address: `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`,
    }
  }
  return {
    person: () =>
      create({
        name: names[dice.below(names.length)] ?? '',
        birthDate: birthDates[dice.below(birthDates.length)] ?? '',
        genderDigit: String(dice.between(1, 2)),
      }),
    namesakeOf: create,
    newPhone,
  }
}

/** A Shinhan credit card; the last four digits are of this person alone among a thousand. */
function cardNumberOf(number: number): string {
  const digits = `940600${String(number).padStart(9, '0')}`
  const checkDigit = Array.from({ length: 10 }, (_, digit) => String(digit)).find((digit) => passesLuhn(digits + digit))
  return `${digits}${checkDigit}`
}
