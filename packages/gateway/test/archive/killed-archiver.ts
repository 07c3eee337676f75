import { archivePayments } from '../../src/archive/archive-payments.ts'
import { daysBefore } from '../../src/archive/model.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { createTestContext } from '../support.ts'
import { archiveContext } from './support.ts'

/** Archives, and is killed in front of the statement or transaction of that number; what the disk has then is what the next one finds. */
const [folder = '', archives = '', now = '', killedAt = ''] = process.argv.slice(2)
const { context } = await createTestContext({ folder, now: new Date(Number(now)) })

let steps = 0
async function killAtItsTurn(): Promise<void> {
  if (++steps !== Number(killedAt)) return
  process.kill(process.pid, 'SIGKILL')
  await new Promise(() => {})
}

const storage: Storage = {
  ...context.storage,
  async read(...given) {
    await killAtItsTurn()
    return context.storage.read(...given)
  },
  async transact(work) {
    await killAtItsTurn()
    return context.storage.transact(work)
  },
}
const changedBefore = daysBefore(context.runtime.now(), 400)
const most = Number.MAX_SAFE_INTEGER
await archivePayments(
  { ...archiveContext(context, archives), storage, holdMs: 1 },
  { changedBefore, most, perFile: 120 },
)
await context.storage.close()
