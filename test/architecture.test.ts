import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { readSources, report, repository, type SourceFile, sourceFile, type Violation } from './source/files.ts'
import { type Import, importsOf, reachableFrom, resolveRelative } from './source/imports.ts'

/** Who may import whom, and through which entry points. Everything else is forbidden. */
const packages: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  protocol: {},
  browser: { protocol: ['.'] },
  merchant: { protocol: ['.', './internal', './signature', './sealed-body', './charset'] },
  gateway: {
    protocol: ['.', './internal', './signature', './sealed-body', './charset'],
    browser: ['./smartropay.js'],
  },
  sandbox: {
    protocol: ['.', './internal', './signature', './sealed-body', './charset', './vectors/signatures.json'],
    browser: ['.', './smartropay.js'],
    merchant: ['.'],
    gateway: ['.', './internal'],
  },
}

/** An example imports what a shop installs; one in a folder also its own files and its framework. */
const examplesMayImport = /^(@sspay\/merchant(\/(express|fastify|hono|next|nest))?|@sspay\/browser|node:\w+)$/

/** Packages that also run in a browser, where there is no Node. */
const withoutNode = ['browser']

/** The lowest parts of the gateway, from the bottom up: each may import the ones before it, all others all of them. */
const ground = [
  'csv.ts',
  'event-chain.ts',
  'secret.ts',
  'diagnosis.ts',
  'network-address.ts',
  'within.ts',
  'outgoing',
  'runtime.ts',
  'logging',
  'keyring.ts',
  'storage',
  'design',
  'http',
  'browser-safety',
  'admission',
  'context.ts',
  'background-jobs.ts',
  'security-events',
]

const listed = (names: string): readonly string[] => names.split(' ')

/** What the other parts may import besides the ground. */
const gatewayParts: Readonly<Record<string, readonly string[]>> = {
  'request-log': [],
  vault: [],
  passkeys: [],
  keypad: [],
  identity: [],
  merchants: [],
  'card-network': [],
  notifications: [],
  members: ['request-log', 'vault', 'passkeys', 'merchants', 'identity'],
  approval: ['request-log', 'card-network', 'notifications', 'members', 'vault', 'merchants', 'archive'],
  archive: [],
  'operator-command.ts': [],
  'archive-command.ts': ['archive', 'operator-command.ts'],
  reconciliation: [],
  'report-command.ts': ['reconciliation', 'archive', 'operator-command.ts'],
  'reconcile-command.ts': ['report-command.ts', 'reconciliation', 'operator-command.ts'],
  // Proves with the merchants that the keys are those of the database.
  'key-rotation': ['merchants', 'root-key.ts'],
  'rotate-command.ts': ['key-rotation', 'root-key.ts', 'operator-command.ts'],
  cancellation: ['request-log', 'approval', 'card-network', 'notifications', 'merchants'],
  'payment-window': [
    ...['request-log', 'approval', 'members', 'keypad', 'passkeys', 'identity', 'vault', 'merchants'],
    // Verifies the owner of a card before it is registered.
    'card-network',
  ],
  console: listed('archive request-log payment-window cancellation approval members notifications vault merchants'),
  telemetry: ['approval', 'cancellation', 'members', 'notifications', 'card-network'],
  'front-page.ts': ['payment-window', 'telemetry'],
  'not-offered-routes.ts': ['request-log'],
  'share-of-call.ts': ['approval', 'merchants'],
  'gateway.ts': [
    ...listed('built-scripts.ts front-page.ts not-offered-routes.ts share-of-call.ts'),
    ...listed('console payment-window cancellation approval members'),
    ...listed('identity card-network merchants request-log notifications telemetry'),
  ],
  'built-scripts.ts': [],
  'root-key.ts': [],
  'listen.ts': [],
  'merchants-file.ts': ['merchants', 'notifications'],
  'settings.ts': [],
  'help.ts': ['settings.ts'],
  'called-services.ts': ['gateway.ts', 'card-network', 'identity', 'request-log', 'telemetry'],
  'open-gateway.ts': [
    'settings.ts',
    ...['front-page.ts', 'gateway.ts', 'called-services.ts', 'built-scripts.ts', 'console', 'merchants', 'archive'],
    'key-rotation',
    'request-log',
    'telemetry',
  ],
  'bin.ts': ['main.ts'],
  'environment.ts': ['root-key.ts', 'settings.ts'],
  'read-credentials.ts': ['environment.ts'],
  'read-addresses.ts': ['environment.ts', 'settings.ts'],
  'unsafe-settings.ts': ['environment.ts', 'read-addresses.ts', 'merchants-file.ts', 'settings.ts'],
  'start-gateway.ts': [
    ...['environment.ts', 'read-credentials.ts', 'read-addresses.ts', 'unsafe-settings.ts'],
    ...['open-gateway.ts', 'settings.ts', 'listen.ts', 'merchants-file.ts', 'merchants', 'notifications'],
  ],
  'main.ts': [
    ...['environment.ts', 'help.ts', 'operator-command.ts', 'start-gateway.ts', 'unsafe-settings.ts'],
    ...['archive-command.ts', 'report-command.ts', 'reconcile-command.ts', 'rotate-command.ts'],
  ],
}

/** The public and the internal entry point may export from every part. */
const entries = ['index.ts', 'internal.ts']

/**
 * Files of this name are pure: values only from each other and from the protocol. The merchant's model asks the rules
 * of interest.
 */
const pureFiles = /\/(model|transitions|interest-free)\.ts$/

const packageOf = (path: string): string => path.split('/')[1] ?? ''
const gatewayPartOf = (path: string): string => path.split('/')[3] ?? ''

function judge(file: SourceFile, found: Import): string | undefined {
  const { specifier } = found
  if (specifier.startsWith('.')) return judgeRelative(file, found)
  if (specifier.startsWith('@sspay/')) return judgePackage(file, specifier)
  return judgeExternal(file, specifier)
}

function judgeRelative({ path }: SourceFile, { specifier, isTypeOnly }: Import): string | undefined {
  const target = resolveRelative(path, specifier)
  if (!target.startsWith(`packages/${packageOf(path)}/`)) return `${specifier} leaves the package: use its entry point`
  if (pureFiles.test(path) && !isTypeOnly && !pureFiles.test(target)) return `${specifier}: this file is pure`
  if (packageOf(path) !== 'gateway') return undefined
  const [from, to] = [gatewayPartOf(path), gatewayPartOf(target)]
  if (from === to || entries.includes(from)) return undefined
  if (ground.includes(from))
    return ground.slice(0, ground.indexOf(from)).includes(to) ? undefined : `${from} lies below ${to}`
  if (ground.includes(to)) return undefined
  return gatewayParts[from]?.includes(to) ? undefined : `${from} may not import ${to}`
}

function judgePackage({ path }: SourceFile, specifier: string): string | undefined {
  const [, target = '', ...rest] = specifier.split('/')
  const entry = ['.', ...rest].join('/')
  const entries = packages[packageOf(path)]?.[target]
  if (entries === undefined) return `${packageOf(path)} may not import ${target}`
  return entries.includes(entry) ? undefined : `${packageOf(path)} may not use the entry point ${entry} of ${target}`
}

function judgeExternal({ path }: SourceFile, specifier: string): string | undefined {
  if (specifier.startsWith('node:')) {
    if (withoutNode.includes(packageOf(path))) return `${specifier}: ${packageOf(path)} runs in a browser`
    return pureFiles.test(path) ? `${specifier}: this file is pure` : undefined
  }
  if (builtinModules.includes(specifier)) return `${specifier}: write node:${specifier}`
  const name = packageNameOf(specifier)
  return isDependency(name, `packages/${packageOf(path)}`)
    ? undefined
    : `${name} is no dependency of ${packageOf(path)}`
}

const packageNameOf = (specifier: string): string => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')

function isDependency(name: string, folder: string): boolean {
  const { dependencies, peerDependencies } = JSON.parse(
    readFileSync(resolve(repository, folder, 'package.json'), 'utf8'),
  )
  return Object.hasOwn({ ...dependencies, ...peerDependencies }, name)
}

function mayStandInExample({ path }: SourceFile, specifier: string): boolean {
  const folder = /^examples\/\w+(?=\/)/.exec(path)?.[0]
  if (folder === undefined || specifier.startsWith('@sspay/')) return examplesMayImport.test(specifier)
  if (specifier.startsWith('.')) return resolveRelative(path, specifier).startsWith(`${folder}/`)
  return examplesMayImport.test(specifier) || isDependency(packageNameOf(specifier), folder)
}

const violationsOf = (files: readonly SourceFile[]): readonly Violation[] =>
  files.flatMap((file) =>
    importsOf(file).flatMap((found) => {
      const message = judge(file, found)
      return message === undefined ? [] : [{ path: file.path, line: found.line, message }]
    }),
  )

const sources = readSources('packages/*/src/**/*.ts')

test('every import follows the table at the top of this file', () => {
  assert.equal(report(violationsOf(sources)), '')
})

test('examples import what a shop installs and nothing else', () => {
  const files = readSources('examples/**/*.{ts,tsx}')
  assert.ok(files.length > 0)
  const missing = files.flatMap((file) =>
    importsOf(file).flatMap(({ specifier, line }) =>
      mayStandInExample(file, specifier) ? [] : [{ path: file.path, line, message: specifier }],
    ),
  )
  assert.equal(report(missing), '')
})

test('the tables name every package and every part of the gateway, and nothing that is gone', () => {
  assert.deepEqual(globSync('packages/*', { cwd: repository }).map(packageOf).sort(), Object.keys(packages).sort())
  const parts = new Set(
    sources.filter(({ path }) => packageOf(path) === 'gateway').map(({ path }) => gatewayPartOf(path)),
  )
  assert.deepEqual([...parts].sort(), [...entries, ...ground, ...Object.keys(gatewayParts)].sort())
})

test('the table itself has no cycle', () => {
  const visit = (part: string, above: readonly string[]): void => {
    assert.ok(!above.includes(part), [...above, part].join(' → '))
    for (const below of gatewayParts[part] ?? []) visit(below, [...above, part])
  }
  for (const part of Object.keys(gatewayParts)) visit(part, [])
})

test('the main entry points of protocol and browser need nothing of Node', () => {
  const byPath = new Map(sources.map((file) => [file.path, file]))
  const entryPoints = ['protocol', 'browser'].map((name) => `packages/${name}/src/index.ts`)
  const reached = reachableFrom(entryPoints, (path) => byPath.get(path))
  assert.ok(reached.length > 2)
  const uses = reached.filter((file) => importsOf(file).some(({ specifier }) => specifier.startsWith('node:')))
  assert.deepEqual(
    uses.map(({ path }) => path),
    [],
  )
})

const injected: readonly (readonly [path: string, line: string, message: string])[] = [
  ['packages/protocol/src/a.ts', "import { b } from '@sspay/gateway'", 'protocol may not import gateway'],
  [
    'packages/browser/src/a.ts',
    "import { b } from '@sspay/protocol/signature'",
    'browser may not use the entry point ./signature of protocol',
  ],
  ['packages/browser/src/a.ts', "import { b } from 'node:fs'", 'node:fs: browser runs in a browser'],
  ['packages/merchant/src/a.ts', "import 'hono'", 'hono is no dependency of merchant'],
  ['packages/gateway/src/vault/a.ts', "export { b } from '../members/store.ts'", 'vault may not import members'],
  [
    'packages/gateway/src/approval/a.ts',
    "const b = await import('../payment-window/route.ts')",
    'approval may not import payment-window',
  ],
  ['packages/gateway/src/http/a.ts', "import type { b } from '../approval/model.ts'", 'http lies below approval'],
  ['packages/gateway/src/outgoing/a.ts', "import type { b } from '../runtime.ts'", 'outgoing lies below runtime.ts'],
  [
    'packages/gateway/src/approval/model.ts',
    "import { b } from '../storage/storage.ts'",
    '../storage/storage.ts: this file is pure',
  ],
  [
    'packages/gateway/src/approval/a.ts',
    "import { b } from '../../../sandbox/src/a.ts'",
    '../../../sandbox/src/a.ts leaves the package: use its entry point',
  ],
  ['packages/sandbox/src/a.ts', "import { readFile } from 'fs'", 'fs: write node:fs'],
]

test('an injected import of an example is found', () => {
  const rejected = [
    ['examples/a.ts', 'express'],
    ['examples/express/a.ts', 'fastify'],
    ['examples/express/a.ts', '../fastify/orders.ts'],
    ['examples/express/a.ts', '@sspay/gateway'],
  ] as const
  assert.deepEqual(
    rejected.filter(([path, specifier]) => mayStandInExample(sourceFile(path, ''), specifier)),
    [],
  )
  assert.ok(mayStandInExample(sourceFile('examples/express/a.ts', ''), 'express'))
})

for (const [path, line, message] of injected) {
  test(`an injected import is found: ${message}`, () => {
    const file = sourceFile(path, `// 'from' and \`import('x')\` in a comment\n${line}\n`)
    assert.deepEqual(violationsOf([file]), [{ path, line: 2, message }])
  })
}
