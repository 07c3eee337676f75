import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const retryBudgetMs = 60_000

export interface PublishedFile {
  readonly version: string
  readonly content: string
}

/**
 * One file of the newest version that npm has of a package. Rejects offline, and when the package no longer has the
 * file.
 */
export async function fetchPublished(name: string, file: string): Promise<PublishedFile> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-bench-'))
  try {
    const { stdout } = await run('npm', ['pack', name, '--silent', '--pack-destination', folder], {
      timeout: retryBudgetMs,
    })
    const archive = stdout.trim().split('\n').at(-1) ?? ''
    const unpacked = join(folder, 'unpacked')
    await mkdir(unpacked)
    await run('tar', ['-xzf', join(folder, archive), '-C', unpacked])
    const [description, content] = await Promise.all(
      ['package.json', file].map((path) => readFile(join(unpacked, 'package', path), 'utf8')),
    )
    const { version } = JSON.parse(description ?? '{}') as { readonly version: string }
    return { version, content: content ?? '' }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
