import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Fixture, shopEnvironment } from './fixture.ts'
import { createShopClient, titleOf } from './shop-client.ts'
import { type BuiltShop, prepareShop } from './shop-process.ts'

export function tlsContract(fixture: () => Fixture, built: () => BuiltShop): void {
  for (const isTrusted of [true, false])
    test(`over TLS, a gateway that is ${isTrusted ? 'trusted is asked' : 'not trusted receives no ticket'}`, async () => {
      const { sandbox, moved } = fixture()
      const folder = await mkdtemp(join(tmpdir(), 'sspay-tls-'))
      const trust = isTrusted ? { SSPAY_CA_FILE: sandbox.caFile } : {}
      const shop = await prepareShop(built(), { ...shopEnvironment(sandbox.urls.gatewayTls, folder), ...trust })
      try {
        await shop.start()
        const client = createShopClient(shop.origin, sandbox.urls.console)
        const form = await client.openForm(await client.order())
        assert.ok(form.action.startsWith('https://'))
        // The made-up buyer trusts no local CA; the same window stands at the plain address too.
        const action = `${sandbox.urls.gateway}${new URL(form.action).pathname}`
        const ticket = await client.authenticate({ ...form, action })
        const page = await client.comeBack(form.fields.ReturnUrl ?? '', ticket)
        assert.equal(titleOf(page), isTrusted ? '결제했어요' : '결제 결과를 확인하고 있어요')
        assert.deepEqual(await moved(ticket.Tid), { charged: isTrusted ? 1004 : 0, backAgain: 0 })
      } finally {
        await shop.end('SIGKILL')
        await rm(folder, { recursive: true, force: true })
      }
    })
}
