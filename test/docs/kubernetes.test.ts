import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Deployment } from 'kubernetes-types/apps/v1.d.ts'
import type { Job } from 'kubernetes-types/batch/v1.d.ts'
import { parseAllDocuments } from 'yaml'
import { commands } from '../../packages/gateway/src/commands.ts'
import { user } from '../../tools/image/layers.ts'
import { repository } from '../source/files.ts'

interface Resource {
  readonly apiVersion: string
  readonly kind: string
}

const read = (name: string): string => readFileSync(join(repository, 'docs/operating', name), 'utf8')
const text = read('kubernetes.yml')
const migration = read('kubernetes-migrate.yml')

function readResources(yaml: string): readonly Resource[] {
  return parseAllDocuments(yaml).map((document) => {
    assert.deepEqual([document.errors, document.warnings], [[], []])
    return document.toJS() as Resource
  })
}

/** `apps/v1`, but `core/v1` for `v1`; groups end at the first dot. */
const moduleOf = ({ apiVersion }: Resource): string => {
  const [version = '', group = 'core'] = apiVersion.split('/').reverse()
  return `kubernetes-types/${group.replace(/\..*/, '')}/${version}.d.ts`
}

const programOf = (resource: Resource, at: number): string =>
  `import type { ${resource.kind} as Kind${at} } from '${moduleOf(resource)}'
export const resource${at}: Kind${at} = ${JSON.stringify(resource, null, 1)}
`

/** What the API of Kubernetes does not allow in each text: the compiler finds fields that it does not know. */
function faultsOf(...texts: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'sspay-kubernetes-'))
  try {
    symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'))
    const files = texts.map((yaml, at) => {
      const file = join(folder, `resources-${at}.ts`)
      writeFileSync(file, readResources(yaml).map(programOf).join('\n'))
      return file
    })
    const options = '--noEmit --strict --skipLibCheck --ignoreConfig --lib es5 --module nodenext'.split(' ')
    const compiler = join(repository, 'node_modules/typescript/bin/tsc')
    const words = [compiler, ...options, '--types', '', '--allowImportingTsExtensions', '--pretty', 'false', ...files]
    const { stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' })
    const lines = stdout.split('\n')
    return texts.map((_, at) => lines.filter((line) => line.includes(`resources-${at}.ts(`)).join('\n'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('every resource for Kubernetes is one of its API, and injected mistakes are found', () => {
  assert.deepEqual(
    readResources(text).map(({ kind }) => kind),
    ['Deployment', 'Service', 'NetworkPolicy', 'PodDisruptionBudget'],
  )
  const misspelt = text.replace('livenessProbe:', 'livenesProbe:')
  const wrongType = text.replace('replicas: 2', "replicas: 'two'")
  const [right, job, unknown, wrong] = faultsOf(text, migration, misspelt, wrongType)
  assert.deepEqual([right, job], ['', ''])
  assert.match(unknown ?? '', /livenesProbe/)
  assert.match(wrong ?? '', /number/)
})

test('the migrations of a version are a command of its image, and only they have the password of the owner', () => {
  const [job] = readResources(migration) as readonly (Resource & Job)[]
  const [container] = job?.spec?.template.spec?.containers ?? []
  const image = /image: (\S+)/.exec(text)?.[1]
  assert.deepEqual([container?.image, container?.args], [image, ['migrate']])
  assert.ok(commands.migrate)
  assert.match(migration, /secretKeyRef: \{ name: sspay-owner,/)
  assert.doesNotMatch(text, /sspay-owner/)
})

test('a pod has the least rights, a read-only root, the user of the image, and bounds', () => {
  const deployment = readResources(text).find(({ kind }) => kind === 'Deployment') as Deployment | undefined
  const pod = deployment?.spec?.template.spec
  const [container] = pod?.containers ?? []
  assert.ok(pod && container)
  const { runAsNonRoot, runAsUser, seccompProfile } = pod.securityContext ?? {}
  assert.deepEqual([runAsNonRoot, runAsUser, seccompProfile?.type], [true, user.id, 'RuntimeDefault'])
  assert.deepEqual([pod.automountServiceAccountToken, pod.enableServiceLinks], [false, false])
  const { allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities } = container.securityContext ?? {}
  assert.deepEqual([allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities?.drop], [false, true, ['ALL']])
  assert.ok(container.resources?.requests?.cpu && container.resources.limits?.memory)
  const mounted = container.volumeMounts?.map(({ name }) => name)
  assert.deepEqual(
    mounted,
    pod.volumes?.map(({ name }) => name),
  )
})
