import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { type Listener, listen } from '../../src/listen.ts'
import type { RecordedCall } from '../../src/request-log/model.ts'
import { writeCurl } from '../../src/request-log/write-curl.ts'
import { encryptedRequest } from '../cancellation/support.ts'
import { requestForm } from '../payment-window/request-form.ts'
import {
  approvalPath,
  authenticate,
  cancelPath,
  deletionBody,
  deletionPath,
  inquiryPath,
  type LoggedGateway,
  openLoggedGateway,
  ticketBody,
} from './support.ts'

const run = promisify(execFile)

const hasCurl = await run('curl', ['--version']).then(
  () => true,
  () => false,
)

/** What a person does: puts the values into the placeholders, and the command into a shell. */
const runFilled = async (command: string, values: Readonly<Record<string, string>>): Promise<string> => {
  const filled = Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`<${name}>`, value), command)
  return (await run('sh', ['-c', `${filled} --silent --max-time 20`])).stdout
}

describe('the curl command of a call', { skip: hasCurl ? false : 'there is no curl' }, () => {
  let logged: LoggedGateway
  let listener: Listener
  before(async () => {
    logged = await openLoggedGateway()
    listener = await listen({ fetch: logged.gateway.fetch, host: '127.0.0.1', port: 0 })
  })
  after(async () => {
    await listener.close()
    await logged.close()
  })

  async function lastCommand(kind: RecordedCall['kind']): Promise<string> {
    const call = (await logged.calls()).findLast((one) => one.kind === kind)
    const command = call && writeCurl(call)
    assert.ok(command !== undefined, `${kind} has a command`)
    return command.replace('http://localhost', listener.url)
  }

  test('opens the same window again, with any text', async () => {
    const marker = `/tmp/sspay-curl-${process.pid}`
    const form = requestForm({ goodsName: `'"$(touch ${marker})`, orderId: 'CURL_1', customerId: 'curl' })
    await logged.ask(
      '/ssp/reqPay.do',
      String(new URLSearchParams({ ...form, MerchantKey: 'x' })),
      'application/x-www-form-urlencoded',
    )
    const command = await lastCommand('window')
    assert.doesNotMatch(command, /MerchantKey/)
    const answer = await runFilled(command, form)
    assert.match(answer, /^HTTP\/1\.1 303[\s\S]*location: \/ssp\/window\/[0-9a-f]{64}/i)
    assert.equal(existsSync(marker), false)
    const [first, second] = (await logged.calls()).filter(({ orderId }) => orderId === 'CURL_1')
    const { MerchantKey: _key, ...sent } = first?.request ?? {}
    assert.deepEqual(second?.request, sent)
  })

  test('sends the same approval and inquiry again', async () => {
    const ticket = await authenticate(logged)
    const { approvalTicket } = ticket
    await logged.ask(inquiryPath, ticketBody(ticket))
    await logged.ask(approvalPath, ticketBody(ticket))
    assert.match(await runFilled(await lastCommand('approval'), { TrAuthKey: approvalTicket }), /"ResultCode":"3001"/)
    assert.match(await runFilled(await lastCommand('inquiry'), { TrAuthKey: approvalTicket }), /"ResultCode":"3001"/)
    assert.match(await runFilled(await lastCommand('approval'), { TrAuthKey: 'f'.repeat(64) }), /"ResultCode":"S101"/)
  })

  test('sends the same sealed bodies again', async () => {
    const ticket = await authenticate(logged, requestForm({ customerId: 'encrypted', orderId: 'CURL_2' }))
    await logged.ask(approvalPath, ticketBody(ticket))
    const encrypted = encryptedRequest({ Tid: ticket.transactionId, CancelAmt: '1004' })
    await logged.ask(cancelPath, encrypted)
    const { EncData = '' } = JSON.parse(encrypted) as Readonly<Record<string, string>>
    assert.match(await runFilled(await lastCommand('cancellation'), { EncData }), /"ResultCode":"2001"/)
    const deletion = deletionBody('encrypted')
    await logged.ask(deletionPath, deletion)
    assert.match(await runFilled(await lastCommand('member-deletion'), JSON.parse(deletion)), /"ResultCode":"PD00"/)
  })

  test('is not offered for calls that are not sent by hand', async () => {
    const ticket = await authenticate(logged, requestForm({ customerId: 'others' }))
    await logged.ask(approvalPath, ticketBody(ticket))
    await logged.waitFor('notification', 1)
    const kinds = new Set(
      (await logged.calls()).filter((call) => writeCurl(call) === undefined).map(({ kind }) => kind),
    )
    for (const kind of ['step', 'return', 'card-network', 'identity', 'notification'] as const)
      assert.ok(kinds.has(kind), kind)
  })
})

test('a command does not name an untrusted host', async (t) => {
  const logged = await openLoggedGateway({ settings: { isSandbox: false, publicHosts: ['pay.example'] } })
  t.after(logged.close)
  const hosts = ['pay.example', 'evil.example', '192.0.2.66']
  for (const host of hosts)
    await logged.gateway.fetch(new Request(`https://${host}${approvalPath}`, { method: 'POST', body: '{}' }))
  const commands = (await logged.calls()).map((call) => writeCurl(call)?.split(' \\')[0])
  const to = (host: string): string => `curl -i 'https://${host}${approvalPath}'`
  assert.deepEqual(commands, [to('pay.example'), to('<host>'), to('<host>')])
})
