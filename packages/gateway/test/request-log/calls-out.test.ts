import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { RecordedCall } from '../../src/request-log/model.ts'
import { requestForm } from '../payment-window/request-form.ts'
import { approvalPath, authenticate, type LoggedGateway, named, openLoggedGateway, ticketBody } from './support.ts'

describe('calls out that do not end well', () => {
  let logged: LoggedGateway
  let seen = 0
  before(async () => {
    logged = await openLoggedGateway({ settings: { cardNetworkTimeoutMs: 3_000 } })
  })
  beforeEach(async () => {
    seen = (await logged.calls()).length
  })
  after(() => logged.close())

  const newCalls = async (): Promise<readonly RecordedCall[]> => (await logged.calls()).slice(seen)

  test('an answer without OK, or an error, is a failed notification; its URL is recorded without the query', async () => {
    logged.shop.says(200, 'thanks')
    await logged.ask(approvalPath, ticketBody(await authenticate(logged, requestForm({ customerId: 'noOk' }))))
    await logged.waitFor('notification', 1)
    logged.shop.says(503, 'OK')
    await logged.ask(approvalPath, ticketBody(await authenticate(logged, requestForm({ customerId: 'error' }))))
    await logged.waitFor('notification', 2)
    const notifications = (await newCalls()).filter(({ kind }) => kind === 'notification')
    assert.deepEqual(
      notifications.map(({ result, code, status, address }) => [result, code, status, address]),
      [
        ['failed', 'no_ok', 200, `${logged.shop.url}/notify`],
        ['failed', 'http_503', 503, `${logged.shop.url}/notify`],
      ],
    )
    assert.equal(notifications[0]?.request.BuyerName, '홍***')
  })

  test('a card network that declines, fails or does not answer', async () => {
    const ticketOf = (customerId: string) => authenticate(logged, requestForm({ customerId }))
    const [one, two] = [await ticketOf('declined'), await ticketOf('broken')]
    seen = (await logged.calls()).length
    logged.network.answerWith(() => ({ outcome: 'declined', reason: 'balance_insufficient' }))
    await logged.ask(approvalPath, ticketBody(one))
    logged.network.answerWith(() => ({ nothing: 'here' }))
    await logged.ask(approvalPath, ticketBody(two))
    const calls = (await newCalls()).filter(({ kind }) => kind === 'card-network' || kind === 'approval')
    assert.deepEqual(calls.map(named), [
      'card-network rejected declined',
      'approval rejected 3081',
      'card-network failed answer_unreadable',
      'approval failed S401',
    ])
    assert.equal(calls[0]?.request.cardNumber, '***')
    assert.match(calls[0]?.address ?? '', /^http:\/\/127\.0\.0\.1:\d+\/authorize$/)
  })

  test('a failed connection, a timeout and a wrong code are distinguished', async () => {
    const ticket = await authenticate(logged, requestForm({ customerId: 'silent' }))
    seen = (await logged.calls()).length
    logged.network.answerWith(() => new Promise(() => {}))
    const approving = logged.ask(approvalPath, ticketBody(ticket))
    await logged.waitFor('card-network', 1)
    await approving
    const buyer = logged.newBuyer()
    await buyer.open(requestForm({ customerId: 'mistyped' }))
    await buyer.submit('terms', { agreeAll: 'Y' })
    await buyer.submit('identity', {
      name: '홍길동',
      birthDate: '910203',
      genderDigit: '1',
      carrier: 'SKT',
      phone: '01099991111',
    })
    await buyer.submit('identity-code', { code: '000000' })
    // The background may inquire meanwhile.
    const calls = (await newCalls()).filter(
      ({ kind, detail, address }) => (kind !== 'step' || detail === 'identity-code') && !address.endsWith('/inquire'),
    )
    assert.deepEqual(calls.map(named), [
      'card-network failed timed_out',
      'approval failed S401',
      'window ok',
      'identity ok code_sent',
      'identity rejected wrong',
      'step identity-code rejected',
    ])
    assert.equal(calls[0]?.status, undefined)
  })
})
