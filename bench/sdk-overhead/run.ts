import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Load, medianLoad } from '../stats.ts'

/**
 * What one call of each SDK costs its process, against one stub that answers at once, and beside a bare `fetch` of the
 * same bytes as ours. Ends with 1 when another SDK costs less than ours.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    calls: { type: 'string', default: '4000' },
    json: { type: 'boolean', default: false },
  },
})
const names = ['fetch', 'sspay approve()', 'stripe', '@portone/server-sdk']

if (!existsSync(new URL('./node_modules', import.meta.url))) {
  console.error('npm ci in bench/sdk-overhead')
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: import.meta.dirname,
    stdio: 'inherit',
  })
}

const start = (file: string, args: readonly string[] = []): ChildProcess =>
  fork(new URL(file, import.meta.url), args, { execArgv: ['--disable-warning=ExperimentalWarning'] })

const stub = start('./stub.ts')
const [port] = await once(stub, 'message')

const figures = new Map<string, Load[]>(names.map((name) => [name, []]))
for (let run = 1; run <= Number(values.runs); run++) {
  for (const name of names) {
    const client = start('./client.ts', [name, `http://127.0.0.1:${port}`, values.calls])
    const [answer] = await Promise.race([
      once(client, 'message'),
      once(client, 'exit').then(() => Promise.reject(new Error(`${name} ended without a figure`))),
    ])
    client.disconnect()
    figures.get(name)?.push(answer as Load)
  }
  console.error(`run ${run} of ${values.runs}`)
}
stub.disconnect()

const rows = [...figures].map(([name, runs]) => ({ name, ...medianLoad(runs) }))
const costOf = (wanted: string): number => rows.find(({ name }) => name === wanted)?.cpuMicros ?? Number.NaN
const [, ours = '', ...peers] = names
if (peers.some((peer) => costOf(peer) < costOf(ours))) process.exitCode = 1
const floor = rows[0]?.cpuMicros ?? Number.NaN
if (values.json) console.log(JSON.stringify(rows))
else
  for (const { name, cpuMicros, p50Ms } of rows)
    console.log(`| ${name} | ${cpuMicros.toFixed(0)} | ${(cpuMicros / floor).toFixed(2)} | ${p50Ms.toFixed(2)} |`)
