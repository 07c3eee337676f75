import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { run, startForCommands } from '../../packages/sandbox/test/command-line/support.ts'
import { moveToFreePort } from '../support/written-shop.ts'
import { java, jsp, linkTomcat, php, python } from './languages.ts'

for (const { name, whyMissing } of [php, java, jsp, python])
  test(`${name}, from an empty folder to a paid order, with nothing but what sspay init wrote`, {
    skip: process.env.CI === undefined && whyMissing(),
  }, async () => {
    await using sandbox = await startForCommands()
    const folder = join(sandbox.folder, 'my-shop')
    const { commands = [] } = await sandbox.typeForJson(['init', name.toLowerCase(), folder])
    const shop = await moveToFreePort({ folder, commands })
    if (name === 'JSP') linkTomcat(folder)
    const compile = shop.commands.find((command) => command.startsWith('javac '))
    if (compile !== undefined) execFileSync('bash', ['-c', compile], { cwd: folder })
    const start = shop.commands.find((command) => /^(php -S|java|python3) /.test(command)) ?? assert.fail()
    await using _running = await shop.start(start)
    assert.equal(await shop.pay(sandbox), '결제했어요')
    assert.equal(statSync(join(folder, 'data')).mode & 0o077, 0, 'only its owner opens the folder of the journal')
  })

test('PHP names missing extensions when it starts, and how to get them', { skip: php.whyMissing() }, async () => {
  await using sandbox = await startForCommands()
  const folder = join(sandbox.folder, 'my-shop')
  assert.equal((await run(['init', 'php', folder])).exitCode, 0)
  // -n reads no php.ini, which loads the extensions that are no part of PHP itself.
  const { status, stderr } = spawnSync('php', ['-n', 'index.php', 'recover'], { cwd: folder, encoding: 'utf8' })
  assert.equal(status, 1)
  assert.match(stderr, /확장이 없습니다 \/ missing PHP extensions: .*pdo_sqlite/)
  assert.match(stderr, /sudo apt install .*php-sqlite3/)
  assert.match(stderr, /extension=pdo_sqlite/)
  assert.equal(existsSync(join(folder, 'data')), false, 'nothing has begun')
})

test('PHP names a folder that it cannot create', { skip: php.whyMissing() }, async () => {
  await using sandbox = await startForCommands()
  const folder = join(sandbox.folder, 'my-shop')
  assert.equal((await run(['init', 'php', folder])).exitCode, 0)
  const env = { ...process.env, SHOP_DATA: join(folder, 'index.php/shop.db') }
  const { status, stderr } = spawnSync('php', ['index.php', 'recover'], { cwd: folder, encoding: 'utf8', env })
  assert.equal(status, 1)
  assert.match(stderr, /SHOP_DATA: 폴더를 만들지 못했습니다 \/ cannot create the folder .*index\.php/)
})
