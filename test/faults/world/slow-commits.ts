import type { Storage } from '@sspay/gateway'
import type { Dice } from './dice.ts'
import type { Tally } from './tally.ts'
import type { VirtualClock } from './virtual-clock.ts'

interface SlowCommitsOptions {
  readonly clock: VirtualClock
  readonly commitDice: Dice
  /** Of how many transactions one waits. */
  readonly oneSlowCommitIn: number
  readonly tally: Tally
  readonly isOver: () => boolean
}

/** As long as the storage retries while its database fails over, and sometimes longer. */
const waitMs = { from: 500, to: 8_000 }

/** A storage some of whose transactions wait for the database: others, and the clock, go on meanwhile. */
export const slowCommits =
  ({ clock, commitDice, oneSlowCommitIn, tally, isOver }: SlowCommitsOptions) =>
  (storage: Storage): Storage => ({
    ...storage,
    async transact(work) {
      if (!isOver() && commitDice.chance(1 / oneSlowCommitIn)) {
        tally.add('commit waited')
        await clock.sleep(commitDice.between(waitMs.from, waitMs.to))
      }
      return storage.transact(work)
    },
  })
