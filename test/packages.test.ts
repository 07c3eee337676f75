import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { entriesOf, packageNames, publishedManifest, readManifest } from '../tools/packages/manifest.ts'
import {
  faultsOfTree,
  type LockedPackages,
  productionTree,
  readProductionTree,
} from '../tools/packages/production-tree.ts'
import { aboveLimits, sizeLimits } from '../tools/packages/sizes.ts'
import { repository } from './source/files.ts'

const read = (path: string): string => readFileSync(resolve(repository, path), 'utf8')

const dependenciesOf = (name: (typeof packageNames)[number]): readonly [string, string][] =>
  Object.entries(readManifest(name).dependencies ?? {})

test('the five packages have one version, and ask for each other in exactly that one', () => {
  const versions = new Set(packageNames.map((name) => readManifest(name).version))
  assert.equal(versions.size, 1)
  for (const name of packageNames)
    for (const [dependency, version] of dependenciesOf(name))
      if (dependency.startsWith('@sspay/')) assert.ok(versions.has(version), `${name}: ${dependency} ${version}`)
})

test('what a shop installs depends on nobody else, and what it need not have is optional', () => {
  for (const name of ['protocol', 'browser', 'merchant'] as const) {
    const others = dependenciesOf(name).filter(([dependency]) => !dependency.startsWith('@sspay/'))
    assert.deepEqual(others, [])
    const { peerDependencies = {}, peerDependenciesMeta = {} } = JSON.parse(read(`packages/${name}/package.json`))
    for (const peer of Object.keys(peerDependencies)) assert.deepEqual(peerDependenciesMeta[peer], { optional: true })
  }
})

for (const name of packageNames) {
  test(`${name}: what is published leads to what was built, runs no script when installed and is described`, () => {
    const published = publishedManifest(name, 'https://host.example/a/b')
    assert.doesNotMatch(JSON.stringify(published), /src\//)
    const entryPoints = new Set(doorTargets(name)).size
    assert.equal(JSON.stringify(published.exports).match(/\.d\.ts"/g)?.length, entryPoints)
    const { types, typesVersions } = published
    assert.equal(JSON.stringify([types, typesVersions]).match(/\.d\.ts"/g)?.length, entryPoints)
    assert.equal('scripts' in published, false)
    assert.match(String(published.description), /SS-Pay/)
    assert.equal(published.license, 'Apache-2.0')
    assert.ok(Array.isArray(published.keywords) && published.keywords.length >= 5)
    assert.deepEqual(published.repository, {
      type: 'git',
      url: 'git+https://host.example/a/b.git',
      directory: `packages/${name}`,
    })
    assert.equal('repository' in publishedManifest(name, undefined), false)
    assert.match(read(`packages/${name}/CHANGELOG.md`), new RegExp(`^## ${readManifest(name).version}$`, 'm'))
  })
}

const doorTargets = (name: (typeof packageNames)[number]): readonly string[] =>
  Object.values(readManifest(name).exports).filter((target) => target.endsWith('.ts'))

for (const name of ['gateway', 'sandbox'] as const) {
  test(`the command of ${name} asks for the Node that its manifest names, before it imports anything`, () => {
    const { bin = {}, engines } = readManifest(name)
    const [entry = ''] = Object.values(bin)
    const source = read(`packages/${name}/${entry}`)
    assert.ok(entriesOf(readManifest(name)).includes(entry))
    assert.match(source, /^#!\/usr\/bin\/env node\n/)
    assert.equal(`>=${/neededVersion = (\d+)/.exec(source)?.[1]}`, engines.node)
    assert.doesNotMatch(source, /^import /m)
  })
}

const locked: LockedPackages = {
  'packages/a': { dependencies: { b: '1.0.0' } },
  'node_modules/b': { license: 'MIT', dependencies: { c: '^1', d: '^1' }, optionalDependencies: { absent: '1' } },
  'node_modules/b/node_modules/c': { license: 'GPL-3.0' },
  'node_modules/c': { license: 'ISC' },
  'node_modules/@x/d': { license: 'ISC' },
  'node_modules/d': { license: 'MIT', hasInstallScript: true },
  'node_modules/unused': { license: 'UNLICENSED' },
}

test('the production tree is what Node would find, and a licence or an install script in it is named', () => {
  const tree = productionTree(locked, ['packages/a'])
  assert.deepEqual([...tree].sort(), ['node_modules/b', 'node_modules/b/node_modules/c', 'node_modules/d'])
  assert.deepEqual(faultsOfTree(locked, tree), [
    'node_modules/b/node_modules/c: GPL-3.0 is not an allowed licence',
    'node_modules/d runs a script when it is installed',
  ])
  assert.throws(() => productionTree({ 'packages/a': { dependencies: { b: '1' } } }, ['packages/a']), /needs b/)
})

test('nothing that an installation brings has another licence or runs a script', () => {
  const { places, faults } = readProductionTree()
  assert.ok(places.length > 20)
  assert.deepEqual(faults, [])
})

test('a package above a limit is named with its size', () => {
  const sizes = { ...sizeLimits.browser, bundleGzipBytes: 1 }
  assert.deepEqual(aboveLimits('browser', sizes), [])
  const { files } = sizeLimits.browser
  assert.deepEqual(aboveLimits('browser', { ...sizes, files: files + 1 }), [
    `@sspay/browser: files ${files + 1}, at most ${files}`,
  ])
})
