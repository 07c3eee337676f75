import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { java, php } from '../other-languages/languages.ts'
import { createShopClient, titleOf } from '../other-languages/shop-client.ts'
import { until } from '../support/until.ts'
import { composeServices } from './services.ts'

const skip = php.whyMissing() ?? java.whyMissing() ?? false
const folder = await mkdtemp(join(tmpdir(), 'sspay-compose-'))
const services = await composeServices(folder)
after(async () => {
  await services.stop()
  await rm(folder, { recursive: true, force: true })
})

const isUp = (origin: string) =>
  until(async () => (await fetch(origin)).ok, { deadline: 90_000, every: 50, what: () => services.output() })

const shops = [
  { name: 'php', port: 4700 },
  { name: 'java', port: 4701 },
]

interface Deliveries {
  readonly notifications: readonly unknown[]
}

for (const { name, port } of shops)
  test(`as in shops-compose.yml the ${name} shop is paid, and its notification arrives`, { skip }, async () => {
    const console = services.at(4620)
    if (name === 'php') services.start('sandbox')
    await isUp(`${services.at(4610)}/healthz`)
    services.start(name)
    await isUp(services.at(port))
    const client = createShopClient(services.at(port), console)
    const orderId = await client.order()
    const form = await client.openForm(orderId)
    assert.ok(form.action.startsWith(services.at(4610)), 'the window opens where browsers reach it')
    const ticket = await client.authenticate(form)
    assert.equal(titleOf(await client.comeBack(form.fields.ReturnUrl ?? '', ticket)), '결제했어요')
    const delivered = `${console}/api/notifications?state=delivered&transactionId=${ticket.Tid}`
    const isDelivered = async () => ((await (await fetch(delivered)).json()) as Deliveries).notifications.length > 0
    await until(isDelivered, { deadline: 60_000, every: 100, what: 'the notification' })
  })
