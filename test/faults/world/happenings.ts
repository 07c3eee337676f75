import { faultWeightsOf } from './link.ts'

/** A shop knocks at three of the gateway's doors, the gateway at four of the card network and at the shop. */
const links = [
  'urlCallApproval.do',
  'approvalInquiry.do',
  'cancel.do',
  'authorize',
  'inquire',
  'reverse',
  'cancel',
  'notification',
]
const endings = ['approved', 'declined', 'reversed', 'expired', 'partiallyCancelled', 'cancelled']

/** Every fault on every link, every ending, every death: what a run of a few thousand payments must have met. */
const happenings: readonly string[] = [
  ...links.flatMap((link) => Object.keys(faultWeightsOf(link)).map((fault) => `fault ${link} ${fault}`)),
  ...endings.map((state) => `ended ${state}`),
  'gateway died',
  'shop died',
  'clock leapt',
  'clock set back',
  'commit waited',
  'wrong cancel password',
  'looked again after a refund',
]

export const neverHappened = (counts: Readonly<Record<string, number>>): readonly string[] =>
  happenings.filter((name) => counts[name] === undefined)
