import assert from 'node:assert/strict'
import { createDecipheriv } from 'node:crypto'
import { test } from 'node:test'
import { deleteMember, FieldError } from '../src/index.ts'
import { answering, answeringWith, bodyOf, httpAnswer } from './loopback.ts'
import { merchantAt, merchantKey } from './samples.ts'

const answerOf = (code: string): string =>
  JSON.stringify({ SspMallId: 'SSPTEST00p', ResultCode: code, ResultMsg: '결과' })

/** As the service opens it, written here once more. */
function open(sealedBody: string): Record<string, string> {
  const decipher = createDecipheriv('aes-256-cbc', Buffer.from(merchantKey.slice(0, 32)), Buffer.alloc(16))
  return JSON.parse(Buffer.concat([decipher.update(sealedBody, 'base64'), decipher.final()]).toString('utf8'))
}

test('the envelope holds what the guide asks for, encrypted', async (t) => {
  let seen = ''
  const origin = await answering(t, (socket, request) => {
    seen = request
    socket.end(httpAnswer({ body: answerOf('PD00') }))
  })
  await deleteMember(merchantAt(origin), 'user0001', { merchantNote: '한글 예비' })
  assert.match(seen, /^POST \/payment\/approval\/ssbMemberDel\.do HTTP\/1\.1\r\n/)
  const { EncData, ...clear } = JSON.parse(bodyOf(seen))
  assert.deepEqual(clear, { Mid: 'ssptest01m' })
  assert.deepEqual(open(EncData), {
    Mid: 'ssptest01m',
    SspMallId: 'SSPTEST00p',
    MallUserId: 'user0001',
    ServiceType: 'MD',
    VerifyValue: 'UfJKHErpKwTGkPoQVg2tn9J0F4dBO0PpRP5X9Ifx650=',
    MallReserved: '7ZWc6riAIOyYiOu5hA==',
  })
})

test('no two requests are the same, so that a customer who joins again can be deleted again', async (t) => {
  const seen = new Set<string>()
  const origin = await answering(t, (socket, request) => {
    seen.add(bodyOf(request))
    socket.end(httpAnswer({ body: answerOf('PD00') }))
  })
  await deleteMember(merchantAt(origin), 'user0001')
  await deleteMember(merchantAt(origin), 'user0001')
  assert.equal(seen.size, 2)
})

const outcomes: readonly (readonly [string, Record<string, unknown>])[] = [
  ['PD00', { outcome: 'deleted', hadCard: true }],
  ['PS40', { outcome: 'deleted', hadCard: false }],
  ['S301', { outcome: 'rejected', reason: 'member_unknown', code: 'S301' }],
  ['S303', { outcome: 'rejected', reason: 'deletion_replayed', code: 'S303' }],
  ['PX99', { outcome: 'rejected', reason: 'unrecognized', code: 'PX99' }],
  ['S901', { outcome: 'unknown', cause: 'overloaded' }],
  ['S999', { outcome: 'unknown', cause: 'gateway_error' }],
]

for (const [code, expected] of outcomes) {
  test(`${code} is ${Object.values(expected).join(' ')}`, async (t) => {
    const outcome = await deleteMember(merchantAt(await answeringWith(t, { body: answerOf(code) })), 'user0001')
    assert.partialDeepStrictEqual(outcome, expected)
  })
}

test('a customer id or a note that breaks the table is rejected with the name of its field', async () => {
  const merchant = merchantAt('http://127.0.0.1:1')
  await assert.rejects(deleteMember(merchant, 'no blanks'), FieldError)
  await assert.rejects(deleteMember(merchant, 'user0001', { merchantNote: '가'.repeat(26) }), /MallReserved: too_long/)
})
