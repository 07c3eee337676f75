import type { Context } from '../context.ts'
import type { ClearCard } from './model.ts'
import { findClearCard } from './store.ts'

/** The card was deleted, or is another member's. */
export class CardUnknownError extends Error {
  constructor() {
    super('the member has no such card')
    this.name = 'CardUnknownError'
  }
}

/** The only way to a card number in clear: it lives as long as `use` runs. Throws {@link CardUnknownError}. */
export async function useCard<Result>(
  context: Pick<Context, 'storage' | 'keyRing'>,
  card: { readonly cardId: string; readonly memberId: string },
  use: (clearCard: ClearCard) => Promise<Result>,
): Promise<Result> {
  const clearCard = await findClearCard(context, card)
  if (clearCard === undefined) throw new CardUnknownError()
  return use(clearCard)
}
