import type { FieldTable } from '../field-table.ts'
import { cancelRequest } from '../messages/cancel.ts'
import { memberDeletionRequest } from '../messages/member-deletion.ts'
import type { Mistake } from './mistake.ts'

type Fields = Readonly<Record<string, unknown>>

/** What is known of the request around the fields. */
export interface Surroundings {
  /** What should be inside. */
  readonly table: FieldTable | undefined
  /** The Mid in clear beside the sealed body. */
  readonly merchantId: string | undefined
}

type Check = (fields: Fields, around: Surroundings) => Mistake | undefined

const isDeep = (value: unknown): boolean => typeof value === 'object' && value !== null

const missingIn = (fields: Fields, table: FieldTable): readonly string[] =>
  Object.entries(table).flatMap(([wireName, { required }]) =>
    required && !Object.hasOwn(fields, wireName) ? [wireName] : [],
  )

const letters = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

const envelopeInside: Check = (fields) =>
  Object.hasOwn(fields, 'EncData')
    ? {
        id: 'envelope_inside',
        ko: '봉투(EncData, Mid) 전체를 다시 암호화했습니다',
        en: 'seals the whole envelope (EncData, Mid) once more',
      }
    : undefined

const nested: Check = (fields) =>
  Object.values(fields).some(isDeep)
    ? {
        id: 'json_nested',
        ko: 'JSON의 값 안에 객체나 배열이 있습니다. 모든 값은 글자입니다',
        en: 'holds an object or a list inside its JSON, where every value is text',
      }
    : undefined

/** The names are those of the table but for their case, so that nothing else is shown. */
const spelling: Check = (fields, { table }) => {
  const missing = table === undefined ? [] : missingIn(fields, table)
  const wrong = missing.flatMap((wireName) =>
    Object.keys(fields).flatMap((name) => (letters(name) === letters(wireName) ? [[name, wireName]] : [])),
  )
  return wrong.length === 0
    ? undefined
    : {
        id: 'field_spelling',
        ko: `파라미터 이름의 철자가 다릅니다(${wrong.map(([name, right]) => `${name} → ${right}`).join(', ')})`,
        en: `spells parameters differently (${wrong.map(([name, right]) => `${name} → ${right}`).join(', ')})`,
      }
}

const otherRequest: Check = (fields, { table }) => {
  if (table === undefined || missingIn(fields, table).length === 0) return undefined
  const other = [memberDeletionRequest, cancelRequest].some(
    (one) => one !== table && missingIn(fields, one).length === 0,
  )
  return other
    ? {
        id: 'other_request',
        ko: '다른 전문의 본문입니다(회원 삭제와 취소의 주소를 확인하세요)',
        en: 'is the body of another request: check the addresses of deletion and cancellation',
      }
    : undefined
}

const innerMerchant: Check = (fields, { merchantId }) =>
  merchantId !== undefined && typeof fields.Mid === 'string' && fields.Mid !== merchantId
    ? {
        id: 'merchant_id_inner',
        ko: '안의 Mid와 밖의 Mid가 다릅니다',
        en: 'has another Mid inside than beside it',
      }
    : undefined

const checks: readonly Check[] = [envelopeInside, nested, spelling, otherRequest, innerMerchant]

/** What is wrong with fields that were sealed rightly. */
export const contentMistakes = (fields: Fields, around: Surroundings): readonly Mistake[] =>
  checks.flatMap((check) => {
    const found = check(fields, around)
    return found === undefined ? [] : [{ ...found, isInside: true }]
  })
