import type { CardNetwork, OutgoingAnswer, Storage } from '@sspay/gateway'
import type { ApprovalOutcome, CreditablePayment, PaymentJournal } from '@sspay/merchant'
import type { Books } from './books.ts'
import type { Power } from './power.ts'
import { creditOrder } from './shop-world.ts'

/** The places where a part of the world can be replaced by one that does it wrong. */
export interface PlantedBug {
  wrapNetwork(network: CardNetwork): CardNetwork
  wrapStorage(storage: Storage, power: Power): Storage
  wrapJournal(journal: PaymentJournal<unknown>): PaymentJournal<unknown>
  readOutcome(outcome: ApprovalOutcome): ApprovalOutcome
  readNoticeAnswer(answer: OutgoingAnswer): OutgoingAnswer
  credit(shop: { readonly books: Books }, journal: PaymentJournal<unknown>, payment: CreditablePayment): Promise<void>
}

export const noBugs: PlantedBug = {
  wrapNetwork: (network) => network,
  wrapStorage: (storage) => storage,
  wrapJournal: (journal) => journal,
  readOutcome: (outcome) => outcome,
  readNoticeAnswer: (answer) => answer,
  credit: creditOrder,
}
