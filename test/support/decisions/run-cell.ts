import { approve, type Merchant, type PaymentJournal, readAuthenticationFields, recover } from '@sspay/merchant'
import { approvalTicket, expected, merchantOf, transactionId } from './answers.ts'
import type { Cell, CellResult, JournalBefore } from './model.ts'
import { createScriptedTransport } from './scripted-transport.ts'

export const openStates = ['begun', 'approved', 'abandoned', 'approved_abandoned'] as const

let services = 0

/** Each cell has a service of its own, so that nothing remembered of one is known to the next. */
const originOfNext = (): string => `http://service-${services++}.test`

export async function runApprove(cell: Cell, journal: PaymentJournal): Promise<CellResult> {
  const { transport, calls } = createScriptedTransport(cell)
  const merchant = merchantOf(cell.signing, transport, originOfNext())
  await bringInto(journal, cell.journal)
  const outcome = await approve(merchant, ticketOf(merchant), { expected, journal })
  return { outcome: outcome.outcome, after: await stateOf(journal), reported: '', calls }
}

export async function runRecover(cell: Cell, journal: PaymentJournal): Promise<CellResult> {
  const { transport, calls } = createScriptedTransport(cell)
  const reported: string[] = []
  await bringInto(journal, cell.journal)
  const report = await recover(merchantOf(cell.signing, transport, originOfNext()), {
    journal,
    isWanted: () => cell.isWanted === true,
    async onOutcome(outcome) {
      reported.push(outcome.outcome)
      if (outcome.outcome === 'approved') await journal.markPaid(outcome.payment, () => {})
    },
    ...(cell.refund === 'noPassword' ? {} : { cancelPassword: '246802' }),
  })
  const { pending, ...closed } = report
  const ends = Object.entries(closed).flatMap(([end, ids]) => (ids.length > 0 ? [end] : []))
  const outcome = [...ends, ...pending.map(({ reason }) => reason)].join(' ')
  return { outcome, after: await stateOf(journal), reported: reported.join(' '), calls }
}

const stateOf = async (journal: PaymentJournal): Promise<string> =>
  (await journal.find(transactionId))?.state ?? 'absent'

async function bringInto(journal: PaymentJournal, state: JournalBefore): Promise<void> {
  if (state === 'absent') return
  await journal.begin({ transactionId, approvalTicket, expected, begunAt: new Date(0) })
  if (state === 'approved' || state === 'approved_abandoned') await journal.recordOutcome(transactionId, 'approved')
  if (state === 'abandoned' || state === 'approved_abandoned') await journal.abandon(transactionId)
  if (state === 'paid') await journal.markPaid({ transactionId, ...expected }, () => {})
  if (state === 'declined' || state === 'reversed' || state === 'cancelled')
    await journal.recordOutcome(transactionId, state)
}

function ticketOf(merchant: Merchant) {
  const reading = readAuthenticationFields(merchant, { Tid: transactionId, TrAuthKey: approvalTicket })
  if (reading.outcome === 'rejected') throw new Error('the ticket of the decision table is wrong')
  return reading.approvalTicket
}
