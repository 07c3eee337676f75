import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireText } from '@sspay/protocol'
import { sealBody } from '@sspay/protocol/sealed-body'
import { deletionChecksum } from '@sspay/protocol/signature'
import { until } from '../../../../test/support/until.ts'
import type { ApprovalContext } from '../../src/approval/record-outcome.ts'
import { inquiryRoute } from '../../src/approval/route.ts'
import { cancelRoute } from '../../src/cancellation/route.ts'
import { memberDeletionRoute } from '../../src/members/route.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { createApprovalTest, testMerchant } from '../approval/support.ts'
import { sealedRequest } from '../cancellation/support.ts'
import { testSettings } from '../support.ts'

const limits = { ...testSettings.limits, approvalsAtOnce: 2, approvalsPerMerchantAtOnce: 1 }

const Tid = 'ssptest01m01012501020304050001'

function sealedDeletion(): string {
  const { merchantId: Mid, easyPayMerchantId: SspMallId, merchantKey } = testMerchant
  const names = { merchantId: Mid, easyPayMerchantId: SspMallId, customerId: 'user0001' }
  const body: WireText = { Mid, SspMallId, MallUserId: 'user0001', ServiceType: 'MD' }
  const signed = { ...body, VerifyValue: deletionChecksum(names) }
  return JSON.stringify({ EncData: sealBody(signed, merchantKey.expose()), Mid })
}

/** Work on the database waits until `release`; what opens an envelope, which comes before the limit, does not. */
function holdStorage(storage: Storage, held: 'read' | 'transact') {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  let begun = 0
  const wait = (): Promise<void> => {
    begun += 1
    return released
  }
  const slow: Storage = {
    ...storage,
    read: (sql, params) => (held === 'read' ? wait().then(() => storage.read(sql, params)) : storage.read(sql, params)),
    transact: (work) => wait().then(() => storage.transact(work)),
  }
  return { storage: slow, release, begun: () => begun }
}

/** What `begun` says once work has begun and no more of it does. */
async function untilAtRest(begun: () => number): Promise<number> {
  const quietLooks = 10
  let [last, quiet] = [0, 0]
  await until(
    () => {
      quiet = begun() === last ? quiet + 1 : 0
      last = begun()
      return last > 0 && quiet >= quietLooks
    },
    { every: 1, what: 'calls at rest' },
  )
  return last
}

type RouteOf = (gateway: ApprovalContext) => (request: Request) => Promise<Response>

/** `atOnce`: how many of one merchant run when it may have one approval. */
const calls: readonly {
  readonly name: string
  readonly body: string
  readonly atOnce: number
  readonly held: 'read' | 'transact'
  readonly routeOf: RouteOf
}[] = [
  {
    ...{ name: 'approvalInquiry.do', body: JSON.stringify({ Tid, TrAuthKey: 'a'.repeat(64) }), atOnce: 4 },
    ...{ held: 'read', routeOf: inquiryRoute },
  },
  {
    ...{ name: 'cancel.do', body: sealedRequest({ Tid }), atOnce: 1 },
    ...{ held: 'transact', routeOf: cancelRoute },
  },
  {
    ...{ name: 'ssbMemberDel.do', body: sealedDeletion(), atOnce: 1 },
    ...{ held: 'transact', routeOf: memberDeletionRoute },
  },
]

for (const { name, body, atOnce, held, routeOf } of calls) {
  test(`${name}: what is too much is refused before it begins, and taken once there is room`, async (t) => {
    const world = await createApprovalTest({ settings: { limits } })
    t.after(world.close)
    const slow = holdStorage(world.gateway.storage, held)
    const route = routeOf({ ...world.gateway, storage: slow.storage })
    const ask = async (): Promise<string | undefined> => {
      const answer = await route(new Request('http://gateway.example/', { method: 'POST', body }))
      assert.equal(answer.status, 200)
      return ((await answer.json()) as WireText).ResultCode
    }
    const running = Array.from({ length: atOnce }, ask)
    const begun = await untilAtRest(slow.begun)
    // Reads of the same moment are one, or one for each lane.
    const { lanes } = slow.storage
    assert.ok(begun <= (held === 'read' && Number.isFinite(lanes) ? lanes : 1), `${begun} began`)
    assert.equal(await ask(), 'S901')
    assert.equal(slow.begun(), begun)
    slow.release()
    assert.ok((await Promise.all(running)).every((code) => code !== 'S901'))
    assert.notEqual(await ask(), 'S901')
  })
}
