import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeText } from '@sspay/protocol/charset'
import { until } from '../../../../test/support/until.ts'
import { shopAnswerOf } from '../../src/notifications/shop-answer.ts'
import { notificationsOf } from '../../src/notifications/store.ts'
import { createNotificationFixture, minuteMs } from './support.ts'

const answerOf = (text: string, charset: 'utf-8' | 'euc-kr' = 'utf-8') =>
  shopAnswerOf({ body: encodeText(text, charset) })

test('an answer is shown as its text: no tags, no line breaks, at most 300 characters, in either charset', () => {
  assert.equal(answerOf('<html>\r\n<b>주문이</b> 없습니다</html>'), '주문이 없습니다')
  assert.equal(answerOf('처리 중 오류', 'euc-kr'), '처리 중 오류')
  assert.equal(answerOf('  \n'), undefined)
  assert.equal(answerOf('가'.repeat(2_000))?.length, 300)
})

test('card and phone numbers in an answer are masked, those that the end cuts too', () => {
  assert.equal(answerOf('카드 9406-0000-0000-0001, 010-1234-5678'), '카드 ***, ***')
  assert.doesNotMatch(answerOf(`${'x'.repeat(290)} 9406000000000001`) ?? '', /9406/)
  // 1,200 bytes are read, most of them tags: the end of the bytes is shown.
  assert.doesNotMatch(answerOf(`${'<br>'.repeat(297)}9406000000000001`) ?? '', /9406/)
})

test('what the shop answered is stored encrypted until the shop answers OK', async (t) => {
  const fixture = await createNotificationFixture()
  t.after(fixture.close)
  const { context, shop, clockwork } = fixture
  await fixture.save({ intervalMinutes: 1, maxAttempts: 5 })
  shop.answerWith((response) => response.end('주문 77을 찾을 수 없습니다'))
  fixture.deliver()
  await fixture.enqueue({})
  const afterAttempt = (count: number) =>
    until(
      async () => {
        await clockwork.advance(minuteMs)
        const [notification] = await notificationsOf(context, 'PAYMENT1')
        return notification !== undefined && notification.attempts >= count && notification
      },
      { what: `attempt ${count}` },
    )
  const failed = await afterAttempt(1)
  assert.deepEqual([failed.lastResult, failed.shopAnswer], ['no_ok', '주문 77을 찾을 수 없습니다'])
  const rows = await context.storage.read('select shop_answer_encrypted from notifications')
  assert.doesNotMatch(JSON.stringify(rows), /주문|찾을/)
  shop.answerWith((response) => response.end('OK'))
  const delivered = await afterAttempt(failed.attempts + 1)
  assert.deepEqual([delivered.state, delivered.shopAnswer], ['delivered', undefined])
})
