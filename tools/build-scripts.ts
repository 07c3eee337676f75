import { createHash } from 'node:crypto'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { InventoriedScript, ScriptInventory } from '../packages/gateway/src/built-scripts.ts'
import { scriptReasons } from './script-reasons.ts'

interface Script {
  readonly source: string
  /** What the source imports. */
  readonly parts: readonly string[]
  readonly output: string
  readonly maxGzipBytes: number
}

const scripts: readonly Script[] = [
  {
    source: 'packages/browser/src/drop-in.ts',
    parts: ['packages/browser/src/layer.ts'],
    output: 'packages/browser/dist/smartropay.js',
    maxGzipBytes: 3072,
  },
  {
    source: 'packages/gateway/src/payment-window/window-script.ts',
    parts: ['form-script', 'window-leaving'].map((name) => `packages/gateway/src/payment-window/${name}.ts`),
    output: 'packages/gateway/dist/window.js',
    maxGzipBytes: 6144,
  },
]

const inventoryFile = 'packages/gateway/dist/scripts.json'

const root = fileURLToPath(new URL('../', import.meta.url))
const thisFile = fileURLToPath(import.meta.url)

const changedAt = async (file: string): Promise<number> => {
  try {
    return (await stat(file)).mtimeMs
  } catch {
    return 0
  }
}

const isFresh = async ({ source, parts, output }: Script): Promise<boolean> => {
  const files = [source, ...parts].map((file) => root + file)
  return (await changedAt(root + output)) > Math.max(...(await Promise.all([thisFile, ...files].map(changedAt))))
}

/** Bundles and compiles to ES5; throws where a newer syntax is left, and above the size limit. */
async function build({ source, output, maxGzipBytes }: Script): Promise<void> {
  const [esbuild, { transform }, { parse }] = await Promise.all([
    import('esbuild'),
    import('@swc/core'),
    import('acorn'),
  ])
  const bundling = { bundle: true, write: false, format: 'iife', target: 'es2022', charset: 'utf8' } as const
  const { outputFiles } = await esbuild.build({ ...bundling, entryPoints: [root + source] })
  const { code } = await transform(outputFiles[0]?.text ?? '', {
    configFile: false,
    swcrc: false,
    isModule: false,
    jsc: {
      parser: { syntax: 'ecmascript' },
      target: 'es5',
      loose: true,
      minify: { compress: { ecma: 5, passes: 3 }, mangle: true, format: { ecma: 5, asciiOnly: true } },
    },
    minify: true,
  })
  parse(code, { ecmaVersion: 5 })
  const gzipBytes = gzipSync(code, { level: 9 }).length
  if (gzipBytes > maxGzipBytes) throw new RangeError(`${output}: ${gzipBytes} bytes gzip, at most ${maxGzipBytes}`)
  await mkdir(dirname(root + output), { recursive: true })
  await writeFile(root + output, code)
  report(output, code)
}

function report(output: string, code: string): void {
  const bytes = Buffer.byteLength(code)
  console.log(`${relative('.', root + output)}: ${bytes} bytes, ${gzipSync(code, { level: 9 }).length} bytes gzip, ES5`)
}

async function describeScript({ output }: Script): Promise<InventoriedScript> {
  const code = await readFile(root + output)
  const reason = scriptReasons[output]
  if (reason === undefined) throw new Error(`${output}: tools/script-reasons.ts does not say why it is there`)
  return { ...reason, sha256: createHash('sha256').update(code).digest('hex'), bytes: code.length }
}

/** Always from the files as they are; written only when it says something new. */
async function writeInventory(): Promise<void> {
  const inventory: ScriptInventory = { version: 1, scripts: await Promise.all(scripts.map(describeScript)) }
  const text = `${JSON.stringify(inventory, null, 2)}\n`
  const known = await readFile(root + inventoryFile, 'utf8').catch(() => '')
  if (text !== known) await writeFile(root + inventoryFile, text)
}

for (const script of scripts) {
  if (!(await isFresh(script))) await build(script)
  else if (process.argv.includes('--verbose')) report(script.output, await readFile(root + script.output, 'utf8'))
}
await writeInventory()
