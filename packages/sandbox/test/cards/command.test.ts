import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { koreanTime } from '@sspay/protocol/internal'
import { run as runReconciliation } from '../../../gateway/test/reconciliation/support.ts'
import { testPlace } from '../../../gateway/test/test-storage.ts'
import { testCards } from '../../src/card-network/scenarios.ts'
import { run, startForCommands } from '../command-line/support.ts'

const sandbox = await startForCommands({ cardNetworkTimeoutMs: 3_000 })
after(() => sandbox.close())

const chargeOf = async (transactionId: unknown) => {
  const { charges } = await sandbox.typeForJson(['cards', 'charges', '--transaction', String(transactionId)])
  return (charges as unknown as readonly Record<string, unknown>[])[0] ?? {}
}

test('the list holds every card, what it does, and the amounts that matter; no sandbox is needed', async () => {
  const { exitCode, output } = await run(['--lang', 'ko', 'cards', 'list'])
  assert.equal(exitCode, 0)
  for (const { cardNumber, note } of testCards) {
    const line = output.split('\n').find((one) => one.replaceAll(' ', '').startsWith(cardNumber))
    assert.ok(line?.includes(note.ko), cardNumber)
  }
  assert.match(output, /100원 미만 +결제창이 거절\(S007\)/)
  const { cards } = JSON.parse((await run(['cards', 'list', '--json'])).output)
  assert.deepEqual([cards.length, cards[0].issuerName, cards[1].cardKind], [testCards.length, '신한', 'check'])
})

test('before the first payment nothing is charged', async () => {
  assert.match((await sandbox.type(['cards', 'charges'])).output, /아직 청구가 없습니다/)
})

test('a payment is charged once, also after a cut answer and an approval asked for again', async () => {
  await sandbox.type(['faults', 'add', 'approval', 'duplicate', '--times', '1'])
  const { Tid } = await sandbox.typeForJson(['pay', '--amount', '2008'])
  const { outcome, amount, paid, cancels } = await chargeOf(Tid)
  assert.deepEqual({ outcome, amount, paid, cancels }, { outcome: 'approved', amount: 2008, paid: 2008, cancels: [] })
})

test('what was cancelled is no longer paid', async () => {
  const { Tid } = await sandbox.typeForJson(['pay', '--amount', '1004', '--cancel-amount', '504'])
  const { paid, cancels } = await chargeOf(Tid)
  assert.equal(paid, 500)
  assert.deepEqual(
    (cancels as { amount: number }[]).map(({ amount }) => amount),
    [504],
  )
  const { output } = await sandbox.type(['--lang', 'ko', 'cards', 'charges', '--transaction', String(Tid)])
  assert.match(output, new RegExp(`${Tid} +승인 +1,004원 +940600\\*{6}0001 +청구 500원\\n.*취소 1 +-504원\\n`))
  assert.match(output, /거래 1건, 남은 청구액 500원\n$/)
})

test('a declined card is charged nothing, and the newest comes first', async () => {
  const { exitCode, output } = await sandbox.type(['pay', '--card', '9406000030810007', '--json'])
  assert.equal(exitCode, 1)
  const { Tid } = JSON.parse(output)
  assert.equal((await chargeOf(Tid)).paid, 0)
  const { charges } = await sandbox.typeForJson(['cards', 'charges', '--limit', '1'])
  assert.deepEqual(
    (charges as unknown as { transactionId: string }[]).map(({ transactionId }) => transactionId),
    [Tid],
  )
})

test('a total of the newest charges is not called that of all', async () => {
  const charges = async (limit: string) =>
    (await sandbox.type(['--lang', 'ko', 'cards', 'charges', '--limit', limit])).output
  assert.match(await charges('2'), /가장 최근 거래 2건만의 남은 청구액 .*--limit 으로 늘리세요\n$/)
  assert.match(await charges('500'), /거래 \d+건, 남은 청구액 [\d,]+원\n$/)
})

test('an unknown transaction is exit code 1', async () => {
  const { exitCode, errors } = await sandbox.type(['cards', 'charges', '--transaction', 'nothing'])
  assert.equal(exitCode, 1)
  assert.match(errors, /카드사에 없는 거래/)
})

test('the ledger of a day reconciles with the gateway, and not without one of its lines', async () => {
  await sandbox.typeForJson(['pay', '--amount', '3003', '--cancel-amount', '503'])
  const day = koreanTime(new Date()).slice(0, 10)
  const { exitCode, output } = await sandbox.type(['cards', 'ledger', '--day', day])
  assert.equal(exitCode, 0)
  assert.match(output, /^"구분","시각","거래번호",/)
  const place = await testPlace(sandbox.folder)
  const reconcile = async (text: string) => {
    const file = join(sandbox.folder, 'acquirer.csv')
    await writeFile(file, text)
    return runReconciliation('reconcile', () => place, [file, '--day', day])
  }
  const agreed = await reconcile(output)
  assert.equal(agreed.code, 0, agreed.out)
  const missing = await reconcile(output.replace(/"취소".*503,.*\r\n/, ''))
  assert.equal(missing.code, 1)
  assert.match(missing.out, /missingThere .*취소 .*503원/)
  const other = await sandbox.typeForJson(['cards', 'ledger', '--day', day, '--acquirer', '99'])
  assert.deepEqual(other.movements, [])
})

for (const given of [
  ['ledger'],
  ['ledger', '--day', '2026-02-30'],
  ['charges', '--transaction', '<b>'],
  ['charges', '--limit', '0'],
  ['list', '--limit', '3'],
  ['cahrges'],
])
  test(`wrong usage: cards ${given.join(' ')}`, async () => assert.equal((await run(['cards', ...given])).exitCode, 2))
