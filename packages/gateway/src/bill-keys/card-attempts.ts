import { createRateLimit, takeFromEach } from '../admission/rate-limit.ts'
import { countRejection } from '../admission/rejections.ts'
import type { Context } from '../context.ts'

export type CardAttempts = ReturnType<typeof createCardAttempts>

/**
 * Limits wrong cards of registrations without a window, so that a stolen merchant key cannot try out cards: two digits
 * of a card password are a hundred guesses. In memory, so per gateway process.
 */
export function createCardAttempts({ runtime, settings: { limits } }: Pick<Context, 'runtime' | 'settings'>) {
  const mostKeys = limits.mostRememberedKeys
  const perMember = createRateLimit(runtime, {
    ...limits.cardFailuresPerMember,
    mostKeys,
    onRejected: () => countRejection('card-verification', 'per_member'),
  })
  const perCard = createRateLimit(runtime, {
    ...limits.cardFailuresPerCard,
    mostKeys,
    onRejected: () => countRejection('card-verification', 'per_card'),
  })
  return {
    /** `card`: a fingerprint. Call `undo` for a card that was not wrong. */
    begin({ customer, card }: { readonly customer: string; readonly card: string }) {
      const admitted = takeFromEach([
        [perMember, customer],
        [perCard, card],
      ])
      const undo = (): void => {
        perMember.putBack(customer)
        perCard.putBack(card)
      }
      return admitted.ok ? { ok: true as const, undo } : { ok: false as const }
    },
  }
}
