import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { repository } from '../source/files.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../support/embedded-postgres.ts'
import { freePort } from '../support/free-port.ts'
import { until } from '../support/until.ts'

export interface Machine {
  /** Runs a block, each command as root of the machine would, and resolves with its output. */
  run(block: string): Promise<string>
  /** Puts lines `NAME=value` into the environment file, as the guide asks. */
  set(lines: string): void
}

/** An empty machine below a folder, with a PostgreSQL. */
export async function createMachine(t: TestContext): Promise<Machine> {
  const folder = mkdtempSync(join(tmpdir(), 'sspay-machine-'))
  const server = await startEmbeddedPostgres()
  const running = new Set<ChildProcess>()
  t.after(async () => {
    for (const { pid } of running) endProcesses(pid)
    await server.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  })
  const here = await placeIn(folder, server)
  writeMachine(folder, here)
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  const paths = [join(folder, 'bin'), join(folder, 'usr/local/bin'), dirname(process.execPath), PATH]
  const env = { PATH: paths.join(':'), NODE_COMPILE_CACHE, ADMINISTRATOR_URL: server.urlOf('postgres') }
  const environmentFile = join(folder, 'etc/sspay/gateway.env')

  return {
    async run(block) {
      const startedAt = performance.now()
      const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', here(block)], { cwd: folder, env, detached: true })
      running.add(child)
      let output = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
      const isSandbox = block.includes('sspay sandbox')
      await until(() => child.exitCode !== null || (isSandbox && output.includes('Ctrl+C')), {
        what: () => `${block}\n${output}`,
        deadline: 60_000,
      })
      if (!isSandbox) assert.equal(child.exitCode, 0, `${block}\n${output}`)
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
      t.diagnostic(`${seconds} s  ${block.replaceAll('\n', '\n         ')}`)
      return output
    },
    set(lines) {
      const names = lines.split('\n').map((line) => line.split('=')[0])
      const kept = readFileSync(environmentFile, 'utf8').split('\n')
      const others = kept.filter((line) => !names.some((name) => line.startsWith(`${name}=`)))
      writeFileSync(environmentFile, `${others.join('\n')}\n${here(lines)}\n`)
    },
  }
}

/** Those that a block has left running: the sandbox, the gateway. */
function endProcesses(group: number | undefined): void {
  try {
    if (group !== undefined) process.kill(-group, 'SIGKILL')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause
  }
}

/** Puts folders, ports and password of this machine in place of the guide's. */
async function placeIn(folder: string, server: EmbeddedPostgres): Promise<(text: string) => string> {
  const ports = ['4610', '4620', '5600', '5610', '5611', '5620']
  const free = await Promise.all(ports.map(async (port) => [port, String(await freePort())] as const))
  const all = [...free, ['5432', new URL(server.urlOf('postgres')).port] as const]
  return (text) =>
    all
      .reduce((changed, [from, to]) => changed.replaceAll(new RegExp(`\\b${from}\\b`, 'g'), to), text)
      .replaceAll(/\/(opt|etc|var\/lib)\/sspay|\/usr\/local\/bin|\/etc\/systemd/g, (path) => folder + path)
      .replaceAll(/REPLACE|PASSWORD/g, 'only-for-this-test')
}

function writeMachine(folder: string, here: (text: string) => string): void {
  for (const path of ['bin', 'usr/local/bin', 'etc/systemd/system', 'var/lib/sspay', 'operating'])
    mkdirSync(join(folder, path), { recursive: true, mode: 0o700 })
  const ports = '\nSSPAY_GATEWAY_PORT=4610\nSSPAY_CONSOLE_PORT=4620\n'
  for (const name of ['gateway.env', 'sspay-gateway.sh', 'sspay-gateway.service', 'postgres-roles.sql']) {
    const text = readFileSync(join(repository, 'docs/operating', name), 'utf8')
    writeFileSync(join(folder, 'operating', name), here(name === 'gateway.env' ? text + ports : text))
  }
  for (const [name, script] of Object.entries(programs(folder))) {
    const file = join(folder, 'bin', name)
    writeFileSync(file, `#!/bin/bash\n${script}\n`)
    chmodSync(file, 0o755)
  }
}

/** Programs of a machine that root may change; the gateway, its script and its commands are the real ones. */
const programs = (folder: string): Readonly<Record<string, string>> => {
  const link = (name: string, source: string) =>
    `ln -sf '${join(repository, source)}' "$2/node_modules/.bin/${name}"; chmod +x "$2/node_modules/.bin/${name}"`
  const ofPostgres = (name: string) => `exec node '${join(import.meta.dirname, 'postgres-programs.ts')}' ${name} "$@"`
  return {
    useradd: ':',
    // Without the owner, which only root may set.
    install: 'exec /usr/bin/install $(sed "s/-[og] sspay//g" <<< "$*")',
    runuser: 'shift 3; exec "$@"',
    npm: `shift; mkdir -p "$2/node_modules/.bin" "$2/node_modules/@sspay/gateway"
cp -r '${folder}/operating' "$2/node_modules/@sspay/gateway/"
${link('sspay-gateway', 'packages/gateway/src/bin.ts')}
${link('sspay', 'packages/sandbox/src/cli.ts')}`,
    systemctl: `case $1 in
enable) sspay-gateway > '${folder}/gateway.log' 2>&1 < /dev/null & echo $! > '${folder}/gateway.pid' ;;
stop) kill "$(cat '${folder}/gateway.pid')"; while kill -0 "$(cat '${folder}/gateway.pid')" 2>/dev/null; do sleep 0.05; done ;;
esac`,
    ...Object.fromEntries(['createdb', 'dropdb', 'dropuser', 'psql'].map((name) => [name, ofPostgres(name)])),
  }
}
