import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { joinBound } from '../../../../test/support/bound-member.ts'
import { closing } from '../../../../test/support/closing.ts'
import { memberWithCard, paymentOfMember, type Ticket } from '../../../../test/support/quick-payment.ts'
import type { OpenedGateway } from '../../src/open-gateway.ts'
import type { Runtime } from '../../src/runtime.ts'
import { databaseFileIn } from '../../src/storage/open-storage.ts'
import { openSqlite } from '../../src/storage/sqlite.ts'
import type { Reader } from '../../src/storage/storage.ts'
import { registerCard } from '../../src/vault/register-card.ts'
import { codeOf, startNetwork, type TestNetwork, testMerchant } from '../approval/support.ts'
import { environmentFor, type Run, run } from '../main-process.ts'
import { testIdentity } from '../support.ts'
import { countOld, keysOfColumns } from './key-of-each-row.ts'
import type { Fault, InjectedBug, KillPoint } from './killed-rotation.ts'
import { cardNumber, createRotationTest, newKey, oldKey, openWith } from './support.ts'

/** Data folders on which a gateway has been started with both keys, and nothing is rotated yet. */
export interface KillTest extends AsyncDisposable {
  readonly runtime: Runtime
  readonly network: TestNetwork
  readonly payer: { readonly memberId: string; readonly cardId: string }
  /** Authenticated under the old key. */
  readonly tickets: readonly Ticket[]
  /** A new copy. */
  copy(): Promise<string>
  close(): Promise<void>
}

/** More members, cards and payments than one batch holds. */
const [members, payments] = [110, 220]

export async function createKillTest(): Promise<KillTest> {
  const root = await mkdtemp(join(tmpdir(), 'sspay-killed-rotation-'))
  const original = join(root, 'original')
  const network = await startNetwork()
  const close = async (): Promise<void> => {
    await network.close()
    await rm(root, { recursive: true, force: true, maxRetries: 10 })
  }
  try {
    await mkdir(join(original, 'keys'), { recursive: true })
    await writeFile(join(original, 'keys', 'root.key'), `${newKey.expose()}\n${oldKey.expose()}\n`, { mode: 0o600 })
    const filled = await fill(original)
    let copies = 0
    const test: KillTest = {
      ...filled,
      network,
      async copy() {
        const folder = join(root, `copy-${++copies}`)
        await cp(original, folder, { recursive: true })
        return folder
      },
      close,
      [Symbol.asyncDispose]: close,
    }
    await using _started = closing(await openWith(test, original, newKey, oldKey))
    return test
  } catch (cause) {
    await close()
    throw cause
  }
}

async function fill(folder: string): Promise<Pick<KillTest, 'runtime' | 'payer' | 'tickets'>> {
  await using test = await createRotationTest({ folder })
  const { gateway, memberId, cardId } = test
  await Promise.all(
    Array.from({ length: members }, async (_, index) => {
      const key = { easyPayMerchantId: testMerchant.easyPayMerchantId, customerId: `customer${index}` }
      const member = await joinBound(gateway, { ...key, identity: { ...testIdentity, ci: `CI-${index}` } })
      const card = { memberId: member.memberId, cardNumber, expiryMonth: 12, expiryYear: 2028 }
      assert.ok((await registerCard(gateway, card)).ok)
    }),
  )
  const payer = { memberId, cardId }
  const orders = Array.from({ length: payments }, (_, index) => ({ amount: 1004, orderId: `KILLED-${index}` }))
  const tickets = await Promise.all(orders.map((order) => paymentOfMember(gateway, testMerchant, order, payer)))
  return { runtime: gateway.runtime, payer, tickets }
}

export async function readTables<Result>(folder: string, read: (reader: Reader) => Promise<Result>): Promise<Result> {
  await using storage = closing(await openSqlite(databaseFileIn(folder)))
  return await read(storage)
}

const preload = new URL('./killed-rotation.ts', import.meta.url).href

/** The command of an operator, in a process of its own. */
export function startRotation(folder: string, fault: Fault): Run & AsyncDisposable {
  const faulty = { NODE_OPTIONS: `--import=${preload}`, ROTATION_FAULT: JSON.stringify(fault) }
  const running = run({ ...environmentFor(folder), ...faulty }, 'rotate-root-key', '--json')
  return {
    ...running,
    async [Symbol.asyncDispose]() {
      running.child.kill('SIGKILL')
      await running.ended
    },
  }
}

/** Resolves with whether it was killed; asserts that it is finished otherwise. */
export async function wasKilled({ child, ended, output }: Run): Promise<boolean> {
  const code = await ended
  if (child.signalCode === 'SIGKILL') return true
  assert.equal(code, 0, output())
  return false
}

/** From outside, at a moment of the clock. */
export interface KillMoment {
  readonly afterMs: number
}

/** The next kill; undefined: the run is not killed. */
export type NextKill = (folder: string, turn: number) => Promise<KillPoint | KillMoment | undefined>

/** Runs the command on a copy, again and again until it is not killed; resolves with the number of kills. */
export async function rotateThroughKills(test: KillTest, next: NextKill, injectedBug?: InjectedBug): Promise<number> {
  const folder = await test.copy()
  for (let kills = 0; ; kills++) {
    // Opening the database recovers it, which is for the next run to do.
    const seen = `${folder}-after-${kills}`
    await cp(folder, seen, { recursive: true })
    await requireOldKeyKept(test, seen)
    const kill = await next(seen, kills)
    const point = kill !== undefined && 'commit' in kill ? kill : undefined
    await using running = startRotation(folder, { kill: point, injectedBug })
    const timer =
      kill !== undefined && 'afterMs' in kill
        ? setTimeout(() => running.child.kill('SIGKILL'), kill.afterMs)
        : undefined
    const isKilled = await wasKilled(running)
    clearTimeout(timer)
    if (isKilled) continue
    await requireRotated(test, folder)
    assert.equal(point, undefined, 'the rotation ended before it was killed')
    return kills
  }
}

/** Each ciphertext opens with one of the keys, and no gateway starts without a key that is still needed. */
async function requireOldKeyKept(test: KillTest, folder: string): Promise<void> {
  if (countOld(await readTables(folder, keysOfColumns)) === 0) return
  const alone = openWith(test, folder, newKey).then(closing)
  await assert.rejects(
    alone.then((gateway) => gateway.close()),
    /is not finished|is not the one/,
    'a gateway started without the old key while rows are left under it',
  )
}

/** Nothing needs the old key, nothing opens with it, and a card from before pays. */
export async function requireRotated(test: KillTest, folder: string): Promise<void> {
  const columns = await readTables(folder, keysOfColumns)
  const unfinished = columns.filter(({ old, new: rotated }) => old > 0 || rotated === 0)
  assert.deepEqual(unfinished, [], 'columns with rows under the old key, or with none')
  await assert.rejects(openWith(test, folder, oldKey), /The root key [0-9a-f]{8} was replaced/)
  await using gateway = closing(await openWith(test, folder, newKey))
  const payer = await memberWithCard(gateway.context, testMerchant, 'quick0001', cardNumber)
  assert.deepEqual(payer, test.payer)
  const order = { amount: 1004, orderId: 'ROTATED' }
  assert.equal(await pay(gateway, await paymentOfMember(gateway.context, testMerchant, order, payer)), '3001')
}

/** The result code of an approval. */
export async function pay(gateway: OpenedGateway, { transactionId, approvalTicket }: Ticket): Promise<string> {
  const body = JSON.stringify({ Tid: transactionId, TrAuthKey: approvalTicket })
  const address = 'http://127.0.0.1/payment/approval/urlCallApproval.do'
  return codeOf(await (await gateway.fetch(new Request(address, { method: 'POST', body }))).text())
}
