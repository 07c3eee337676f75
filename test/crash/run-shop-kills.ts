import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { realRuntime } from '@sspay/gateway'
import { authenticationResult, writeMessage } from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import { createQuickGateway, type QuickGateway, type Ticket } from '../support/quick-payment.ts'
import { type Child, startChild } from './control.ts'
import { createDice, type Dice } from './dice.ts'
import type { ShopOptions } from './shop-child.ts'
import type { Profile } from './world.ts'

/** A shop whose process can die, and a gateway that lives. */
export interface ShopWorld {
  readonly gateway: QuickGateway
  /** Tells one payment with the shop killed at `point`; resolves with how often it died. */
  payAndKill(point: string | undefined, seed: number): Promise<number>
  /** The points crossed since the last report. */
  report(): Promise<readonly string[]>
  close(): Promise<void>
}

const program = new URL('./shop-child.ts', import.meta.url)

interface Payment {
  readonly orderId: string
  readonly amount: number
  readonly ticket: Ticket
}

export async function openShopWorld(profile: Profile, plantedBug?: ShopOptions['plantedBug']): Promise<ShopWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-shop-'))
  const file = join(folder, 'shop.db')
  let aheadMs = 0
  const runtime = { ...realRuntime, now: () => new Date(Date.now() + aheadMs) }
  const gateway = await createQuickGateway({ profile, runtime })
  const options: ShopOptions = {
    file,
    merchant: gateway.merchantConfig,
    cancelPassword: gateway.merchant.cancelPassword.expose(),
    plantedBug,
  }
  let shop: Child = await startChild(program, options)
  let orders = 0
  let kills = 0

  const restart = async (): Promise<void> => {
    await shop.gone()
    kills += 1
    shop = await startChild(program, options)
  }

  /** What the buyer's browser shows; undefined when the shop died over it. */
  const postReturn = async ({ orderId, ticket }: Payment, flow: string): Promise<string | undefined> => {
    await shop.ask({ verb: 'begin', flow })
    const body = encodeForm(writeMessage(authenticationResult, ticket), 'utf-8')
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    try {
      const answer = await fetch(`${shop.url}/return?order=${orderId}`, { method: 'POST', headers, body })
      return await answer.text()
    } catch {
      await restart()
      return undefined
    }
  }

  const recoverUntilClosed = async (): Promise<void> => {
    for (let round = 0; round < 20; round++) {
      try {
        await shop.ask({ verb: 'begin', flow: 'recover' })
        const open = await shop.ask({ verb: 'recover' })
        if (open.length === 0) return
        // What is given up before it was approved stays open until its ticket has expired.
        aheadMs += gateway.context.settings.ticketLifeMs
      } catch (cause) {
        if (!shop.isGone()) throw cause
        await restart()
      }
    }
    throw new Error('an entry of the journal stays open')
  }

  return {
    gateway,
    report: () => shop.ask({ verb: 'report' }),
    async payAndKill(point, seed) {
      const dice = createDice(seed)
      const killsBefore = kills
      const payment = await openPayment(gateway, orders++, dice)
      await shop.ask({ verb: 'order', ...payment })
      await shop.ask({ verb: 'arm', target: point })
      const shown = await postReturn(payment, 'return')
      const paidBefore = readCredits(file, payment)
      if (shown === 'paid') assert.equal(paidBefore, 1, 'the buyer was told, and the order is not credited')

      const isAbandoned = shown === undefined && dice.below(4) === 0
      if (isAbandoned) await shop.ask({ verb: 'give-up', orderId: payment.orderId })
      if (dice.below(3) === 0) await shop.ask({ verb: 'arm', target: 1 + dice.below(8) })
      if (!isAbandoned && dice.below(2) === 0) await postReturn(payment, 'reload')
      await recoverUntilClosed()
      await shop.ask({ verb: 'arm' })
      await requireBooksAgree({ gateway, file }, payment, isAbandoned)
      return kills - killsBefore
    },
    async close() {
      await shop.stop()
      await gateway.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function openPayment(gateway: QuickGateway, number: number, dice: Dice): Promise<Payment> {
  const order = { orderId: `shop-order-${number}`, amount: 1_000 + dice.below(40_000) }
  return { ...order, ticket: await gateway.authenticatedPayment(order.amount, order.orderId) }
}

function readCount(file: string, sql: string, key: string): number {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  try {
    return Number(database.prepare(sql).get(key)?.found)
  } finally {
    database.close()
  }
}

const readCredits = (file: string, { orderId }: Payment): number =>
  readCount(file, 'select times_paid as found from orders where order_id = ?', orderId)

const isBegun = (file: string, { ticket }: Payment): boolean =>
  readCount(file, 'select count(*) as found from sspay_journal where transaction_id = ?', ticket.transactionId) > 0

/** Captured if and only if credited, and credited once; who gave the order up and was not credited has the money back. */
async function requireBooksAgree(
  { gateway, file }: { readonly gateway: QuickGateway; readonly file: string },
  payment: Payment,
  isAbandoned: boolean,
): Promise<void> {
  const timesMarkedPaid = readCredits(file, payment)
  const { transactionId } = payment.ticket
  const totals = (await gateway.network?.totals())?.get(transactionId) ?? { charged: 0, cancelled: 0, reversed: 0 }
  const kept = totals.charged - totals.cancelled - totals.reversed
  assert.ok(timesMarkedPaid <= 1, `${payment.orderId} was credited ${timesMarkedPaid} times`)
  assert.equal(
    kept,
    timesMarkedPaid * payment.amount,
    `${payment.orderId}: credited ${timesMarkedPaid} times, ${kept} won captured`,
  )
  // Who dies before the intent has asked for nothing, and the buyer has been charged nothing.
  if (!isAbandoned && isBegun(file, payment)) assert.equal(timesMarkedPaid, 1, `${payment.orderId} is not credited`)
}

/** Tells one payment without a kill. */
export async function discoverShopPoints(plantedBug?: ShopOptions['plantedBug']): Promise<readonly string[]> {
  const world = await openShopWorld('replay', plantedBug)
  try {
    await world.payAndKill(undefined, 1)
    return (await world.report()).filter((point) => point.startsWith('return/'))
  } finally {
    await world.close()
  }
}

const shopReplayCommand = (point: string, profile: Profile, seed: number): string =>
  `node test/crash/long-run.ts --shop --point ${point} --profile ${profile} --case-seed ${seed}`

/** Kills the shop at each of `points` in turn until it has died `wanted` times; resolves with the number of deaths at each point. */
export async function runShopKills(
  points: readonly string[],
  wanted: number,
  seed: number,
  plantedBug?: ShopOptions['plantedBug'],
): Promise<ReadonlyMap<string, number>> {
  const dice = createDice(seed)
  const died = new Map<string, number>()
  let kills = 0
  for (let round = 0; kills < wanted; round++) {
    const profile = round % 2 === 0 ? 'replay' : 'reject'
    const world = await openShopWorld(profile, plantedBug)
    try {
      for (const point of dice.shuffle(points)) {
        const caseSeed = dice.below(2 ** 31)
        const deaths = await world.payAndKill(point, caseSeed).catch((cause: unknown) => {
          throw new Error(`replay: ${shopReplayCommand(point, profile, caseSeed)}`, { cause })
        })
        kills += deaths
        died.set(point, (died.get(point) ?? 0) + deaths)
      }
    } finally {
      await world.close()
    }
  }
  return died
}
