import assert from 'node:assert/strict'
import { copyFile, mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openSqlite } from '../src/storage/sqlite.ts'
import { runVerify, verifyHelp } from '../src/verify-command.ts'
import { createCancelTest } from './cancellation/support.ts'
import { nowhere, runCommand } from './run-command.ts'

test('help names every option and the exit codes; wrong usage leads there', async () => {
  const { code, out } = await runCommand(runVerify, { place: nowhere }, '--help')
  assert.deepEqual([code, out], [0, verifyHelp])
  const wrong = await runCommand(runVerify, { place: nowhere }, '--files')
  assert.deepEqual([wrong.code, /sspay-gateway verify --help/.test(wrong.reported)], [2, true])
  const missing = await runCommand(runVerify, { place: nowhere }, '--file', '/nowhere/gateway.db')
  assert.deepEqual([missing.code, /There is no database/.test(missing.reported)], [1, true])
})

async function payInto(t: TestContext): Promise<{ readonly folder: string; readonly transactionId: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-verify-'))
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))
  await using pay = await createCancelTest({ folder })
  return { folder, transactionId: await pay.approvedPayment() }
}

/** Changes one byte of the text in the file, wherever it stands. */
async function flipByte(file: string, text: string): Promise<void> {
  const at = (await readFile(file)).indexOf(text)
  assert.ok(at > 0)
  const opened = await open(file, 'r+')
  await opened.write(Buffer.from([text.charCodeAt(0) ^ 1]), 0, 1, at)
  await opened.close()
}

test('a database beside a gateway, and a file with one flipped byte: the event is named, exit code 1', async (t) => {
  const { folder, transactionId } = await payInto(t)
  const live = await openSqlite(join(folder, 'gateway.db'))
  const place = () => ({ dataFolder: folder })
  const intact = await runCommand(runVerify, { place })
  assert.deepEqual([intact.code, intact.out], [0, '온전합니다 / intact: 1건, 사건 4개 / payments, events\n'])
  assert.match(intact.reported, /checking the structure/)
  const [second] = await live.read<{ readonly hash: string }>('select hash from payment_events where sequence = 2')
  await live.close()

  const file = join(folder, 'copy.db')
  await copyFile(join(folder, 'gateway.db'), file)
  await flipByte(file, second?.hash ?? '')
  const damaged = await runCommand(runVerify, { place: nowhere }, '--file', file, '--json')
  assert.equal(damaged.code, 1)
  const { found, findings } = JSON.parse(damaged.out)
  assert.deepEqual([found, findings], [1, [{ transactionId, sequence: 2, problem: 'event_changed' }]])
  const ran = await runCommand(runVerify, { place: nowhere }, '--file', file)
  assert.match(ran.out, /^온전하지 않습니다 .*\n {2}.{30}: 사건 \d이\(가\) 바뀌었습니다 \/ event \d was changed\n$/)
})

test('a damaged page is a problem of the file, and the walk ends there', async (t) => {
  const { folder } = await payInto(t)
  const file = join(folder, 'gateway.db')
  const opened = await open(file, 'r+')
  await opened.write(Buffer.alloc(8192 * 8, 0xa5), 0, 8192 * 8, 8192 * 3)
  await opened.close()
  const { code, out } = await runCommand(runVerify, { place: nowhere }, '--file', file)
  assert.equal(code, 1, out)
  assert.match(out, /파일 \/ file: /)
})
