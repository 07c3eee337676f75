import { execFile } from 'node:child_process'
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { after } from 'node:test'
import { promisify } from 'node:util'
import { repository } from '../source/files.ts'

const own = ['merchant', 'browser', 'protocol']

export const installExample = (name: string): Promise<string> => installCopy(resolve(repository, 'examples', name))

/**
 * A copy of the shop's folder, with its framework as its lock file says and our packages as `npm run build` has made
 * them. Returns the copy, which is removed after the tests of the file.
 */
export async function installCopy(original: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `sspay-${basename(original)}-`))
  after(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(original, folder, {
    recursive: true,
    filter: (path) => !/\/(node_modules|\.next|dist|[^/]*\.db)$/.test(path),
  })
  for (const file of ['package.json', 'package-lock.json'])
    writeFileSync(join(folder, file), withoutOwnPackages(readFileSync(join(folder, file), 'utf8')))
  await run(folder, 'npm', [
    'ci',
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ])
  for (const member of own) {
    const built = resolve(repository, 'dist', member)
    if (!existsSync(join(built, 'package.json'))) throw new Error(`${built} is not there: npm run build`)
    cpSync(built, join(folder, 'node_modules/@sspay', member), { recursive: true })
  }
  return folder
}

/** They are not on npm yet, so a lock cannot say where from. */
function withoutOwnPackages(json: string): string {
  const content = JSON.parse(json)
  for (const { dependencies } of [content, content.packages?.[''] ?? {}])
    for (const name of Object.keys(dependencies ?? {})) if (name.startsWith('@sspay/')) delete dependencies[name]
  for (const path of Object.keys(content.packages ?? {}))
    if (path.startsWith('node_modules/@sspay/')) delete content.packages[path]
  return JSON.stringify(content, null, 2)
}

/** Runs a program of the example to its end. Rejects with what it printed. */
export async function run(folder: string, file: string, args: readonly string[]): Promise<void> {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', CI: 'true' }
  try {
    await promisify(execFile)(file, [...args], { cwd: folder, env, timeout: 300_000, maxBuffer: 2 ** 24 })
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string }
    throw new Error(`${file} ${args.join(' ')} failed: ${stdout}${stderr}`, { cause: error })
  }
}
