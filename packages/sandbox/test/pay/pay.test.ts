import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { realRuntime } from '@sspay/gateway'
import { openSqlite } from '@sspay/gateway/internal'
import { createPaymentForm, defineMerchant, deleteMember } from '@sspay/merchant'
import { encodeForm } from '@sspay/protocol/charset'
import { closing } from '../../../../test/support/closing.ts'
import { until } from '../../../../test/support/until.ts'
import { testDatabase } from '../../../gateway/test/test-storage.ts'
import { postForm } from '../../src/buyer/browser.ts'
import { type Buyer, buyerPassword, newBuyer } from '../../src/buyer/buyer.ts'
import { walkWindow } from '../../src/buyer/walk-window.ts'
import { type Behaviour, testCards } from '../../src/card-network/scenarios.ts'
import { listEntries } from '../../src/card-network/store.ts'
import { readNewestCode } from '../../src/pay/pay.ts'
import { startSandbox } from '../../src/sandbox.ts'
import { testMerchant } from '../../src/test-merchant.ts'
import { run } from '../command-line/support.ts'

const folder = await mkdtemp(join(tmpdir(), 'sspay-pay-'))
const start = async () =>
  startSandbox({
    dataFolder: folder,
    ...(await testDatabase(folder)),
    host: '127.0.0.1',
    ports: { shop: 0, gateway: 0, gatewayTls: 0, console: 0 },
    settings: { cardNetworkTimeoutMs: 3_000 },
  })
let sandbox = await start()
after(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

interface Paid {
  readonly exitCode: number
  readonly steps: string
  readonly answer: Readonly<Record<string, string>>
}

async function pay(line: string): Promise<Paid> {
  const given = ['--gateway', sandbox.urls.gateway, '--console', sandbox.urls.console, '--json', ...line.split(' ')]
  const { exitCode, output, errors } = await run(['pay', ...given.filter((part) => part !== '')])
  const lines = output.trimEnd().split('\n')
  assert.equal(lines.length, 1, output)
  return { exitCode, steps: errors, answer: JSON.parse(lines[0] ?? '') }
}

const cardThat = (behaviour: Behaviour): string =>
  testCards.find((card) => card.behaviour === behaviour)?.cardNumber ?? assert.fail()

test('a new customer joins, registers a card and pays', async () => {
  const { exitCode, answer, steps } = await pay('--amount 2008 --goods 사과')
  assert.equal(exitCode, 0, steps)
  assert.match(steps, /약관.*본인인증.*인증번호.*카드.*비밀번호 설정.*비밀번호 확인.*승인 요청/s)
  const { ResultCode, ResultMsg, Amt, GoodsName, CardNum } = answer
  assert.deepEqual(
    { ResultCode, ResultMsg, Amt, GoodsName, CardNum },
    { ResultCode: '3001', ResultMsg: '카드 결제 성공', Amt: '2008', GoodsName: '사과', CardNum: '940600******0001' },
  )
})

test('a returning member enters the password only, also after a restart of the sandbox', async () => {
  assert.equal((await pay('--customer returning01')).exitCode, 0)
  for (const restarts of [false, true]) {
    if (restarts) {
      await sandbox.close()
      sandbox = await start()
    }
    const { exitCode, steps } = await pay('--customer returning01')
    assert.equal(exitCode, 0, steps)
    assert.doesNotMatch(steps, /약관|본인인증|카드 등록/)
    assert.match(steps, /결제 비밀번호 입력/)
  }
})

test('a returning member who insists on another card adds it', async () => {
  assert.equal((await pay('--customer twocards01')).exitCode, 0)
  const { answer, steps } = await pay('--customer twocards01 --card 4111111111111111')
  assert.equal(answer.CardNum, '411111******1111', steps)
  assert.equal((await pay('--customer twocards01 --card 4111111111111111')).answer.CardNum, '411111******1111')
})

test('the mobile flow in EUC-KR', async () => {
  const { exitCode, answer, steps } = await pay('--mobile --euc-kr --goods 똠방각하')
  assert.equal(exitCode, 0, steps)
  assert.equal(answer.GoodsName, '똠방각하')
})

for (const line of ['--without-cookies', '--without-cookies --mobile'])
  test(`${line}: a browser that keeps none pays all the same`, async () => {
    const { exitCode, answer, steps } = await pay(line)
    assert.deepEqual([exitCode, answer.ResultCode], [0, '3001'], steps)
  })

test('an amount below the minimum: the minimum and what to send', async () => {
  const { exitCode, steps } = await pay('--amount 50')
  assert.equal(exitCode, 1)
  assert.match(steps, /S007.*50원.*100원 이상을 보내세요/)
})

test('instalments', async () => {
  const { answer, steps } = await pay('--amount 50000 --installments 3')
  assert.equal(answer.ResultCode, '3001', steps)
  assert.equal(answer.CardQuota, '03')
})

test('a card of somebody else is not registered, and the reason is said', async () => {
  const { exitCode, steps } = await pay('--card 9406000070010005')
  assert.equal(exitCode, 3)
  assert.match(steps, /결제창에서 멈춤: HTTP 200: 본인 명의의 카드가 아니에요/)
})

test('a corporate card is registered with its business number', async () => {
  const { answer, steps } = await pay('--card 9406000070020004')
  assert.equal(answer.CardNum, '940600******0004', steps)
})

for (const { cardNumber, behaviour, note } of testCards.filter(({ behaviour }) => typeof behaviour === 'object'))
  test(`a declined card: ${note.en}`, async () => {
    const { exitCode, answer, steps } = await pay(`--card ${cardNumber}`)
    assert.equal(exitCode, 1, steps)
    assert.ok(note.en.includes(answer.ResultCode ?? 'none'), JSON.stringify({ behaviour, answer }))
    assert.doesNotMatch(answer.ResultMsg ?? '', /성공/)
  })

const finished = { silent: 'reversed', late: 'approved', twice: 'approved' } as const
for (const [behaviour, state] of Object.entries(finished))
  test(`a card that is ${behaviour} leaves the outcome unknown until the gateway knows: ${state}`, async () => {
    const { exitCode, answer, steps } = await pay(`--card ${cardThat(behaviour as Behaviour)}`)
    assert.equal(exitCode, 3, steps)
    assert.equal(answer.ResultCode, 'S401', steps)
    const isFinished = async (): Promise<boolean> => {
      const page = await (await fetch(`${sandbox.urls.console}/payments/${answer.Tid}`)).text()
      return page.includes(`data-state="${state}"`)
    }
    await until(isFinished, { deadline: 90_000, every: 200, what: state })
    await using ledger = closing(await openSqlite(join(folder, 'card-network.db')))
    const entries = (await listEntries(ledger, 1000)).filter(({ transactionId }) => transactionId === answer.Tid)
    const charges = entries.filter(({ outcome, reversedAt }) => outcome === 'approved' && reversedAt === undefined)
    assert.equal(charges.length, state === 'approved' ? 1 : 0)
  })

test('--until authenticated prints the two fields and charges nothing', async () => {
  const { exitCode, answer } = await pay('--until authenticated')
  assert.equal(exitCode, 0)
  assert.deepEqual(Object.keys(answer).sort(), ['Tid', 'TrAuthKey'])
  assert.match(answer.Tid ?? '', /^ssptest01m[0-9]{20}$/)
  assert.match(answer.TrAuthKey ?? '', /^[0-9a-f]{64}$/)
})

for (const [line, amount, partial] of [
  ['--cancel', '1004', /^$/],
  ['--cancel-amount 504', '504', /^[0-9A-Za-z]{30}$/],
] as const)
  test(`${line} gives back what was paid`, async () => {
    const { exitCode, answer, steps } = await pay(line)
    assert.equal(exitCode, 0, steps)
    assert.deepEqual([answer.ResultCode, answer.CancelAmt], ['2001', amount])
    assert.match(answer.PTid ?? '', partial)
  })

test('--delete-member after a payment, and of a customer who is none', async () => {
  const paid = await pay('--delete-member')
  assert.equal(paid.exitCode, 0, paid.steps)
  assert.equal(paid.answer.SspMallId, 'SSPTEST00p')
  assert.equal(paid.answer.ResultCode, 'PD00')
  assert.ok(paid.answer.ResultMsg)

  await pay('--customer leaving01')
  assert.equal((await pay('--customer leaving01 --delete-member')).answer.ResultCode, 'PD00')
  const again = await pay('--customer leaving01 --delete-member')
  assert.equal(again.exitCode, 1)
  assert.equal(again.answer.ResultCode, 'S301')
  assert.match((await pay('--customer leaving01')).steps, /약관/, 'a deleted customer joins again')
  assert.equal((await pay('--customer leaving01 --delete-member')).answer.ResultCode, 'PD00', 'and can leave again')
})

const otherShop = () =>
  defineMerchant({
    merchantId: testMerchant.merchantId,
    easyPayMerchantId: testMerchant.easyPayMerchantId,
    merchantKey: testMerchant.merchantKey.expose(),
    environment: { origin: sandbox.urls.gateway },
    orderSignature: 'off_and_orders_can_be_tampered_with',
  })

const openAs = async (buyer: Buyer, orderId: string, shopUrl: string) => {
  const form = createPaymentForm(otherShop(), {
    orderId,
    amount: 1004,
    goodsName: '사과',
    customerId: buyer.customerId,
    buyerName: buyer.name,
    buyerPhone: buyer.phone,
    buyerEmail: buyer.email,
    returnUrl: `${shopUrl}/return`,
    abortUrl: `${shopUrl}/stop`,
  })
  return postForm({ url: form.action, body: encodeForm(form.fields, 'utf-8'), origin: shopUrl })
}

const readCode = (phone: string): Promise<string> => readNewestCode(sandbox.urls.console, phone)

test('a payment of another shop is not notified to the demo shop, and the list says how to get it', async () => {
  const buyer = newBuyer(realRuntime, { customerId: 'ownshop01', installmentMonths: 0 })
  const { Tid = '', TrAuthKey } = await walkWindow(await openAs(buyer, 'own-1', 'http://127.0.0.1:3000'), {
    buyer,
    readCode,
    onStep() {},
  })
  const approvalUrl = `${sandbox.urls.gateway}/payment/approval/urlCallApproval.do`
  await fetch(approvalUrl, { method: 'POST', body: JSON.stringify({ Tid, TrAuthKey }) })
  const list = ['notifications', 'list', '--transaction', Tid, '--console', sandbox.urls.console]
  await until(async () => (await run([...list, '--json'])).output.includes('no_endpoint'), { what: 'it ends' })
  assert.match(
    (await run([...list, '--lang', 'ko'])).output,
    /no_endpoint +0.*\n.*sspay merchants set MID --notify-url/,
  )
})

test('a member without a card is deleted as PS40', async () => {
  const buyer = newBuyer(realRuntime, { customerId: 'cardless01', installmentMonths: 0 })
  const stopsAtCard = walkWindow(await openAs(buyer, 'cardless', 'http://shop.localhost'), {
    buyer,
    readCode,
    onStep(step) {
      if (step === 'card') throw new Error('the buyer stops here')
    },
  })
  await assert.rejects(stopsAtCard, /stops here/)
  const outcome = await deleteMember(otherShop(), buyer.customerId)
  assert.ok(outcome.outcome === 'deleted' && !outcome.hadCard, JSON.stringify(outcome))
  assert.equal(outcome.raw.ResultCode, 'PS40')
})

const rejectedByWindow: readonly (readonly [string, string])[] = [
  ['--amount 50', 'S007'],
  ['--amount 49999 --installments 3', 'S013'],
]
for (const [line, code] of rejectedByWindow)
  test(`the window rejects ${line} with ${code}`, async () => {
    const { exitCode, answer } = await pay(line)
    assert.equal(exitCode, 1)
    assert.equal(answer.ResultCode, code)
  })

test('what EUC-KR cannot write is a usage error that names the field', async () => {
  const { exitCode, steps } = await pay('--euc-kr --goods 🍎')
  assert.equal(exitCode, 2)
  assert.match(steps, /GoodsName.*U\+1F34E/)
})

test('a gateway that does not answer is reported', async () => {
  const { exitCode, output } = await run(['pay', '--gateway', 'http://127.0.0.1:1'])
  assert.equal(exitCode, 3)
  assert.match(output, /--gateway.*127\.0\.0\.1:1/)
})

test('no card number, password, phone number or key is in any file of the data folder', async () => {
  const canaries = [
    ...testCards.map(({ cardNumber }) => cardNumber),
    buyerPassword,
    '홍길동',
    testMerchant.merchantKey.expose(),
  ]
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of names.filter((found) => found.isFile())) {
    const content = await readFile(join(entry.parentPath, entry.name))
    for (const canary of canaries) assert.ok(!content.includes(canary), `${entry.name} holds ${canary.slice(0, 6)}…`)
  }
})
