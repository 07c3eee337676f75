import type { Dice } from './dice.ts'

type Fields = Readonly<Record<string, unknown>>

/** Each makes of an answer of the card network one that cannot be true, whatever it was. */
const distortions: Readonly<Record<string, (answer: Fields, dice: Dice) => Fields>> = {
  anotherAmount: (answer) => ({ ...answer, amount: Number(answer.amount) + 1 }),
  amountAsText: (answer) => ({ ...answer, amount: String(answer.amount) }),
  anotherPayment: (answer) => ({
    ...answer,
    ...approval,
    transactionId: `${String(answer.transactionId).slice(0, -1)}X`,
  }),
  anotherOutcome: (answer) => ({ ...answer, outcome: 'pending' }),
  pastTime: (answer) => ({ ...answer, ...timesOf(answer, '1999-12-31T23:59:59+09:00') }),
  futureTime: (answer) => ({ ...answer, ...timesOf(answer, '2100-01-01T00:00:00+09:00') }),
  noSuchDay: (answer) => ({ ...answer, ...timesOf(answer, '2025-02-30T12:00:00+09:00') }),
  approvalNumber: (answer, dice) => ({
    ...answer,
    ...('approvalNumber' in answer ? { approvalNumber: dice.chance(0.5) ? '승인 1234' : 1234 } : { outcome: 1 }),
  }),
}

/** Of a payment that the issuers may never have seen. */
const approval = {
  outcome: 'approved',
  approvalNumber: '30009999',
  approvedAt: '2025-01-02T10:00:00+09:00',
  issuerCode: '04',
  acquirerCode: '04',
  cardKind: 'credit',
}

function timesOf(answer: Fields, time: string): Fields {
  if ('approvedAt' in answer) return { approvedAt: time }
  return 'cancelledAt' in answer ? { cancelledAt: time } : { outcome: time }
}

/** The same answer with something in it that cannot be true. What is no JSON object stays as it is. */
export function distortAnswer(dice: Dice, body: Uint8Array): Uint8Array {
  const distort = distortions[dice.pick(Object.fromEntries(Object.keys(distortions).map((name) => [name, 1])))]
  try {
    const answer: Fields = JSON.parse(Buffer.from(body).toString('utf8'))
    return Buffer.from(JSON.stringify(distort?.(answer, dice)))
  } catch {
    return body
  }
}
