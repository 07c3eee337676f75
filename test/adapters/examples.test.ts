import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { transformSync } from 'esbuild'
import { repository } from '../source/files.ts'

/** Each is a whole shop that can be copied away; what does not depend on the framework is the same in all of them. */
const shops = ['express', 'fastify', 'hono', 'next', 'nest']
const shared = ['orders.ts', 'session.ts', 'pages.ts', '.env.example']
const withoutTypes = ['orders', 'session', 'pages']

const read = (shop: string, file: string): string => readFileSync(resolve(repository, 'examples', shop, file), 'utf8')

for (const file of shared)
  test(`examples agree: ${file}`, () => {
    const having = shops.filter((shop) => existsSync(resolve(repository, 'examples', shop, file)))
    // Next.js has pages of its own kind.
    assert.deepEqual(having, file === 'pages.ts' ? shops.filter((shop) => shop !== 'next') : shops)
    for (const shop of having) assert.equal(read(shop, file), read('express', file), shop)
  })

/** Printed again from their syntax trees, so that neither types nor parentheses differ. */
const printed = (shop: string, file: string, loader: 'ts' | 'js'): string =>
  transformSync(read(shop, file), { loader, minifyWhitespace: true }).code.replaceAll(/(\.\/\w+)\.ts/g, '$1.js')

for (const file of withoutTypes)
  test(`the example in JavaScript is the one in TypeScript without its types: ${file}`, () => {
    assert.equal(printed('javascript', `${file}.js`, 'js'), printed('express', `${file}.ts`, 'ts'))
  })

test('the examples without the SDK have one environment, and JavaScript that of TypeScript', () => {
  assert.equal(read('javascript', '.env.example'), read('express', '.env.example'))
  for (const shop of ['java', 'jsp', 'python'])
    assert.equal(read(shop, '.env.example'), read('php', '.env.example'), shop)
})

test('a JSP escapes all that it writes but the style sheet and the script, which hold nothing from outside', () => {
  const folder = resolve(repository, 'examples/jsp/webapp/WEB-INF/jsp')
  const written = readdirSync(folder).flatMap((file) =>
    Array.from(
      readFileSync(resolve(folder, file), 'utf8').matchAll(/<%=\s*(.*?)\s*%>|\$\{.*?\}/g),
      ([all, code]) => code ?? all,
    ),
  )
  assert.ok(written.length > 20)
  const raw = written.filter((code) => !/^Html\.(e|won)\(.*\)$/.test(code))
  assert.deepEqual(new Set(raw), new Set(['Html.STYLE', 'form.script()']))
})

test('the pages about PHP name the version and the extensions that the example asks for', () => {
  const settings = read('php', 'settings.php')
  const extensions = [...(/EXTENSIONS = \[(.*)\]/.exec(settings)?.[1] ?? '').matchAll(/'(\w+)'/g)].map(
    ([, name]) => name,
  )
  assert.equal(extensions.length, 4)
  const [, major, minor] = /PHP_VERSION_ID < (\d)0(\d)00/.exec(settings) ?? []
  const pages = ['docs/start/ko/php.md', 'docs/start/en/php.md', 'examples/php/README.md', 'docs/guides/ko/cli.md']
  for (const page of pages) {
    const text = readFileSync(resolve(repository, page), 'utf8')
    const [line = ''] = /^.*PHP \d\.\d .*$/m.exec(text) ?? []
    for (const asked of [`PHP ${major}.${minor}`, ...extensions])
      assert.ok(line.includes(String(asked)), `${page}: ${asked}`)
  }
})

test('every example takes our packages as they are published, and exact versions of all others', () => {
  const { version } = JSON.parse(readFileSync(resolve(repository, 'packages/merchant/package.json'), 'utf8'))
  for (const shop of [...shops, 'javascript']) {
    const { dependencies, devDependencies } = JSON.parse(read(shop, 'package.json'))
    assert.equal(dependencies['@sspay/merchant'], version, shop)
    for (const [name, range] of Object.entries({ ...dependencies, ...devDependencies }))
      assert.match(String(range), /^\d+\.\d+\.\d+$/, `${shop}: ${name}`)
  }
})

test('an example that runs in the repository has the framework that its manifest names', () => {
  for (const shop of ['express', 'fastify', 'hono']) {
    const { dependencies } = JSON.parse(read(shop, 'package.json'))
    for (const [name, version] of Object.entries(dependencies).filter(([given]) => !given.startsWith('@sspay/'))) {
      const manifest = readFileSync(resolve(repository, 'node_modules', name, 'package.json'), 'utf8')
      assert.equal(JSON.parse(manifest).version, version, `${shop}: ${name}`)
    }
  }
})

test('the environment of an example holds nobody’s secrets but the sandbox’s', () => {
  const names = [...read('express', '.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name)
  assert.deepEqual(names, [
    'SSPAY_ENVIRONMENT',
    'SSPAY_MERCHANT_ID',
    'SSPAY_EASY_PAY_MERCHANT_ID',
    'SSPAY_MERCHANT_KEY',
    'SSPAY_CANCEL_PASSWORD',
    'SSPAY_WEBHOOK_KEYS',
    'SSPAY_ORDER_SIGNING_KEYS',
    'SSPAY_CHECKOUT_URL',
    'PORT',
    'DATABASE',
  ])
})
