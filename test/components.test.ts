import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { repository } from './source/files.ts'

interface LockedPackage {
  readonly link?: boolean
  readonly inBundle?: boolean
  readonly resolved?: string
  readonly integrity?: string
}

const read = (path: string): string => readFileSync(resolve(repository, path), 'utf8')

const lockFiles = [
  'package-lock.json',
  'tools/release/package-lock.json',
  'tools/reference/package-lock.json',
  'docs/site/package-lock.json',
]

/**
 * What a lock file takes from elsewhere, or without a SHA-512 digest. Without `resolved` npm asks the registry of its
 * configuration.
 */
function unlocked(packages: Readonly<Record<string, LockedPackage>>): readonly string[] {
  return Object.entries(packages).flatMap(([path, { link, inBundle, resolved, integrity }]) => {
    const isOurs = !path.includes('node_modules/') || link === true
    const isElsewhere = resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/')
    const isDigested = inBundle === true || /^sha512-[\w+/]{86}==$/.test(integrity ?? '')
    return isOurs || (isDigested && !isElsewhere) ? [] : [path]
  })
}

test('every locked package has its digest, and none comes from outside the registry of npm', () => {
  for (const path of lockFiles) {
    const { packages } = JSON.parse(read(path))
    assert.ok(Object.keys(packages).length > 10, path)
    assert.deepEqual(unlocked(packages), [], path)
  }
  for (const path of lockFiles)
    assert.equal(existsSync(resolve(repository, path, '../.npmrc')), false, 'another registry')
})

test('an injected package from elsewhere, and one without a digest, are found', () => {
  const integrity = `sha512-${'A'.repeat(86)}==`
  assert.deepEqual(
    unlocked({
      'node_modules/right': { integrity },
      'node_modules/elsewhere': { resolved: 'https://packages.example/elsewhere.tgz', integrity },
      'node_modules/git': { resolved: 'git+ssh://git@host.example/a.git#1' },
      'node_modules/loose': {},
      'packages/ours': {},
    }),
    ['node_modules/elsewhere', 'node_modules/git', 'node_modules/loose'],
  )
})

test('known vulnerabilities of what is published are looked for every night', () => {
  const { on, jobs } = parse(read('.github/workflows/components.yml'))
  assert.match(on.schedule[0].cron, /^\d+ \d+ \* \* \*$/)
  const commands = jobs.audit.steps.map(({ run = '' }) => run)
  assert.ok(commands.includes('npm audit --omit=dev --audit-level=low'), commands.join('\n'))
})
