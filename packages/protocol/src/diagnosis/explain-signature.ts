import type { WireText, Words } from '../field-table.ts'
import { koreanTimestamp, wireTimestamp } from '../korean-time.ts'
import { type Mistake, mistakes } from './mistakes.ts'
import { hashed, type Recipe, signatureBy } from './recipe.ts'

export interface SignatureExplanation {
  /** What is signed, with the name of the key in place of the key. */
  readonly joined: string
  /** Names for programs, one or two: `hex`, `amount_commas`. Empty when no known mistake gives this signature. */
  readonly mistakes: readonly string[]
  /** For people: what was done, and what to do. */
  readonly words: Words
}

/** The merchant that a form names, readable or not. */
export const merchantIdIn = (fields: WireText): string => fields.Mid ?? ''

/** Whether a problem that a form has is about its signature, for example its length. */
export const isAboutSignature = ({ field }: { readonly field: string }): boolean => field === 'EncryptData'

/** How far apart two times of one page load may lie. */
const mostSecondsApart = 15 * 60

/**
 * Why EncryptData of a payment request is not what it should be (guide, STEP 1): tries the ways in which shops get it wrong, alone and in
 * pairs. Undefined when it is right. Costs some ten milliseconds, and says nothing of the key.
 */
export function explainPaymentSignature(fields: WireText, merchantKey: string): SignatureExplanation | undefined {
  const { EdiDate: date = '', Mid: merchantId = '', Amt: amount = '', SspMallId, EncryptData: given = '' } = fields
  const right: Recipe = {
    ...{ date, merchantId, amount, key: merchantKey, separator: '' },
    order: ['date', 'merchantId', 'amount', 'key'],
    digest: hashed('sha256', 'base64'),
  }
  if (signatureBy(right) === given) return undefined
  const found = findMistakes(right, given, SspMallId)
  return {
    joined: `${`${date}${merchantId}${amount}`.slice(0, 80)}<MerchantKey>`,
    mistakes: found.map(({ id }) => id),
    words: describe(found),
  }
}

function findMistakes(right: Recipe, given: string, mallId: string | undefined): readonly Mistake[] {
  if (given === '') return []
  const known = [...mistakes, ...mallMistake(mallId)]
  const alone = known.find(({ change }) => signatureBy(change(right)) === given)
  if (alone !== undefined) return [alone]
  const other = otherTime(right, given)
  if (other !== undefined) return [other]
  for (const [index, first] of known.entries())
    for (const second of known.slice(index + 1))
      if (first.kind !== second.kind && signatureBy(second.change(first.change(right))) === given)
        return [first, second]
  return []
}

const mallMistake = (mallId: string | undefined): readonly Mistake[] =>
  mallId === undefined
    ? []
    : [
        {
          ...{ id: 'merchant_id_mall', kind: 'merchantId' },
          ...{ ko: 'Mid 대신 SspMallId를 썼습니다', en: 'uses SspMallId in place of Mid' },
          change: (right) => ({ ...right, merchantId: mallId }),
        },
      ]

/** The page was signed at one moment and dated at another, or in another time zone. */
function otherTime(right: Recipe, given: string): Mistake | undefined {
  const dated = wireTimestamp.read(right.date)
  if (dated === undefined) return undefined
  const at = (seconds: number): Recipe => ({
    ...right,
    date: koreanTimestamp(new Date(dated.getTime() + seconds * 1000)),
  })
  const utc = at(-9 * 3600)
  if (signatureBy(utc) === given)
    return timeMistake(
      'date_utc',
      'EdiDate를 한국 시각이 아니라 UTC로 서명했습니다',
      'signs EdiDate in UTC, not in Korean time',
      utc,
    )
  for (let seconds = 1; seconds <= mostSecondsApart; seconds++)
    for (const recipe of [at(-seconds), at(seconds)])
      if (signatureBy(recipe) === given)
        return timeMistake(
          'date_regenerated',
          `서명한 EdiDate(${recipe.date})와 보낸 EdiDate가 다릅니다. 한 번 만든 값을 그대로 보내세요`,
          `signs another EdiDate (${recipe.date}) than it sends: make it once and send the same`,
          recipe,
        )
  return undefined
}

const timeMistake = (id: string, ko: string, en: string, recipe: Recipe): Mistake => ({
  ...{ id, kind: 'date', ko, en },
  change: () => recipe,
})

const describe = (found: readonly Mistake[]): Words =>
  found.length === 0
    ? {
        ko: '알려진 실수와 맞지 않습니다. 상점키가 이 환경의 것인지, 서명한 Mid와 Amt가 보낸 값과 같은지 확인하세요.',
        en: 'No known mistake gives this signature. Check that the MerchantKey is the one of this environment, and that the signed Mid and Amt are those that were sent.',
      }
    : {
        ko: `EncryptData: ${found.map(({ ko }) => ko).join(', ')}. 올바른 값은 Base64(SHA-256(EdiDate+Mid+Amt+MerchantKey))입니다.`,
        en: `EncryptData ${found.map(({ en }) => en).join(' and ')}. Right is Base64(SHA-256(EdiDate+Mid+Amt+MerchantKey)).`,
      }
