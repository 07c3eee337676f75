import {
  approvalResult,
  cancelRequest,
  describeProblem,
  type FieldTable,
  type LocalizedText,
  memberDeletionRequest,
  paymentRequest,
  problemOf,
  type WireText,
} from '@sspay/protocol'
import { deletionChecksum, signCancelRequest, signPaymentRequest, signResult } from '@sspay/protocol/signature'
import { wireNameOf } from '../explain/known-messages.ts'

/** Stands where the key goes in. */
const key = Symbol('MerchantKey')

/** One piece of what is hashed: a field by our name, a part of it, or the key. */
type Piece = string | readonly [name: string, from: number, until?: number] | typeof key

export interface Signing {
  readonly table: FieldTable
  /** Our name of the field that the result goes into. */
  readonly result: string
  readonly pieces: readonly Piece[]
  sign(text: (name: string) => string, merchantKey: string): string
}

/** Every signature of the wire (guide, STEP 1 and SS-Pay 회원 삭제; Q04, Q05). */
export const signings = {
  payment: {
    table: paymentRequest,
    result: 'signature',
    pieces: ['requestedAt', 'merchantId', 'amount', key],
    sign: (text, merchantKey) =>
      signPaymentRequest(
        { requestedAt: text('requestedAt'), merchantId: text('merchantId'), amount: text('amount') },
        merchantKey,
      ),
  },
  deletion: {
    table: memberDeletionRequest,
    result: 'deletionChecksum',
    pieces: ['merchantId', 'easyPayMerchantId', 'customerId'],
    sign: (text) =>
      deletionChecksum({
        merchantId: text('merchantId'),
        easyPayMerchantId: text('easyPayMerchantId'),
        customerId: text('customerId'),
      }),
  },
  cancel: {
    table: cancelRequest,
    result: 'signature',
    pieces: ['transactionId', key, 'cancelAmount', 'cancelScope'],
    sign: (text, merchantKey) =>
      signCancelRequest(
        {
          transactionId: text('transactionId'),
          cancelAmount: text('cancelAmount'),
          scope: text('cancelScope') === '1' ? '1' : '0',
        },
        merchantKey,
      ),
  },
  result: {
    table: approvalResult,
    result: 'signature',
    pieces: [['transactionId', 0, 10], 'resultCode', ['transactionId', 10, 15], key, ['transactionId', 15]],
    sign: (text, merchantKey) =>
      signResult({ transactionId: text('transactionId'), resultCode: text('resultCode') }, merchantKey),
  },
} as const satisfies Readonly<Record<string, Signing>>

export type SigningName = keyof typeof signings

export interface Signed {
  readonly field: string
  /** `Base64(SHA-256(…))` */
  readonly formula: string
  /** What went in, by the names of the wire; not the key. */
  readonly values: WireText
  /** The text that is hashed, with `keyText` in place of the key. */
  readonly joined: string
  readonly result: string
}

export const signs = ({ pieces }: Signing): boolean => pieces.includes(key)

/** `values` by our names. */
export function sign(signing: Signing, values: WireText, merchantKey: string): Signed {
  const { table, result, pieces } = signing
  const text = (name: string): string => values[name] ?? ''
  const names = [
    ...new Set(pieces.flatMap((piece) => (piece === key ? [] : [typeof piece === 'string' ? piece : piece[0]]))),
  ]
  return {
    field: wireNameOf(table, result),
    formula: `Base64(SHA-256(${pieces.map((piece) => nameOf(table, piece)).join(' + ')}))`,
    values: Object.fromEntries(names.map((name) => [wireNameOf(table, name), text(name)])),
    joined: joinPieces(signing, values, '<MerchantKey>'),
    result: signing.sign(text, merchantKey),
  }
}

/** The exact text that is hashed. */
export const joinPieces = ({ pieces }: Signing, values: WireText, keyText: string): string =>
  pieces
    .map((piece) => {
      if (piece === key) return keyText
      return typeof piece === 'string' ? (values[piece] ?? '') : (values[piece[0]] ?? '').slice(piece[1], piece[2])
    })
    .join('')

function nameOf(table: FieldTable, piece: Piece): string {
  if (piece === key) return 'MerchantKey'
  if (typeof piece === 'string') return wireNameOf(table, piece)
  const [name, from, until = ''] = piece
  return `${wireNameOf(table, name)}[${from}..${until})`
}

/** What is wrong with a value as it would travel; undefined for a right one. */
export function findValueProblem(table: FieldTable, name: string, text: string): LocalizedText | undefined {
  const wireName = wireNameOf(table, name)
  const field = table[wireName]
  if (field === undefined) return undefined
  const { format } = field
  if (text === '') return describeProblem(problemOf(wireName, field, 'missing'))
  if ([...text].length > (format.toleratedLength ?? format.maxLength))
    return describeProblem(problemOf(wireName, field, 'too_long'))
  return format.read(text) === undefined ? describeProblem(problemOf(wireName, field, 'malformed')) : undefined
}
