import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { answerContract } from './contract-answers.ts'
import { errorContract } from './contract-error.ts'
import { foreignTicketContract } from './contract-foreign-tickets.ts'
import { moneyBackContract } from './contract-money-back.ts'
import { notificationContract } from './contract-notification.ts'
import { paymentContract } from './contract-payment.ts'
import { tlsContract } from './contract-tls.ts'
import { type Fixture, openFixture } from './fixture.ts'
import type { Language } from './languages.ts'
import { type BuiltShop, buildShop } from './shop-process.ts'

/** Contract of every shop in `examples/`, in any language. In CI a missing language is a failure. */
export function shopContract(language: Language): void {
  const why = language.whyMissing()
  if (why !== undefined) {
    const skip = process.env.CI === undefined ? why : false
    test(`the shop in ${language.name}`, { skip }, () => assert.fail(why))
    return
  }
  suite(`the shop in ${language.name}`, () => {
    let built: BuiltShop | undefined
    let opened: Fixture | undefined
    before(async () => {
      built = await buildShop(language)
      opened = await openFixture(built)
    })
    after(async () => {
      await opened?.close()
      await built?.remove()
    })
    const fixture = (): Fixture => {
      assert.ok(opened)
      return opened
    }
    const theBuilt = (): BuiltShop => {
      assert.ok(built)
      return built
    }

    paymentContract(fixture)
    errorContract(fixture)
    foreignTicketContract(fixture)
    moneyBackContract(fixture)
    notificationContract(fixture)
    answerContract(theBuilt)
    tlsContract(fixture, theBuilt)
  })
}
