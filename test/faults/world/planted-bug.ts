import type { CardNetwork, OutgoingAnswer, Storage } from '@sspay/gateway'
import type { PaidPayment, PaymentJournal, TransportResult } from '@sspay/merchant'
import type { Books } from './books.ts'
import { markOrderPaid } from './credit-order.ts'

/** The places where a part of the world can be replaced by one that does it wrong. */
export interface PlantedBug {
  wrapNetwork(network: CardNetwork): CardNetwork
  wrapStorage(storage: Storage): Storage
  readGatewayAnswer(answer: TransportResult): TransportResult
  readNotificationAnswer(answer: OutgoingAnswer): OutgoingAnswer
  /** `asked`: the body of the request that the card network answers. */
  readNetworkAnswer(answer: OutgoingAnswer, asked: string): OutgoingAnswer
  /** What somebody types who does not know the shop's cancel password. */
  guessCancelPassword(right: string): string
  markPaid(shop: { readonly books: Books }, journal: PaymentJournal<unknown>, payment: PaidPayment): Promise<void>
}

export const noBugs: PlantedBug = {
  wrapNetwork: (network) => network,
  wrapStorage: (storage) => storage,
  readGatewayAnswer: (answer) => answer,
  readNotificationAnswer: (answer) => answer,
  readNetworkAnswer: (answer) => answer,
  guessCancelPassword: () => '000000',
  markPaid: markOrderPaid,
}
