import type { ResultReason } from '../../../packages/protocol/src/codes/result-codes.ts'
import { approvalAdvice } from './approval-advice.ts'
import { billKeyAdvice } from './bill-key-advice.ts'
import { cancelAdvice } from './cancel-advice.ts'
import { cardAdvice } from './card-advice.ts'
import type { ResultAdvice } from './model.ts'
import { requestAdvice } from './request-advice.ts'

/** Exhaustive: a new reason does not compile until its advice is written. */
export const resultAdvice: Readonly<Record<ResultReason, ResultAdvice>> = {
  ...cardAdvice,
  ...requestAdvice,
  ...approvalAdvice,
  ...cancelAdvice,
  ...billKeyAdvice,
}
