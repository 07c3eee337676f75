import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { readSources, report, repository, sourceFile } from './source/files.ts'
import { questionsIn, usefulComments } from './tidy/comments.ts'
import { noVagueExports, noVagueFileNames, noWireNames, readWireNames } from './tidy/names.ts'
import { noDirectRuntime, noEnvironment, noExpose, noSql, tablesCreatedIn, tablesOutOfPlace } from './tidy/places.ts'
import { type Exceptions, except, isExcepted, type Rule, within } from './tidy/rule.ts'
import { classesDefinedTwice } from './tidy/style-sheets.ts'

const mayUseWireNames: Exceptions = {
  'packages/protocol/src/messages/': 'the tables themselves',
  'packages/browser/src/drop-in.ts': 'the script of the guide, called by pages that know only wire names',
  'packages/gateway/src/payment-window/window-script.ts': 'posts the message that the Callback of the guide receives',
  'packages/sandbox/src/shop/guide-sample-route.ts': "the guide's own sample page, and its customer MallUserId",
  'packages/sandbox/src/shop/payment-page.ts': 'the ids of the approval form that the Callback of the guide fills in',
  'packages/sandbox/src/diagnosis/': 'explains to a developer by wire names what was signed',
  'packages/sandbox/src/sign/signatures.ts': 'names what is signed by its wire names',
}

const mayUseTheRuntime: Exceptions = {
  'packages/gateway/src/runtime.ts': 'is the runtime',
  'packages/gateway/src/listen.ts': 'waits for open connections while the process stops',
  'packages/gateway/src/payment-window/form-script.ts': 'runs in the buyer’s browser',
  'packages/gateway/src/payment-window/window-script.ts': 'runs in the buyer’s browser',
}

const mayReadTheEnvironment: Exceptions = {
  'packages/gateway/src/main.ts': 'starts the gateway',
  'packages/sandbox/src/cli.ts': 'starts the sandbox',
  'tools/': 'run by hand and by CI',
}

const mayUseSql: Exceptions = {
  'packages/gateway/src/storage/': 'the engines and the migrations',
  'packages/merchant/src/journal-sql.ts': "the journal's one table in a shop's own database",
  'packages/merchant/src/mysql-journal-sql.ts': 'the same table in the SQL of MySQL',
}

/** Every place a secret leaves its wrapper. */
const mayExposeSecrets: Exceptions = {
  'packages/gateway/src/keyring.ts': 'derives the keys from the root key',
  'packages/gateway/src/merchants/model.ts': 'checks that key and password are well formed',
  'packages/gateway/src/merchants/keys.ts': 'gives the keys of a merchant to what signs, verifies and decrypts',
  'packages/gateway/src/reload.ts': 'compares credentials and merchants with those before',
  'packages/gateway/src/merchants/store.ts': 'encrypts the merchant key for its column',
  'packages/gateway/src/cancellation/cancel-password.ts': 'compares the cancel password',
  'packages/gateway/src/notifications/model.ts': 'checks that the webhook keys are well formed',
  'packages/gateway/src/notifications/row.ts': 'encrypts the webhook keys for their column',
  'packages/gateway/src/notifications/deliver.ts': 'signs a notification',
  'packages/gateway/src/open-gateway.ts': 'tells the log which texts to scrub',
  'packages/gateway/src/unsafe-settings.ts': 'looks for keys and passwords that can be guessed',
  'packages/gateway/src/outgoing/model.ts': 'sends the bearer token',
  'packages/gateway/src/outgoing/kept-connections.ts': 'opens TLS with the key of the client certificate',
  'packages/gateway/src/storage/open-storage.ts': 'connects to the database',
  'packages/merchant/src/approval-answer.ts': 'sends the ticket, checks the signature of the answer',
  'packages/merchant/src/approve.ts': 'writes the ticket into the journal',
  'packages/merchant/src/bill-key-result.ts': 'decrypts the bill key',
  'packages/merchant/src/bound-encryption.ts': 'derives the key of return addresses and stored charges',
  'packages/merchant/src/cancel.ts': 'signs the cancellation',
  'packages/merchant/src/encrypt-request.ts': 'encrypts requests',
  'packages/merchant/src/order-signature.ts': 'signs and verifies orders',
  'packages/merchant/src/notification.ts': 'checks the signature of a notification',
  'packages/merchant/src/payment-form.ts': 'signs the form',
  'packages/sandbox/src/sandbox.ts': "hands the test merchant's public key to shop and log",
  'packages/sandbox/src/diagnosis/diagnose.ts': 'compares wrong signatures and bodies with known mistakes',
  'packages/sandbox/src/explain/examine.ts': 'opens the EncData that its reader asks about',
  'packages/sandbox/src/explain/signature-findings.ts': 'compares a signature with the right one',
  'packages/sandbox/src/init/shop-files.ts': "writes the test merchant's public key into the shop's .env",
  'packages/sandbox/src/pay/paying-shop.ts': 'signs and refunds as a merchant of the merchants file',
  'packages/sandbox/src/sign-command.ts': 'signs what its reader gives, and tells how long the key is',
  'packages/sandbox/src/sign/encrypt-given.ts': 'encrypts what its reader gives',
  'packages/sandbox/src/test-merchant.ts': "signs with the test merchant's public key",
  'packages/sandbox/src/shop/club/route.ts': 'encrypts the bill key for the membership it renews',
  'packages/sandbox/src/shop/guide-sample-route.ts': "posts the ticket as the guide's client does",
  'packages/sandbox/src/shop/pay-route.ts': 'keeps the ticket with the order until its outcome is known',
}

const isStore = (path: string): boolean => path.endsWith('/store.ts')

const wireNames = await readWireNames()
const gateway = /^packages\/gateway\/src\//

const rules = {
  wireNames: except(mayUseWireNames, within(/\/src\/|^tools\/|^examples\//, noWireNames(wireNames))),
  vagueExports: noVagueExports,
  fileNames: noVagueFileNames,
  runtime: except(mayUseTheRuntime, within(gateway, noDirectRuntime)),
  environment: except(mayReadTheEnvironment, within(/\/src\/|^tools\//, noEnvironment)),
  sql: except(
    mayUseSql,
    within(/\/src\//, (file) => (isStore(file.path) ? [] : noSql(file))),
  ),
  secrets: except(mayExposeSecrets, within(/\/src\//, noExpose)),
  comments: usefulComments,
} satisfies Record<string, Rule>

const sources = readSources('packages/*/{src,test}/**/*.ts', '{test,tools,bench,examples}/**/*.ts')

for (const [name, rule] of Object.entries(rules)) {
  test(`tidy: ${name}`, () => assert.equal(report(sources.flatMap(rule)), ''))
}

test('every exception still names a file that is there', () => {
  const exceptions = [mayUseWireNames, mayUseTheRuntime, mayReadTheEnvironment, mayUseSql, mayExposeSecrets]
  const gone = exceptions.flatMap(Object.keys).filter((path) => !existsSync(resolve(repository, path)))
  assert.deepEqual(gone, [])
})

test('each table of the gateway is named in exactly one store', () => {
  const migrations = globSync('packages/gateway/src/storage/migrations/*.sql', { cwd: repository })
  const tables = migrations.flatMap((path) => tablesCreatedIn(readFileSync(resolve(repository, path), 'utf8')))
  const stores = sources.filter(({ path }) => gateway.test(path) && isStore(path))
  assert.ok(tables.length > 0)
  assert.equal(report(tablesOutOfPlace(tables, stores)), '')
})

test('a class name is defined in one style sheet', () => {
  assert.equal(report(classesDefinedTwice(sources.filter(({ path }) => /^packages\/\w+\/src\//.test(path)))), '')
})

test('every question in code is answered in docs/wire-questions.md, and every answer is proven or says that it is not', () => {
  const entries = readFileSync(resolve(repository, 'docs/wire-questions.md'), 'utf8').split(/^## /m).slice(1)
  const answered = new Map(entries.map((entry) => [entry.slice(0, 3), entry]))
  assert.equal(answered.size, entries.length, 'a number is used twice')

  const askedInCode = new Map(
    sources
      .filter(({ path }) => !path.startsWith('test/tidy'))
      .flatMap((file) => questionsIn(file).map((question) => [question, file.path])),
  )
  const indeterminate = [...askedInCode].filter(([question]) => !answered.has(question))
  assert.deepEqual(indeterminate, [])

  const faults = [...answered].flatMap(([question, entry]) => {
    const tests = entry.match(/[\w./-]+\.test\.ts/g) ?? []
    const missing = tests.filter((path) => !existsSync(resolve(repository, path)))
    if (missing.length > 0) return [`${question} names ${missing}, which is not there`]
    return tests.length > 0 || askedInCode.has(question) || entry.includes('not built yet')
      ? []
      : [`${question} is not proven`]
  })
  assert.deepEqual(faults, [])
})

const injected: readonly (readonly [rule: keyof typeof rules, path: string, source: string, message: string])[] = [
  ['wireNames', 'packages/gateway/src/a.ts', 'const { Tid } = body', 'wire name Tid'],
  ['wireNames', 'packages/gateway/src/a.ts', "body['Moid']", 'wire name Moid in a text'],
  [
    'wireNames',
    'packages/gateway/src/a.ts',
    `html\`<input name="TrAuthKey" value="\${ticket}">\``,
    'wire name TrAuthKey in a text',
  ],
  ['wireNames', 'packages/sandbox/src/a.ts', 'interface A { readonly Amt: string }', 'wire name Amt'],
  [
    'vagueExports',
    'packages/gateway/src/a.ts',
    'export async function handleRequest() {}',
    'handleRequest: "handle" says nothing',
  ],
  [
    'vagueExports',
    'packages/gateway/src/a.ts',
    'export class PaymentManager {}',
    'PaymentManager: "manager" says nothing',
  ],
  ['vagueExports', 'packages/gateway/src/a.ts', 'export const cardInfo = 1', 'cardInfo: "info" says nothing'],
  ['fileNames', 'packages/gateway/src/string-utils.ts', '', 'file name: "utils" says nothing'],
  ['runtime', 'packages/gateway/src/a.ts', 'const at = Date.now()', 'Date.now'],
  ['runtime', 'packages/gateway/src/a.ts', 'const at = new Date()', 'new Date()'],
  ['runtime', 'packages/gateway/src/a.ts', "import { randomBytes } from 'node:crypto'", 'randomBytes'],
  ['runtime', 'packages/gateway/src/a.ts', 'const answer = await fetch(url, { method })', 'fetch'],
  ['environment', 'packages/gateway/src/a.ts', 'const port = process.env.PORT', 'process.env'],
  ['sql', 'packages/gateway/src/a.ts', 'db.read(`select a from b where c = ?1`)', 'SQL outside a store'],
  ['sql', 'packages/gateway/src/a.ts', `db.write(\`update b set c = \${d}\`)`, 'SQL outside a store'],
  ['sql', 'packages/sandbox/src/a.ts', "db.write('insert into b values (1)')", 'SQL outside a store'],
  ['secrets', 'packages/gateway/src/a.ts', 'log.info(merchantKey.expose())', 'a secret is used here'],
  ['comments', 'packages/gateway/src/a.ts', '// TODO: later', 'an unfinished thought in a comment'],
  ['comments', 'packages/gateway/src/a.ts', '// const a = b(c)', 'commented-out code'],
  ['comments', 'packages/gateway/src/a.ts', '// -------- routes', 'a section banner'],
]

for (const [name, path, source, message] of injected) {
  test(`an injected violation is found: ${name}, ${message}`, () => {
    assert.deepEqual(rules[name](sourceFile(path, source)), [{ path, line: 1, message }])
  })
}

test('an injected second store is found', () => {
  const stores = ['a/store.ts', 'b/store.ts'].map((path) =>
    sourceFile(path, "const sql = 'delete from cards where a = 1'"),
  )
  assert.deepEqual(
    tablesOutOfPlace(['cards', 'payments'], stores).map(({ path }) => path),
    ['a/store.ts', 'b/store.ts', 'storage/migrations'],
  )
})

test('an injected second definition of a class is found', () => {
  const sheets = ['a', 'b'].map((name) =>
    sourceFile(`${name}.ts`, 'const css = `\n.card { color: red; }\n.card .name, main .title { margin: 0; }`'),
  )
  assert.deepEqual(classesDefinedTwice(sheets), [
    { path: 'a.ts b.ts', line: 1, message: '.card in several style sheets' },
  ])
})

const innocent = [
  `log.info(\`Tid \${transactionId}\`) // Tid and Amt in a comment`,
  'export const dataFolder = runtime.randomBytes(8)',
  "const sentence = 'delete this card from the list, update the other, select one'",
  'export interface Gateway { fetch(request: Request): Promise<Response> }',
  "await runtime.fetch(url, { method: 'GET' }); const at = new Date(1)",
  "// the guide's sample form omits it (Q01)",
]

for (const source of innocent) {
  test(`left alone: ${source}`, () => {
    const file = sourceFile('packages/gateway/src/a.ts', source)
    assert.equal(report(Object.values<Rule>(rules).flatMap((rule) => rule(file))), '')
  })
}

test('an exception holds for a file or for a whole folder', () => {
  const exceptions = { 'a/b.ts': 'one file', 'c/': 'a folder' }
  assert.deepEqual(
    ['a/b.ts', 'a/b.ts.ts', 'c/d/e.ts', 'cd.ts'].map((path) => isExcepted(path, exceptions)),
    [true, false, true, false],
  )
})
