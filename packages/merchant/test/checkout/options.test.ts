import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCheckout } from '../../src/index.ts'
import { openShop } from './shop.ts'

const wrongOptions: readonly (readonly [name: string, value: unknown])[] = [
  ['url', 'pay'],
  ['url', 'http://shop.example/pay'],
  ['url', 'https://shop.example/pay?a=1'],
  ['url', `https://shop.example/${'a'.repeat(30)}`],
  ['url', 1],
  ['mountPath', 'canary'],
  ['mountPath', '/canary?'],
  ['merchant', { merchantId: 'canary' }],
  ['journal', { begin() {} }],
  ['journal', null],
  ['findOrder', 'canary'],
  ['mayPay', true],
  ['onReport', 'canary'],
  ['recoveryKey', 'canary'],
  ['cancelPassword', 'canary'],
  ['cancelPassword', 123456],
  ['webhookKeys', ['canary']],
  ['webhookKeys', 'whsec_canary'],
  ['webhookKeys', ['whsec_1', 'whsec_2', 'whsec_3']],
  ['onTrouble', () => {}],
]

for (const [name, value] of wrongOptions)
  test(`a wrong option is named, not shown: ${name} ${JSON.stringify(value)}`, (t) => {
    assert.throws(
      () => openShop(t, 'http://127.0.0.1:1', { [name]: value }),
      (error) => {
        assert.ok(error instanceof TypeError)
        const [, line = '', ...more] = error.message.split('\n')
        assert.match(line, new RegExp(`^  ${name}: .*[가-힣(].* / .*[a-z]`))
        assert.deepEqual(more, [])
        assert.doesNotMatch(error.message, /canary/)
        return true
      },
    )
  })

test('all missing options are named at once, in Korean and English', () => {
  for (const nothing of [undefined, null, {}])
    assert.throws(
      () => createCheckout(nothing as never),
      (error) => {
        const lines = String((error as Error).message).split('\n')
        assert.match(lines[0] ?? '', /createCheckout의 옵션을 확인하세요\. Check the options/)
        const names = ['merchant', 'url', 'journal', 'findOrder', 'mayPay', 'markOrderPaid', 'resultUrl', 'onError']
        assert.deepEqual(
          lines.slice(1).map((line) => /^ {2}(\w+): 없습니다\. .+ \/ missing: .+/.exec(line)?.[1]),
          names,
        )
        return true
      },
    )
})
