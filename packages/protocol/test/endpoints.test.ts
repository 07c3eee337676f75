import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endpoints, localEndpoints } from '../src/index.ts'

test('staging and production are the hosts of the guide', () => {
  const { staging, production } = endpoints
  assert.equal(staging.script, 'https://tpay.smartropay.co.kr/asset/js/SmartroPAY-1.0.min.js')
  assert.equal(production.mobileScript, 'https://mpay.smartropay.co.kr/asset/js/SmartroPAY-1.0.min.js')
  assert.equal(staging.mobileWindow, 'https://tmpay.smartropay.co.kr/ssp/reqPay.do')
  assert.equal(staging.approval, 'https://tapproval.smartropay.co.kr/payment/approval/urlCallApproval.do')
  assert.equal(production.memberDeletion, 'https://approval.smartropay.co.kr/payment/approval/ssbMemberDel.do')
  assert.equal(staging.billKeyWindow, 'https://tmpay.smartropay.co.kr/ssb/interface.do')
  assert.equal(production.billKeyCharge, 'https://approval.smartropay.co.kr/payment/approval/ssbbill.do')
  assert.deepEqual(production.sourceAddresses, ['211.193.35.20', '211.193.35.216', '211.193.35.217'])
})

test('a local gateway answers the same paths on one host', () => {
  const local = localEndpoints({ origin: 'http://localhost:4610' })
  const paths = (given: typeof local): readonly string[] =>
    Object.values(given).flatMap((address) => (typeof address === 'string' ? [new URL(address).pathname] : []))
  assert.deepEqual(paths(local), paths(endpoints.production))
  for (const address of Object.values(local))
    if (typeof address === 'string') assert.equal(new URL(address).port, '4610')
})
