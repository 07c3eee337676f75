import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { testDatabase } from '../../../gateway/test/test-storage.ts'
import { startSandbox } from '../../src/sandbox.ts'
import { run } from '../command-line/support.ts'

const merchantOf = (merchantId: string, takesPayments: boolean) => ({
  merchantId,
  takesPayments,
  easyPayMerchantId: `${merchantId.slice(0, 9)}p`,
  name: '쇼핑몰',
  merchantKey: `aB3dE6gH9jK2mN5pQ8sT1vW4xY7z${merchantId}`,
  cancelPassword: '482913',
  acquirerMerchantNumber: '00951234567',
  allowedOrigins: [`https://${merchantId}.example`],
})

test('a merchant of the merchants file sells and refunds; one that is disabled or missing does not', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-shop-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const merchantsFile = join(folder, 'merchants.json')
  await writeFile(merchantsFile, JSON.stringify([merchantOf('disabled01', false), merchantOf('shop000002', true)]))
  const sandbox = await startSandbox({
    dataFolder: folder,
    ...(await testDatabase(folder)),
    merchantsFile,
    host: '127.0.0.1',
    ports: { shop: 0, gateway: 0, gatewayTls: 0, console: 0 },
  })
  t.after(() => sandbox.close())
  const { gateway, console } = sandbox.urls
  const pay = (...given: readonly string[]) =>
    run(['pay', '--json', '--gateway', gateway, '--console', console, '--merchants', ...given])

  const paid = await pay(merchantsFile, '--cancel')
  assert.equal(paid.exitCode, 0, paid.errors)
  assert.equal(JSON.parse(paid.output).Mid, 'shop000002')
  const disabled = await pay(merchantsFile, '--merchant', 'disabled01')
  assert.deepEqual([disabled.exitCode, JSON.parse(disabled.output).ResultCode], [1, 'S018'])
  for (const wrong of [[merchantsFile, '--merchant', 'shop000003'], [join(folder, 'missing.json')]])
    assert.equal((await pay(...wrong)).exitCode, 2, wrong.join(' '))
})
