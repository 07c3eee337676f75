import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { realRuntime } from '@sspay/gateway'
import { encodeForm } from '@sspay/protocol/charset'
import { startSandbox } from '@sspay/sandbox'
import { testDatabase } from '../../packages/gateway/test/test-storage.ts'
import { postForm } from '../../packages/sandbox/src/buyer/browser.ts'
import { newBuyer } from '../../packages/sandbox/src/buyer/buyer.ts'
import { readForms } from '../../packages/sandbox/src/buyer/html-forms.ts'
import { walkWindow } from '../../packages/sandbox/src/buyer/walk-window.ts'
import { readNewestCode } from '../../packages/sandbox/src/pay/pay.ts'
import { freePorts, temporaryFolder } from './support.ts'

const example = new URL('../../examples/smallest-shop.ts', import.meta.url).pathname

async function startExample(gatewayUrl: string): Promise<{ readonly origin: string; stop(): Promise<void> }> {
  const { shop: port } = await freePorts()
  const env = { ...process.env, GATEWAY_URL: gatewayUrl, PORT: String(port) }
  const child = spawn(process.execPath, [example], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return {
    origin: `http://localhost:${port}`,
    async stop() {
      const exited = once(child, 'exit')
      child.kill()
      await exited
    },
  }
}

test('the smallest shop takes a payment', async (t) => {
  const folder = await temporaryFolder()
  const ports = { shop: 0, gateway: 0, gatewayTls: 0, console: 0 }
  const sandbox = await startSandbox({
    dataFolder: folder.path,
    ...(await testDatabase(folder.path)),
    host: '127.0.0.1',
    ports,
  })
  const shop = await startExample(sandbox.urls.gateway)
  t.after(async () => {
    await shop.stop()
    await sandbox.close()
    await folder.remove()
  })

  const [order] = readForms(await (await fetch(shop.origin)).text())
  assert.ok(order)
  const fields = Object.fromEntries(order.fields.map(({ name, value }) => [name, value]))
  const url = order.attributes.action ?? ''
  const window = await postForm({ url, body: encodeForm(fields, 'utf-8'), origin: shop.origin })

  const returned = await walkWindow(window, {
    buyer: newBuyer(realRuntime, { installmentMonths: 0 }),
    readCode: (phone) => readNewestCode(sandbox.urls.console, phone),
    onStep: () => {},
  })
  const [another] = readForms(await (await fetch(shop.origin)).text())
  const foreign = await postForm({
    url: another?.fields.find(({ name }) => name === 'ReturnUrl')?.value ?? '',
    body: encodeForm(returned, 'utf-8'),
    origin: sandbox.urls.gateway,
  })
  assert.match(foreign.html, /이 주문의 결제가 아니/)
  const receipt = await postForm({
    url: fields.ReturnUrl ?? '',
    body: encodeForm(returned, 'utf-8'),
    origin: sandbox.urls.gateway,
  })
  assert.match(receipt.html, /결제했어요. 거래번호 ssptest01m/)

  const repeated = await postForm({
    url: fields.ReturnUrl ?? '',
    body: encodeForm(returned, 'utf-8'),
    origin: sandbox.urls.gateway,
  })
  assert.equal(repeated.html, receipt.html, 'a reload is answered the same and charges nothing')
})
