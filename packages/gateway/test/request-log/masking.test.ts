import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type LoggedTable, loggedTables } from '../../src/request-log/field-tables.ts'
import { isMasked, maskFields, plainText } from '../../src/request-log/mask-fields.ts'
import { callKinds } from '../../src/request-log/model.ts'
import { encryptedRequest } from '../cancellation/support.ts'
import { buyer, returnedFields } from '../payment-window/buyer.ts'
import { merchantKey, requestForm, testMerchant } from '../payment-window/request-form.ts'
import {
  approvalPath,
  cancelPath,
  deletionBody,
  deletionPath,
  type LoggedGateway,
  openLoggedGateway,
  type Ticket,
  ticketBody,
} from './support.ts'

for (const kind of callKinds)
  for (const [part, table] of Object.entries<LoggedTable>({ ...loggedTables[kind] }))
    for (const [wireName, field] of Object.entries(table))
      test(`${kind}, ${part}: ${wireName} is ${field.sensitivity}`, () => {
        const { [wireName]: shown = '' } = maskFields(table, { [wireName]: 'canary-value-7' })
        if (field.name === 'sealedBody') assert.equal(shown, 'canary-v***')
        else if (field.sensitivity === 'public') assert.equal(shown, 'canary-value-7')
        else assert.equal(shown, field.sensitivity === 'personal' ? 'c***' : '***')
        assert.equal(isMasked(shown), field.sensitivity !== 'public')
        assert.equal(maskFields(table, { [wireName]: '' })[wireName], '')
      })

describe('what no table names', () => {
  const table = loggedTables.window.request
  test('counts as secret', () => assert.deepEqual(maskFields(table, { Extra: 'canary' }), { Extra: '***' }))

  for (const name of ['4111111111111111', '홍길동', '{"CardNo":"1"}', 'a'.repeat(41), '', '010-9999-1111'])
    test(`hides a name that looks like a value: ${name.slice(0, 20)}`, () => {
      const [shown] = Object.entries(maskFields(table, { [name]: 'x' }))
      assert.deepEqual(shown, ['(이름을 알 수 없는 항목)', '***'])
    })

  test('is bounded in number', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`Field${index}`, 'x']))
    assert.equal(Object.keys(maskFields(table, many)).length, 60)
  })
})

const plain: readonly (readonly [given: string, shown: string])[] = [
  ['커피 <b>', '커피 <b>'],
  ['card 4111 1111 1111 1111 end', 'card *** end'],
  ['call 010-9999-1111', 'call ***'],
  ['\u001B[31mred\r\nline\u202Eright', '\uFFFD[31mred\uFFFD\uFFFDline\uFFFDright'],
  ['ssptest01m01012501020304050001', 'ssptest01m01012501020304050001'],
  ['x'.repeat(400), `${'x'.repeat(300)}…`],
]
for (const [given, shown] of plain)
  test(`public text ${JSON.stringify(given.slice(0, 30))} is shown as ${JSON.stringify(shown.slice(0, 30))}`, () =>
    assert.equal(plainText(given), shown))

const cardNumber = '9404047315902688'
const password = '274905'

const canaries = {
  merchantKey,
  cancelPassword: testMerchant.cancelPassword.expose(),
  cardNumber,
  password,
  name: buyer.name ?? '',
  phone: buyer.phone ?? '',
  birthDate: buyer.birthDate ?? '',
  ci: 'connecting-information-7f3a',
  formName: '나비카나리아',
  formPhone: '01073159026',
  email: 'canary@buyer.example',
  customer: 'canaryCustomer01',
  note: 'Y2FuYXJ5LW5vdGU=',
}

const formsOf = (value: string): readonly string[] => [
  value,
  Buffer.from(value)
    .toString('base64')
    .replace(/.{0,2}=*$/, ''),
  Buffer.from(value).toString('hex'),
]

describe('a whole life of a customer', () => {
  let logged: LoggedGateway
  let secrets: Readonly<Record<string, string>>

  before(async () => {
    logged = await openLoggedGateway()
    const ticket = await liveThrough(logged)
    secrets = { ...canaries, approvalTicket: ticket.approvalTicket }
  })
  after(() => logged.close())

  async function shown(): Promise<Readonly<Record<string, string>>> {
    const calls = await logged.calls()
    const { transactionId = '' } = calls.find(({ kind }) => kind === 'approval') ?? {}
    const paths = [
      '/requests',
      '/requests?text=canary',
      '/requests.csv',
      '/requests.json',
      '/api/requests?limit=500',
      `/payments/${transactionId}`,
      ...calls.flatMap(({ id }) => [`/requests/${id}`, `/api/requests/${id}`]),
    ]
    const pages: [path: string, text: string][] = []
    for (const path of paths) pages.push([path, (await logged.read(path)).text])
    const rows = await logged.context.storage.read('select * from request_log')
    return Object.fromEntries([...pages, ['the table', JSON.stringify(rows)], ['the log', logged.lines.join('\n')]])
  }

  test('leaves no card number, password, key, phone, name or ticket in a row, on a page, in an answer or an export', async () => {
    const places = await shown()
    assert.ok(Object.keys(places).length > 40)
    assert.match(places['/requests.csv'] ?? '', /승인/)
    for (const [place, text] of Object.entries(places)) {
      assert.ok(text.length > 50, `${place} has something to look at`)
      // The cancel password has too few digits to distinguish it from a time of day.
      for (const [what, value] of Object.entries(secrets).filter(([name]) => name !== 'cancelPassword'))
        for (const form of formsOf(value)) assert.ok(!text.includes(form), `${what} is in ${place} as ${form}`)
      assert.ok(!text.includes(cardNumber.slice(0, 8)) && !text.includes('73159026'), place)
      assert.ok(!text.includes(`"${secrets.cancelPassword}"`), place)
    }
  })
})

/** Join, a wrong and a right password, cancellation, deletion, and every rejection that holds personal data. */
async function liveThrough(logged: LoggedGateway): Promise<Ticket> {
  const form = requestForm({
    customerId: canaries.customer,
    buyerName: canaries.formName,
    buyerPhone: canaries.formPhone,
    buyerEmail: canaries.email,
    merchantNote: canaries.note,
  })
  const post = (fields: Readonly<Record<string, string>>) =>
    logged.ask('/ssp/reqPay.do', String(new URLSearchParams(fields)), 'application/x-www-form-urlencoded')
  await post({ ...form, EncryptData: 'wrong', merchantKey })
  await post({ ...form, CardNo: cardNumber, [cardNumber]: 'x', GoodsName: `card ${cardNumber}` })
  const joining = logged.newBuyer()
  await joining.open(form)
  await joining.join(password, cardNumber)
  await joining.submit('abort')
  const paying = logged.newBuyer()
  await paying.open({ ...form, Moid: 'SECOND' })
  await paying.tapPassword('581036')
  const { text } = await paying.tapPassword(password)
  const [transactionId = '', approvalTicket = ''] = Object.values(returnedFields(text))
  const ticket = { transactionId, approvalTicket }
  await logged.ask(approvalPath, `[${ticketBody(ticket)}]`)
  await logged.ask(approvalPath, ticketBody(ticket))
  await logged.ask(approvalPath, ticketBody(ticket), 'text/plain')
  await logged.waitFor('notification', 1)
  await logged.ask(
    cancelPath,
    encryptedRequest({ Tid: transactionId, CancelAmt: '1004', CancelMsg: `카드 ${cardNumber}` }),
  )
  await logged.waitFor('notification', 2)
  await logged.ask(deletionPath, deletionBody(canaries.customer))
  const calls = await logged.calls()
  for (const [kind, code] of [
    ['approval', '3001'],
    ['cancellation', '2001'],
    ['member-deletion', 'PD00'],
  ])
    assert.ok(
      calls.some((call) => call.kind === kind && call.code === code),
      `${kind} ${code}`,
    )
  assert.ok(calls.some(({ kind, detail, result }) => kind === 'step' && detail === 'password' && result === 'rejected'))
  return ticket
}
