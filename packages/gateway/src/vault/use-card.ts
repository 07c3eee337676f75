import type { Context } from '../context.ts'
import type { ClearCard } from './model.ts'
import { type CardKey, findEncryptedCard } from './store.ts'

/** The card was deleted, or is another member's. */
export class CardUnknownError extends Error {
  constructor() {
    super('the member has no such card')
    this.name = 'CardUnknownError'
  }
}

/** A card that stays encrypted until it is used. */
export interface FoundCard {
  /** The only access to a plaintext card number: it exists only while `work` runs. */
  use<Result>(work: (clearCard: ClearCard) => Promise<Result>): Promise<Result>
}

/** Throws {@link CardUnknownError}. */
export async function findCard(context: Pick<Context, 'storage' | 'keyRing'>, key: CardKey): Promise<FoundCard> {
  const open = await findEncryptedCard(context, key)
  if (open === undefined) throw new CardUnknownError()
  return { use: async (work) => work(open()) }
}
