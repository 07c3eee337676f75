import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, relative, resolve } from 'node:path'
import { after, test } from 'node:test'
import { listExampleFiles } from '../../src/init/examples.ts'
import { frameworks } from '../../src/init/frameworks.ts'
import { run } from '../command-line/support.ts'

const root = await mkdtemp(join(tmpdir(), 'sspay-init-'))
after(() => rm(root, { recursive: true, force: true }))

const examples = resolve(import.meta.dirname, '../../../../examples')
const init = (...given: readonly string[]) => run(['--lang', 'en', 'init', ...given])
const read = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8')

for (const [name, { example, shares, prepare, start }] of Object.entries(frameworks))
  test(`a shop for ${name} is its example with an environment, and its commands are printed`, async () => {
    const folder = join(root, name)
    const { exitCode, output, errors } = await init(name, folder)
    assert.equal(exitCode, 0, errors)
    for (const path of listExampleFiles(join(examples, example)).filter(
      (one) => !/^(package\.json|\.gitignore)$/.test(one),
    ))
      assert.equal(read(folder, path), readFileSync(join(examples, example, path), 'utf8'), path)
    for (const file of shares === undefined ? [] : readdirSync(join(examples, shares)))
      assert.equal(
        read(folder, join(basename(shares ?? ''), file)),
        readFileSync(join(examples, shares ?? '', file), 'utf8'),
      )
    for (const command of [`cd ${folder}`, ...prepare, 'npx sspay sandbox', ...start])
      assert.ok(output.includes(`    ${command}\n`), `${command} in:\n${output}`)
    for (const command of [...prepare, ...start])
      assert.ok(read(folder, 'README.md').includes(`   ${command}\n`), command)
    assert.match(read(folder, '.env'), /^SSPAY_MERCHANT_ID=ssptest01m$/m)
    assert.equal(statSync(join(folder, '.env')).mode & 0o077, 0, 'only its owner reads it')
    assert.match(read(folder, '.gitignore'), /^\.env$/m)
    assert.equal(existsSync(join(folder, 'package.json')), prepare.length > 0)
  })

test('the manifest pins every package, brings the sandbox and has the name of the folder', async () => {
  const folder = join(root, 'My Shop')
  await init('express', folder)
  const { name, dependencies, devDependencies } = JSON.parse(read(folder, 'package.json'))
  assert.equal(name, 'my-shop')
  assert.equal(devDependencies['@sspay/sandbox'], dependencies['@sspay/merchant'])
  for (const version of Object.values({ ...dependencies, ...devDependencies }))
    assert.match(String(version), /^\d[\d.]+$/)
})

test('the environment is that of the sandbox on its port', async () => {
  const folder = join(root, 'port')
  const { exitCode } = await run(['init', 'php', folder], { environment: { SSPAY_GATEWAY_PORT: '5610' } })
  assert.equal(exitCode, 0)
  assert.match(read(folder, '.env'), /^SSPAY_GATEWAY=http:\/\/localhost:5610$/m)
})

test('with tarballs the manifest installs our packages from them', async () => {
  const tarballs = await mkdtemp(join(root, 'tarballs-'))
  const missing = await init('hono', join(root, 'hono-packed'), '--tarballs', tarballs)
  assert.equal(missing.exitCode, 2)
  assert.match(missing.errors, /there is no sspay-protocol-\*\.tgz/)
  for (const name of ['protocol', 'browser', 'merchant', 'gateway', 'sandbox'])
    writeFileSync(join(tarballs, `sspay-${name}-0.1.0.tgz`), '')
  const folder = join(root, 'hono-packed')
  assert.equal((await init('hono', folder, '--tarballs', tarballs)).exitCode, 0)
  const { dependencies, devDependencies } = JSON.parse(read(folder, 'package.json'))
  const at = (name: string): string => `file:${relative(folder, tarballs)}/sspay-${name}-0.1.0.tgz`
  assert.equal(dependencies['@sspay/merchant'], at('merchant'))
  assert.equal(dependencies['@sspay/protocol'], at('protocol'))
  assert.equal(devDependencies['@sspay/sandbox'], at('sandbox'))
})

test('a folder that is not empty is left alone without --force', async () => {
  const folder = await mkdtemp(join(root, 'used-'))
  writeFileSync(join(folder, 'shop.ts'), 'mine')
  const { exitCode, output, errors } = await init('express', folder)
  assert.deepEqual([exitCode, output], [1, ''])
  assert.match(errors, /is not empty.*--force/)
  assert.deepEqual(readdirSync(folder), ['shop.ts'])
  assert.equal(read(folder, 'shop.ts'), 'mine')
  assert.equal((await init('express', folder, '--force')).exitCode, 0)
  assert.notEqual(read(folder, 'shop.ts'), 'mine')
  assert.match((await init('php', join(folder, 'shop.ts'))).errors, /is not a folder/)
})

test('without a framework they are listed, and another one is wrong usage', async () => {
  const { output } = await init()
  for (const name of Object.keys(frameworks)) assert.match(output, new RegExp(`^  ${name} `, 'm'))
  const unknown = await init('expres', join(root, 'unknown'))
  assert.equal(unknown.exitCode, 2)
  assert.match(unknown.errors, /did you mean express\?/)
  const list: readonly { readonly name: string }[] = JSON.parse((await init('--json')).output)
  assert.deepEqual(
    list.map(({ name }) => name),
    Object.keys(frameworks),
  )
})

test('--json says what was written and what to type', async () => {
  const folder = join(root, 'json')
  const { framework, files, commands } = JSON.parse((await init('python', folder, '--json')).output)
  assert.equal(framework, 'python')
  assert.ok(files.includes('.env') && files.includes('shop.py'))
  assert.ok(commands.includes('python3 shop.py'))
})
