import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { packageNames } from '../tools/packages/manifest.ts'
import { repository } from './source/files.ts'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>
  readonly environment?: string
  readonly 'timeout-minutes'?: number | string
  readonly strategy?: { readonly matrix: { readonly include?: readonly MatrixRow[] } }
  readonly steps: readonly Step[]
}
/** A job runs once for each row; `script` is one of package.json. */
interface MatrixRow {
  readonly script?: string
  readonly minutes?: number
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>
  readonly permissions?: Readonly<Record<string, string>>
  readonly jobs: Readonly<Record<string, Job>>
}

/** What a job may do; nothing else is allowed. */
const mayDo: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'ci.yml check': { contents: 'read' },
  'codeql.yml analyze': { contents: 'read', 'security-events': 'write' },
  'components.yml audit': { contents: 'read' },
  'nightly.yml proof': { contents: 'read' },
  'nightly.yml proof-on-mysql': { contents: 'read' },
  'nightly.yml proof-as-root': { contents: 'read' },
  'release.yml pack': { contents: 'read' },
  'release.yml publish': { 'id-token': 'write' },
}

function hasTimeLimit({ 'timeout-minutes': minutes, strategy }: Pick<Job, 'timeout-minutes' | 'strategy'>): boolean {
  const rows = strategy?.matrix.include ?? []
  return typeof minutes === 'number' || (rows.length > 0 && rows.every((row) => typeof row.minutes === 'number'))
}

/** Messages about what one job does wrong. */
function faultsOfJob(name: string, { permissions, environment, steps, ...job }: Job, text: string): readonly string[] {
  const faults: string[] = []
  const require = (isSo: boolean, sentence: string): void => void (isSo || faults.push(`${name}: ${sentence}`))
  require(JSON.stringify(permissions) === JSON.stringify(mayDo[name]), `may ${JSON.stringify(permissions)}`)
  require(hasTimeLimit(job), 'has no time limit')
  for (const { uses = '', run = '', with: given = {} } of steps) {
    require(!run.includes('${{'), 'puts an expression into a script')
    if (uses === '') continue
    require(/^[\w-]+\/[\w-]+(\/[\w-]+)?@[0-9a-f]{40}$/.test(uses), `${uses} is not pinned by its commit`)
    require(new RegExp(`${uses} # v\\d+\\.\\d+\\.\\d+$`, 'm').test(text), `${uses} does not say its version`)
    if (uses.startsWith('actions/checkout')) require(given['persist-credentials'] === false, 'keeps credentials')
  }
  if (permissions?.['id-token'] === undefined) return faults
  require(environment !== undefined, 'publishes without an approval')
  const runsOthers = steps.some(
    ({ uses = '', run = '' }) => /checkout/.test(uses) || /npm (ci|install|run)|npx/.test(run),
  )
  require(!runsOthers, 'runs more than npm while it may publish')
  return faults
}

function faultsOf(name: string, text: string): readonly string[] {
  const workflow: Workflow = parse(text)
  return [
    ...(/secrets\./.test(text) ? [`${name} uses a secret`] : []),
    ...(Object.keys(workflow.on).includes('pull_request_target') ? [`${name} trusts the pull request of a fork`] : []),
    ...(JSON.stringify(workflow.permissions) === '{}' ? [] : [`${name} gives permissions to every job`]),
    ...Object.entries(workflow.jobs).flatMap(([job, its]) => faultsOfJob(`${name} ${job}`, its, text)),
  ]
}

const folder = resolve(repository, '.github/workflows')
const read = (name: string): string => readFileSync(resolve(folder, name), 'utf8')
const names = globSync('*', { cwd: folder }).map((path) => basename(path))

for (const name of names)
  test(`${name} may do no more than it must`, () => assert.deepEqual(faultsOf(name, read(name)), []))

test('the table names every job, and none that is gone', () => {
  const jobs = names.flatMap((name) => Object.keys((parse(read(name)) as Workflow).jobs).map((job) => `${name} ${job}`))
  assert.deepEqual(jobs.sort(), Object.keys(mayDo).sort())
})

test('a release publishes every package after those it depends on, and what CI runs', () => {
  assert.match(read('release.yml'), new RegExp(`for name in ${packageNames.join(' ')}; do`))
  for (const name of ['ci.yml', 'release.yml']) assert.match(read(name), /bash \.ci\/run/)
})

const manifest: Readonly<Record<'scripts' | 'devDependencies', Readonly<Record<string, string>>>> = JSON.parse(
  readFileSync(resolve(repository, 'package.json'), 'utf8'),
)
const { scripts } = manifest

/** The scripts of package.json that a text runs by name. */
const scriptsRunBy = (text: string): readonly string[] =>
  [...text.matchAll(/\bnpm (?:run (?:-s )?([\w:-]+)|(test)\b)/g)].map(([, script, test]) => script ?? test ?? '')

const scriptsOfJob = ({ steps, strategy }: Job): readonly string[] => [
  ...steps.flatMap(({ run = '' }) => scriptsRunBy(run)),
  ...(strategy?.matrix.include ?? []).flatMap(({ script }) => (script === undefined ? [] : [script])),
]

const scriptsOfWorkflow = (name: string): readonly string[] =>
  Object.values((parse(read(name)) as Workflow).jobs).flatMap(scriptsOfJob)

/** Proofs that no machine runs by itself, each with the reason. */
const runByHand: Readonly<Record<string, string>> = {
  cluster: 'starts and stops a cluster to look at; cluster:deaths uses the same code',
  'bench:notifications': 'prints figures and has no bound',
  'bench:weight': 'downloads packages of other companies; test/e2e/weight.test.ts has the bounds',
  'bench:window': 'prints figures and has no bound',
}

test('the version of Node.js for people and for workflows is the one that npm installs', () => {
  assert.equal(readFileSync(resolve(repository, '.node-version'), 'utf8').trim(), manifest.devDependencies.node)
})

test('every script that a workflow runs exists', () => {
  for (const name of names)
    for (const script of scriptsOfWorkflow(name)) assert.ok(scripts[script] !== undefined, `${name}: ${script}`)
})

test('every proof and every bench runs by itself, or the table says why not', () => {
  const check = readFileSync(resolve(repository, '.ci/run'), 'utf8')
  const ran = new Set([...names.flatMap(scriptsOfWorkflow), ...scriptsRunBy(check)])
  const proofs = Object.keys(scripts).filter((script) => /^(test|crash|simulate|cluster|bench|e2e)(:|$)/.test(script))
  assert.deepEqual(proofs.filter((script) => !ran.has(script)).sort(), Object.keys(runByHand).sort())
})

const expression = (inner: string): string => `$\{{ ${inner} }}`

const injected: readonly (readonly [name: string, from: string | RegExp, to: string, fault: RegExp])[] = [
  ['ci.yml', /@08c6903\w+/, '@v5', /not pinned/],
  ['ci.yml', 'contents: read', 'contents: write', /may \{"contents":"write"\}/],
  ['ci.yml', 'permissions: {}', 'permissions: { contents: read }', /every job/],
  ['ci.yml', 'persist-credentials: false', 'persist-credentials: true', /keeps credentials/],
  ['ci.yml', 'pull_request:', 'pull_request_target:', /fork/],
  ['ci.yml', /timeout-minutes: 45/, 'continue-on-error: false', /time limit/],
  ['codeql.yml', /@9e907b5\w+ # v4.32.3/, '@v4', /not pinned/],
  ['nightly.yml', ', minutes: 240', '', /time limit/],
  ['release.yml', 'environment: npm', '', /approval/],
  ['release.yml', /npm publish/, 'npm ci && npm publish', /more than npm/],
  ['release.yml', /"\$GITHUB_REF_NAME"/, expression('github.ref_name'), /expression/],
  [
    'release.yml',
    'registry-url: https',
    `token: ${expression('secrets.NPM_TOKEN')}\n          registry-url: https`,
    /secret/,
  ],
]

for (const [name, from, to, fault] of injected)
  test(`${name} without ${from} would be seen`, () => {
    const changed = read(name).replace(from, to)
    assert.notEqual(changed, read(name))
    assert.match(faultsOf(name, changed).join('\n'), fault)
  })
