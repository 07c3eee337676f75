import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

interface Script {
  readonly source: string
  readonly output: string
  readonly maxGzipBytes: number
}

const scripts: readonly Script[] = [
  { source: 'packages/browser/src/drop-in.ts', output: 'packages/browser/dist/smartropay.js', maxGzipBytes: 3072 },
  {
    source: 'packages/gateway/src/payment-window/window-script.ts',
    output: 'packages/gateway/dist/window.js',
    maxGzipBytes: 3072,
  },
]

const root = fileURLToPath(new URL('../', import.meta.url))
const thisFile = fileURLToPath(import.meta.url)

const changedAt = async (file: string): Promise<number> => {
  try {
    return (await stat(file)).mtimeMs
  } catch {
    return 0
  }
}

const isFresh = async ({ source, output }: Script): Promise<boolean> => {
  const [sourceAt, toolAt, outputAt] = await Promise.all([root + source, thisFile, root + output].map(changedAt))
  return (outputAt ?? 0) > Math.max(sourceAt ?? 0, toolAt ?? 0)
}

/** Compiles to ES5; throws where a newer syntax is left, and above the size limit. */
async function build({ source, output, maxGzipBytes }: Script): Promise<void> {
  const [{ transform }, { parse }] = await Promise.all([import('@swc/core'), import('acorn')])
  const { code } = await transform(await readFile(root + source, 'utf8'), {
    filename: source,
    configFile: false,
    swcrc: false,
    isModule: false,
    jsc: {
      parser: { syntax: 'typescript' },
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

for (const script of scripts) {
  if (!(await isFresh(script))) await build(script)
  else if (process.argv.includes('--verbose')) report(script.output, await readFile(root + script.output, 'utf8'))
}
