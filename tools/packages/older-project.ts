import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { repository } from './manifest.ts'
import type { Tarball } from './pack.ts'
import { releaseTool } from './release-tools.ts'

const source = `import { payOrder } from '@sspay/browser'
import { type Checkout, createCheckout } from '@sspay/merchant'
import { expressCheckout } from '@sspay/merchant/express'

export const mount = (checkout: Checkout) => expressCheckout(checkout)
for (const given of [payOrder, createCheckout, expressCheckout])
  if (typeof given !== 'function') throw new Error('an import is missing')
`

/** Settings of the projects that the command lines of frameworks made before `exports` were read. */
const compilerOptions = {
  target: 'es2022',
  module: 'commonjs',
  moduleResolution: 'node10',
  lib: ['es2023', 'dom', 'dom.iterable'],
  types: ['node'],
  strict: true,
  skipLibCheck: false,
}

/**
 * A CommonJS project with TypeScript 5 and `moduleResolution: node10` that imports the packed packages: it must compile
 * and run.
 */
export function checkOlderProject(tarballs: readonly Tarball[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'sspay-older-project-'))
  try {
    for (const { name, file } of tarballs) {
      const target = join(folder, 'node_modules/@sspay', name)
      mkdirSync(target, { recursive: true })
      execFileSync('tar', ['-xzf', file, '--strip-components=1', '-C', target])
    }
    symlinkSync(resolve(repository, 'node_modules/@types'), join(folder, 'node_modules/@types'), 'junction')
    writeFileSync(join(folder, 'shop.ts'), source)
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['shop.ts'] }))
    for (const given of [[releaseTool('typescript-5/bin/tsc'), '-p', '.'], ['shop.js']])
      execFileSync(process.execPath, given, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
    return []
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { readonly stdout?: string; readonly stderr?: string }
    return [`moduleResolution node10: ${stdout}${stderr || (stdout === '' ? cause : '')}`]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
