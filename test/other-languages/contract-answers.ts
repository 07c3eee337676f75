import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { resultCodes } from '@sspay/protocol'
import { encodeText } from '@sspay/protocol/charset'
import { openBody } from '@sspay/protocol/sealed-body'
import { signCancelRequest, signResult } from '@sspay/protocol/signature'
import { testMerchant } from '@sspay/sandbox'
import { approvalMeaningOf, inquiryMeaningOf } from '../../packages/merchant/src/result-meaning.ts'
import { basicAuth, shopEnvironment } from './fixture.ts'
import { createShopClient, type ShopClient, type Ticket, titleOf } from './shop-client.ts'
import { type BuiltShop, prepareShop } from './shop-process.ts'

type Fields = Readonly<Record<string, unknown>>
type Asked = Readonly<Record<string, string>>
type Answer = string | Uint8Array

const otherCodes = ['3000', '3002', '3070', '3099', '3100', '9999', '0', 'constructor']

const merchantKey = testMerchant.merchantKey.expose()
const paid = '결제했어요'
const waiting = '주문을 확인해 주세요'
const checking = '결제 결과를 확인하고 있어요'

/** A service that says whatever a test wants, at any path. */
async function startService() {
  const asked: { readonly path: string; readonly fields: Asked }[] = []
  let answerTo: (path: string, fields: Asked) => Answer = () => ''
  let answerInquiry = answerTo
  const server = createServer(async (incoming, outgoing) => {
    const parts: Uint8Array[] = []
    for await (const part of incoming) parts.push(part)
    const [path, fields] = [incoming.url?.split('/').at(-1) ?? '', JSON.parse(Buffer.concat(parts).toString('utf8'))]
    asked.push({ path, fields })
    outgoing.end((path === 'approvalInquiry.do' ? answerInquiry : answerTo)(path, fields))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as { readonly port: number }).port}`,
    asked,
    answer(next: typeof answerTo, inquiry = next) {
      answerTo = next
      answerInquiry = inquiry
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

let lastNumber = 0
function newTicket(): Ticket {
  lastNumber++
  return { Tid: `ssptest01m010125010203${String(lastNumber).padStart(8, '0')}`, TrAuthKey: 'e'.repeat(64) }
}

/** A right answer, signed, but for what the test changes. */
function answerOf({ Tid = '' }: Asked, orderId: string, changed: Fields = {}): Fields {
  const fields = {
    Tid,
    Mid: testMerchant.merchantId,
    Moid: orderId,
    Amt: '1004',
    ResultCode: '3001',
    ResultMsg: '카드 결제 성공',
    AuthCode: '30012345',
    AppCardName: '신한',
    CardNum: '940600******0001',
    ...changed,
  }
  return { SignValue: signResult({ transactionId: Tid, resultCode: fields.ResultCode }, merchantKey), ...fields }
}

const json = (fields: Fields): string => JSON.stringify(fields)
const notApprovedYet = (): Answer => '{"ResultCode":"S105"}'

const wrongAnswers: readonly (readonly [string, (asked: Asked, orderId: string) => Answer])[] = [
  ['another amount', (asked, orderId) => json(answerOf(asked, orderId, { Amt: '1003' }))],
  ['an amount with a comma', (asked, orderId) => json(answerOf(asked, orderId, { Amt: '1,004' }))],
  ['no amount', (asked, orderId) => json(answerOf(asked, orderId, { Amt: '' }))],
  ['another order', (asked) => json(answerOf(asked, 'another'))],
  [
    'another transaction',
    (asked, orderId) => json(answerOf({ ...asked, Tid: 'ssptest01m01012501020399999999' }, orderId)),
  ],
  ['another merchant', (asked, orderId) => json(answerOf(asked, orderId, { Mid: 'ssptest02m' }))],
  ['no transaction', (asked, orderId) => json({ ...answerOf(asked, orderId), Tid: undefined })],
  ['a wrong signature', (asked, orderId) => json({ ...answerOf(asked, orderId), SignValue: 'A'.repeat(44) })],
  [
    'a signed rejection with a wrong signature',
    (asked, orderId) => json({ ...answerOf(asked, orderId, { ResultCode: '3095' }), SignValue: 'A'.repeat(44) }),
  ],
  [
    'the signature of another code',
    (asked, orderId) => json({ ...answerOf(asked, orderId, { ResultCode: '3095' }), ResultCode: '3001' }),
  ],
  ['a list', () => '[{"ResultCode":"3095"}]'],
  ['text', () => '"3095"'],
  ['nothing', () => ''],
  ['half of it', (asked, orderId) => json(answerOf(asked, orderId)).slice(0, -1)],
  ['more than it', (asked, orderId) => `${json(answerOf(asked, orderId))}{}`],
  ['no code', (asked, orderId) => json({ ...answerOf(asked, orderId), ResultCode: undefined })],
  ['a page', () => '<html>3001 성공</html>'],
]

const rightAnswers: readonly (readonly [string, (asked: Asked, orderId: string) => Answer])[] = [
  [
    'new fields of every kind',
    (asked, orderId) =>
      json({
        ...answerOf(asked, orderId),
        New: { a: [1, null, true, -1.5e3] },
        Note: '\u0001"\\/\u{1F600}',
        None: null,
      }),
  ],
  [
    'escapes instead of letters',
    (asked, orderId) =>
      json(answerOf(asked, orderId)).replace(/[가-힣]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16)}`),
  ],
  ['EUC-KR', (asked, orderId) => encodeText(json(answerOf(asked, orderId)), 'euc-kr')],
  ['a byte order mark', (asked, orderId) => `\uFEFF${json(answerOf(asked, orderId))}`],
  ['numbers that are no texts', (asked, orderId) => json({ ...answerOf(asked, orderId), ResultCode: 3001, Amt: 1004 })],
  [
    'no signature, as in the guide’s table',
    (asked, orderId) => json({ ...answerOf(asked, orderId), SignValue: undefined }),
  ],
]

interface Case {
  readonly what: string
  readonly shown: string
  answer(asked: Asked, orderId: string): Answer
}

const allCodes = [...new Set([...Object.values(resultCodes).map(({ code }) => code), ...otherCodes])]

const approvalCases: readonly Case[] = [
  ...wrongAnswers.map(([what, answer]) => ({ what, answer, shown: checking })),
  ...rightAnswers.map(([what, answer]) => ({ what, answer, shown: paid })),
  ...allCodes
    .filter((code) => approvalMeaningOf(code) !== 'charged')
    .map((code) => ({
      what: code,
      shown: approvalMeaningOf(code) === 'not_charged' ? waiting : checking,
      answer: (asked: Asked, orderId: string) => json(answerOf(asked, orderId, { ResultCode: code })),
    })),
]

const shownAfterInquiry = (code: string): string => {
  const meaning = inquiryMeaningOf(code)
  if (meaning === 'charged') return paid
  return meaning === 'not_charged' || meaning === 'cancelled' ? waiting : checking
}

const inquiryCases: readonly Case[] = allCodes.map((code) => ({
  what: code,
  shown: shownAfterInquiry(code),
  answer: (asked, orderId) => json(answerOf(asked, orderId, { ResultCode: code })),
}))

/** Four at a time, as many as the slowest shop has workers. */
async function eachCase(cases: readonly Case[], work: (one: Case) => Promise<void>): Promise<void> {
  const waitingCases = [...cases]
  const worker = async (): Promise<void> => {
    for (let one = waitingCases.shift(); one !== undefined; one = waitingCases.shift()) await work(one)
  }
  await Promise.all(Array.from({ length: 4 }, worker))
}

export function answerContract(built: () => BuiltShop): void {
  const open = async (t: { after(work: () => Promise<void>): void }) => {
    const folder = await mkdtemp(join(tmpdir(), 'sspay-answers-'))
    const service = await startService()
    const shop = await prepareShop(built(), {
      ...shopEnvironment(service.url, folder),
      SHOP_RECOVER_SECONDS: '3600',
    })
    t.after(async () => {
      await shop.end('SIGKILL')
      await service.close()
      await rm(folder, { recursive: true, force: true })
    })
    await shop.start()
    const client = createShopClient(shop.origin, '')
    await client.order()
    const asAdmin = (path: string, method = 'GET'): Promise<Response> =>
      fetch(`${shop.origin}${path}`, { method, headers: basicAuth })
    const recover = (): Promise<Response> => asAdmin('/recover', 'POST')
    return { service, client, recover, asAdmin }
  }
  const pay = async (client: ShopClient, orderId: string, ticket: Ticket): Promise<string> =>
    titleOf(await client.comeBack(`/return?order=${orderId}`, ticket))

  test('what an answer means is read as the package for shops reads it', async (t) => {
    const { service, client } = await open(t)
    const answers = new Map<string, (asked: Asked) => Answer>()
    service.answer((_path, asked) => answers.get(asked.Tid ?? '')?.(asked) ?? '', notApprovedYet)
    const surprises: string[] = []
    await eachCase(approvalCases, async ({ what, shown, answer }) => {
      const [orderId, ticket] = [await client.order(), newTicket()]
      answers.set(ticket.Tid, (asked) => answer(asked, orderId))
      const seen = await pay(client, orderId, ticket)
      if (seen !== shown) surprises.push(`${what}: ${seen}`)
    })
    assert.deepEqual(surprises, [])
  })

  test('what an inquiry means is read as the package for shops reads it, and only S105 approves again', async (t) => {
    const { service, client, recover } = await open(t)
    const answers = new Map<string, (asked: Asked) => Answer>()
    const unknown = new Map<string, { readonly one: Case; readonly orderId: string }>()
    service.answer(() => '')
    await eachCase(inquiryCases, async (one) => {
      const [orderId, ticket] = [await client.order(), newTicket()]
      await client.post(`/return?order=${orderId}`, ticket)
      answers.set(ticket.Tid, (asked) => one.answer(asked, orderId))
      unknown.set(ticket.Tid, { one, orderId })
    })
    service.asked.length = 0
    service.answer((path, asked) => (path === 'approvalInquiry.do' ? answers.get(asked.Tid ?? '')?.(asked) : '') ?? '')
    await recover()
    const surprises: string[] = []
    for (const { one, orderId } of unknown.values()) {
      const seen = titleOf(await client.readOrder(orderId))
      if (seen !== one.shown) surprises.push(`${one.what}: ${seen}`)
    }
    assert.deepEqual(surprises, [])
    const approvals = service.asked.filter(({ path }) => path === 'urlCallApproval.do')
    assert.deepEqual(
      approvals.map(({ fields }) => unknown.get(fields.Tid ?? '')?.one.what),
      ['S105'],
    )
  })

  test('a cancel is encrypted and signed as the manual says, and an unclear answer is no refund', async (t) => {
    const { service, client, recover, asAdmin } = await open(t)
    const [orderId, ticket] = [await client.order(), newTicket()]
    service.answer((path, asked) => {
      return path === 'cancel.do' ? '{"ResultCode":"S504"}' : json(answerOf(asked, orderId, { Amt: '77' }))
    }, notApprovedYet)
    assert.equal(await pay(client, orderId, ticket), checking)
    await recover()
    assert.equal(titleOf(await client.readOrder(orderId)), checking)
    const encrypted = service.asked.find(({ path }) => path === 'cancel.do')?.fields
    const { Tid: transactionId } = ticket
    assert.deepEqual(
      { ...openBody(encrypted?.EncData ?? '', merchantKey) },
      {
        SERVICE_MODE: 'CL1',
        Tid: transactionId,
        Mid: testMerchant.merchantId,
        CancelPwd: '123456',
        CancelAmt: '77',
        CancelMsg: '주문 취소',
        CancelSeq: '1',
        PartialCancelCode: '0',
        HashData: signCancelRequest({ transactionId, cancelAmount: '77', scope: '0' }, merchantKey),
      },
    )
    service.answer(() => '{"ResultCode":"S502"}')
    await recover()
    const shown = await (await asAdmin('/admin')).text()
    assert.match(shown, /취소하지 못했어요\. 결과코드 S502/)
    service.asked.length = 0
    await recover()
    assert.deepEqual(service.asked, [], 'a rejected cancel waits for a person')
  })

  test('a cancel that is acknowledged is done', async (t) => {
    const { service, client, recover } = await open(t)
    const [orderId, ticket] = [await client.order(), newTicket()]
    service.answer((_path, asked) => json(answerOf(asked, orderId, { Amt: '77' })), notApprovedYet)
    assert.equal(await pay(client, orderId, ticket), checking)
    service.answer(() => '{"ResultCode":"2001"}')
    await recover()
    assert.equal(titleOf(await client.readOrder(orderId)), waiting)
  })

  test('a missing setting is named, every one of them, and nothing starts', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sspay-settings-'))
    const environment = {
      ...shopEnvironment('http://127.0.0.1:9', folder),
      SSPAY_MERCHANT_KEY: '',
      SSPAY_CANCEL_PASSWORD: '12',
    }
    const shop = await prepareShop(built(), environment)
    const failure = await shop.start().then(
      () => undefined,
      (cause: Error & { readonly stderr?: string }) => `${cause.message}${cause.stderr ?? ''}`,
    )
    await shop.end('SIGKILL')
    await rm(folder, { recursive: true, force: true })
    assert.match(failure ?? '', /SSPAY_MERCHANT_KEY: .* missing[\s\S]*SSPAY_CANCEL_PASSWORD: .* malformed/)
    assert.doesNotMatch(failure ?? '', /SSPAY_MERCHANT_ID|only-for-this-test-run/)
  })
}
