import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { parse, parseAllDocuments } from 'yaml'
import { directivesOf } from '../../../../test/docs/systemd-unit.ts'
import { until } from '../../../../test/support/until.ts'
import { environmentFor, listeningUrl, type Run, run } from '../main-process.ts'

const read = (name: string): Promise<string> =>
  readFile(new URL(`../../../../docs/operating/${name}`, import.meta.url), 'utf8')

/** The longest that requests under way are waited for once the ports are closed. */
const graceSeconds = 15

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string }
}

interface Container {
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
  readonly env: readonly { readonly name: string; readonly value?: string }[]
  readonly startupProbe: Probe
  readonly livenessProbe: Probe
  readonly readinessProbe: Probe
}

async function deploymentOf() {
  const documents = parseAllDocuments(await read('kubernetes.yml')).map((document) => {
    assert.deepEqual(document.errors, [])
    return document.toJS()
  })
  const { spec } = documents.find(({ kind }) => kind === 'Deployment').spec.template
  return { spec, container: spec.containers[0] as Container, documents }
}

const exitCodeOf = (command: readonly string[]): Promise<number | null> =>
  new Promise((resolve) => spawn(command[0] ?? '', command.slice(1)).on('close', resolve))

describe('the files for Kubernetes, Compose and systemd', () => {
  let folder: string
  let started: Run
  let url: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sspay-files-'))
    started = run({ ...environmentFor(folder), SSPAY_DRAIN_SECONDS: '600' })
    url = await listeningUrl(started)
  })
  after(async () => {
    started.child.kill('SIGKILL')
    await started.ended
    await rm(folder, { recursive: true, force: true })
  })

  test('name variables that exist, and leave as long to stop as the gateway may take', async () => {
    const help = run({}, '--help')
    await help.ended
    const known = new Set([...help.output().matchAll(/^ {2}(SSPAY_\w+) /gm)].map(([, name = '']) => name))
    const { spec, container } = await deploymentOf()
    const { gateway } = parse(await read('compose.yml')).services
    const unitEnvironment = Object.fromEntries(directivesOf('Environment').map((text) => text.split('=', 2)))
    const all = [
      Object.fromEntries(container.env.map(({ name, value }) => [name, value])),
      gateway.environment,
      unitEnvironment,
    ]
    for (const environment of all)
      assert.deepEqual(
        Object.keys(environment).filter((name) => !known.has(name)),
        [],
      )
    const stops = [
      spec.terminationGracePeriodSeconds,
      Number.parseInt(gateway.stop_grace_period, 10),
      Number(directivesOf('TimeoutStopSec')[0]),
    ]
    for (const [index, seconds] of stops.entries())
      assert.ok(seconds > Number(all[index]?.SSPAY_DRAIN_SECONDS) + graceSeconds)
    assert.deepEqual(directivesOf('RestartPreventExitStatus'), ['2'])
    // Of a failed ExecStartPre systemd does not look at RestartPreventExitStatus: it would start again for ever.
    assert.match(directivesOf('ExecStartPre')[0] ?? '', /^-\/.*sspay-gateway check$/)
    assert.deepEqual(directivesOf('ExecReload'), ['/bin/kill -HUP $MAINPID'])
  })

  test('ask addresses that answer, and hear when the gateway drains', async () => {
    const { container, documents } = await deploymentOf()
    const { gateway } = parse(await read('compose.yml')).services
    const [, ...command]: string[] = gateway.healthcheck.test
    const here = command.map((text) => text.replace('http://127.0.0.1:4610', url))
    const statusOf = async ({ httpGet }: Probe): Promise<number> => {
      assert.equal(container.ports.find(({ name }) => name === httpGet.port)?.containerPort, 4610)
      return (await fetch(url + httpGet.path)).status
    }
    const { startupProbe, livenessProbe, readinessProbe } = container
    const statuses = async (): Promise<readonly number[]> =>
      Promise.all([startupProbe, livenessProbe, readinessProbe].map(statusOf))
    assert.deepEqual(await statuses(), [200, 200, 200])
    assert.equal(await exitCodeOf(here), 0)
    started.child.kill('SIGTERM')
    await until(() => /"event":"stopping"/.exec(started.output()))
    assert.deepEqual(await statuses(), [200, 200, 503])
    assert.equal(await exitCodeOf(here), 1)
    const service = documents.find(({ kind }) => kind === 'Service')
    assert.deepEqual(
      service.spec.ports.map(({ targetPort }: { targetPort: string }) => targetPort),
      ['public'],
      'the console has no login',
    )
  })
})
