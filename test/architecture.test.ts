import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { readSources, report, repository, type SourceFile, sourceFile, type Violation } from './source/files.ts'
import { type Import, importsOf, reachableFrom, resolveRelative } from './source/imports.ts'
import { entries, examplesMayImport, gatewayParts, ground, packages, pureFiles, withoutNode } from './source/layers.ts'

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
