import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { run } from '../command-line/support.ts'

const transactionId = 'ssptest01m01012501020304050001'
const notifications = [
  { transactionId, sequence: 4, state: 'delivered', attempts: 1, deliveredAt: '2025-01-01T18:04:05.000Z' },
  { transactionId, sequence: 5, state: 'exhausted', attempts: 5, lastResult: 'http_503', shopAnswer: 'no order 77' },
]

let server: Server
let asked: string[] = []
let consoleUrl: string

before(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    asked.push(`${request.method} ${request.url} ${Buffer.concat(chunks)}`.trim())
    const isUnknown = chunks.some((chunk) => chunk.includes('NONE'))
    if (request.method === 'POST') response.statusCode = isUnknown ? 404 : 200
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify(request.method === 'POST' ? { result: isUnknown ? 'unknown' : 'pending' } : { notifications }),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  consoleUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => server.close())

async function runNotifications(...given: readonly string[]) {
  asked = []
  const ran = await run(['notifications', ...given], {
    environment: { SSPAY_CONSOLE_PORT: new URL(consoleUrl).port },
  })
  return { ...ran, asked }
}

test('list shows one line per notification, or the JSON of the console', async () => {
  const listed = await runNotifications('list', '--state', 'exhausted', '--limit', '10', '--console', consoleUrl)
  assert.equal(listed.exitCode, 0)
  assert.deepEqual(listed.asked, ['GET /api/notifications?limit=10&state=exhausted'])
  assert.match(listed.output, /5 {2}exhausted {3}5 {2}http_503\n {4}no order 77\n$/)
  assert.match(listed.output, /delivered .* 2025-01-02 03:04:05\n/)
  assert.deepEqual(JSON.parse((await runNotifications('list', '--json')).output), { notifications })
})

test('resend sends the newest notification of the payment, or the given one', async () => {
  const again = await runNotifications('resend', transactionId)
  assert.equal(again.exitCode, 0)
  assert.equal(again.asked[1], `POST /api/notifications/resend {"transactionId":"${transactionId}","sequence":5}`)
  const first = await runNotifications('resend', transactionId, '--sequence', '4', '--json')
  assert.match(first.asked[1] ?? '', /"sequence":4\}$/)
  assert.deepEqual(JSON.parse(first.output), { result: 'pending' })
  assert.equal((await runNotifications('resend', 'NONE')).exitCode, 1)
})

test('exit code 3 when no console answers', async () => {
  const { exitCode, errors } = await runNotifications('list', '--console', 'http://127.0.0.1:1')
  assert.equal(exitCode, 3)
  assert.match(errors, /http:\/\/127\.0\.0\.1:1/)
})

const wrong = [
  ['send'],
  ['resend'],
  ['resend', '<script>'],
  ['resend', 'A', 'B'],
  ['list', 'A'],
  ['list', '--state', 'lost'],
  ['list', '--limit', '0'],
  ['list', '--limit', '501'],
  ['list', '--colour'],
  ['resend', 'A', '--sequence', 'x'],
  ['list', '--console', 'localhost'],
]

for (const given of wrong) {
  test(`wrong: ${given.join(' ')}`, async () => {
    const { exitCode, errors, asked: questions } = await runNotifications(...given)
    assert.equal(exitCode, 2)
    assert.match(errors, /--help/)
    assert.deepEqual(questions, [])
  })
}

test('--help prints the usage', async () =>
  assert.match((await runNotifications('--help')).output, /resend TRANSACTION_ID/))
