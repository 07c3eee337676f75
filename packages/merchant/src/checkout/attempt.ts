import type { Context } from './context.ts'

/** Undefined when it threw: the shop hears of it, and what is not certain the recovery finishes. */
export async function attempt<Value>(
  context: Context,
  orderId: string,
  work: () => Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await work()
  } catch (error) {
    context.tell({ during: 'return', problem: 'The records of the shop are out of reach.', orderId, error })
    return undefined
  }
}
