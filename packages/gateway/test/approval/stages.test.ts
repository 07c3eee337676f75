import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resultCodes } from '@sspay/protocol'
import { approve } from '../../src/approval/approve.ts'
import { findPayment } from '../../src/approval/store.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { deleteCardsOf } from '../../src/vault/store.ts'
import { authenticatedPayment, codeOf, createApprovalTest } from './support.ts'

const tableIn = (sql: string): string => /\b(payments|merchants|cards)\b/.exec(sql)?.[1] ?? sql

/** What the database is asked waits for `goOn`, so that what begins without waiting for each other is seen together. */
function inStages(storage: Storage) {
  let begun: { readonly name: string; go(): void }[] = []
  const wait = (name: string): Promise<void> => new Promise((go) => begun.push({ name, go }))
  const staged: Storage = {
    ...storage,
    read: (sql, params) => wait(tableIn(sql)).then(() => storage.read(sql, params)),
    transact: (work) => wait('transact').then(() => storage.transact(work)),
  }
  return {
    storage: staged,
    begun: () => begun.length,
    goOn(): readonly string[] {
      const stage = begun
      begun = []
      for (const { go } of stage) go()
      return stage.map(({ name }) => name).toSorted()
    },
  }
}

test('an approval waits for the database three times', async (t) => {
  const { gateway, close } = await createApprovalTest()
  t.after(close)
  const ticket = await authenticatedPayment(gateway)
  const staged = inStages(gateway.storage)
  const stages: (readonly string[])[] = []
  let hasEnded = false
  const answer = approve({ ...gateway, storage: staged.storage }, ticket).finally(() => {
    hasEnded = true
  })
  for (let quiet = 0, last = 0; !hasEnded; quiet = staged.begun() === last ? quiet + 1 : 0) {
    last = staged.begun()
    await new Promise((resolve) => setTimeout(resolve, 1))
    if (last > 0 && quiet > 10) stages.push(staged.goOn())
  }
  assert.equal(codeOf(await answer), resultCodes.approved.code)
  assert.deepEqual(stages, [['merchants', 'payments'], ['cards', 'transact'], ['transact']])
})

test('a card that cannot be read leaves the outcome open, and the network is not asked', async (t) => {
  const { gateway, network, close } = await createApprovalTest()
  t.after(close)
  const ticket = await authenticatedPayment(gateway)
  const storage: Storage = {
    ...gateway.storage,
    async read(sql, params) {
      if (tableIn(sql) === 'cards') throw new Error('the disk is gone')
      return gateway.storage.read(sql, params)
    },
  }
  assert.equal(codeOf(await approve({ ...gateway, storage }, ticket)), resultCodes.outcome_unresolved.code)
  assert.equal((await findPayment(gateway, ticket.transactionId))?.state, 'unresolved')
  assert.deepEqual(network.calls, [])
})

test('a card that its member has deleted declines the payment', async (t) => {
  const { gateway, network, close } = await createApprovalTest()
  t.after(close)
  const ticket = await authenticatedPayment(gateway)
  const { memberId = '' } = (await findPayment(gateway, ticket.transactionId)) ?? {}
  await gateway.storage.transact((transaction) => deleteCardsOf(transaction, memberId))
  await approve(gateway, ticket)
  const payment = await findPayment(gateway, ticket.transactionId)
  assert.deepEqual([payment?.state, payment?.declineReason], ['declined', 'card_number_invalid'])
  assert.deepEqual(network.calls, [])
})
