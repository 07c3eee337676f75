import type { TestContext } from 'node:test'
import {
  type BegunPayment,
  memoryJournal,
  type PaymentJournal,
  type RecoveredOutcome,
  type RecoveryReport,
  recover,
} from '../src/index.ts'
import { approvalTicket, expected, merchantAt, transactionId } from './samples.ts'
import { type Script, type ScriptedGateway, startScriptedGateway } from './scripted-gateway.ts'

export interface Run {
  readonly gateway: ScriptedGateway
  readonly journal: PaymentJournal<undefined>
  readonly outcomes: readonly RecoveredOutcome[]
  readonly timesMarkedPaid: readonly BegunPayment[]
  recover(isWanted?: boolean, cancelPassword?: string): Promise<RecoveryReport>
}

/** A shop that intended one payment and crashed. */
export async function afterCrash(t: TestContext, script: Script): Promise<Run> {
  const gateway = await startScriptedGateway(t, script)
  const merchant = merchantAt(gateway.origin)
  const journal = memoryJournal()
  await journal.begin({ transactionId, approvalTicket, expected, begunAt: new Date(0) })
  const outcomes: RecoveredOutcome[] = []
  const timesMarkedPaid: BegunPayment[] = []
  return {
    gateway,
    journal,
    outcomes,
    timesMarkedPaid,
    recover: (wanted = true, cancelPassword = '123456') =>
      recover(merchant, {
        journal,
        isWanted: () => wanted,
        cancelPassword,
        async onOutcome(outcome, intent) {
          outcomes.push(outcome)
          if (outcome.outcome === 'approved')
            await journal.markPaid(outcome.payment, () => timesMarkedPaid.push(intent))
        },
      }),
  }
}

/** What an inquiry adds when all of it was cancelled. */
export const goneBack = { StateCd: '1', CancelAmt: '1004' }
