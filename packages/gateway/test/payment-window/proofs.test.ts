import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Buyer, cardFields, otherCardNumber, testCardNumber } from './buyer.ts'
import { member, password, returning, useWindow } from './members.ts'

useWindow()

const newPassword = '502738'

/**
 * From the password page to the page that asks for confirmation, with another password and a card that was registered
 * again.
 */
async function reset(window: Buyer): Promise<void> {
  await window.submit('reset-password')
  await window.verify()
  await window.submit('card', { cardNumber: otherCardNumber, ...cardFields })
  await window.tapPassword(newPassword)
  await window.tapPassword(newPassword)
  assert.equal(window.page.step, 'confirm')
}

const ways: Readonly<Record<string, { readonly before: (window: Buyer) => Promise<unknown>; readonly after: string }>> =
  {
    'the password was entered': {
      async before(window) {
        await window.submit('add-card')
        await window.tapPassword(password)
        assert.equal(window.page.step, 'card')
        await window.submit('keep-cards')
        assert.equal(window.page.step, 'confirm')
      },
      after: 'password',
    },
    'the password was set': { before: reset, after: 'password' },
    'the identity was verified, to add a passkey': {
      async before(window) {
        await window.submit('add-passkey')
        await window.verify()
        assert.equal(window.page.step, 'password')
      },
      after: 'identity',
    },
    'the identity was verified, to set a new password': {
      async before(window) {
        await window.submit('reset-password')
        await window.verify()
        assert.equal(window.page.step, 'card')
      },
      after: 'password',
    },
  }

describe('after a reset in another window no earlier proof counts:', () => {
  for (const [name, { before, after }] of Object.entries(ways))
    test(name, async () => {
      const customer = await member()
      const window = await returning(customer)
      await before(window)
      await reset(await returning(customer))
      await window.reload()
      assert.equal(window.page.step, after)
      await window.submit('confirm')
      assert.doesNotMatch(window.page.text, /data-return=/)
    })

  test('between the verification and the new password, other windows see no cards and set no password', async () => {
    const customer = await member()
    const window = await returning(customer)
    await window.submit('reset-password')
    await window.verify()
    const later = await returning(customer)
    assert.equal(later.page.step, 'identity')
    await later.verify()
    await later.submit('card', { cardNumber: testCardNumber, ...cardFields })
    await window.reload()
    assert.equal(window.page.step, 'identity')
  })
})

test('a stale proof does not count again with the next proof', async () => {
  const customer = await member()
  const window = await returning(customer)
  await window.submit('add-card')
  await window.tapPassword(password)
  await reset(await returning(customer))
  await window.reload()
  await window.submit('keep-cards')
  await window.submit('add-passkey')
  await window.verify()
  await window.submit('keep-passkeys')
  assert.equal(window.page.step, 'password')
})

test('a verification in the window itself keeps its proofs', async () => {
  const window = await returning(await member())
  await window.submit('add-card')
  await window.tapPassword(password)
  await window.submit('keep-cards')
  await window.submit('add-passkey')
  await window.verify()
  await window.submit('keep-passkeys')
  assert.equal(window.page.step, 'confirm')
})

describe('a buyer who holds the phone and does not know the password', () => {
  test('adds and deletes no passkey', async () => {
    const window = await returning(await member())
    await window.submit('add-passkey')
    await window.verify()
    assert.equal(window.page.step, 'password')
    assert.match(window.page.text, /패스키를 추가하거나 삭제하려면 결제 비밀번호로도 확인해요/)
    await window.submit('passkey')
    await window.submit('delete-passkey', { passkeyId: 'any' })
    assert.equal(window.page.step, 'password')
    await window.tapPassword(password)
    assert.equal(window.page.step, 'passkey')
  })

  test('sees and changes no cards', async () => {
    const window = await returning(await member())
    await window.submit('add-passkey')
    await window.verify()
    for (const aside of ['keep-cards', 'manage-cards', 'add-card']) {
      await window.submit(aside)
      assert.equal(window.page.step, 'password')
      assert.doesNotMatch(window.page.text, new RegExp(testCardNumber.slice(-4)))
    }
  })
})
