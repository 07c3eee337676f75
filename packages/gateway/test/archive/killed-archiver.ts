import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { archivePayments } from '../../src/archive/archive-payments.ts'
import { daysBefore } from '../../src/archive/model.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { createTestContext } from '../support.ts'
import { archiveContext } from './support.ts'

/**
 * Archives, and is killed in front of the statement or transaction of that number; what the disk has then is what the
 * next one finds.
 */
const [folder = '', archives = '', now = '', killedAt = '', plantedBug = ''] = process.argv.slice(2)
const { context } = await createTestContext({ folder, now: new Date(Number(now)) })

let steps = 0
async function killAtItsTurn(): Promise<void> {
  if (++steps !== Number(killedAt)) return
  if (plantedBug === 'file_not_durable') loseNewestFile()
  process.kill(process.pid, 'SIGKILL')
  await new Promise(() => {})
}

/** What a power cut does to a file whose name was never flushed. */
function loseNewestFile(): void {
  const files = readdirSync(archives)
    .filter((name) => name.endsWith('.gz'))
    .map((name) => ({ file: join(archives, name), writtenAt: statSync(join(archives, name)).mtimeMs }))
    .sort((one, other) => other.writtenAt - one.writtenAt)
  if (files[0] !== undefined) rmSync(files[0].file)
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
