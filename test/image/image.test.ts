import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { user } from '../../tools/image/layers.ts'
import { imageLayout } from '../../tools/image/layout.ts'
import { type Program, programs } from '../../tools/image/programs.ts'
import { renderSbom } from '../../tools/image/sbom.ts'
import type { Entry } from '../../tools/image/tar.ts'
import type { ImageConfig } from './unpack.ts'

const layer: readonly Entry[] = [{ path: 'etc/hello', mode: 0o644, content: Buffer.from('hello\n') }]

/** The run configuration in an image of one small layer. */
function configOf(program: Program): ImageConfig {
  const folder = mkdtempSync(join(tmpdir(), 'sspay-layout-'))
  try {
    writeFileSync(join(folder, 'image.tar'), imageLayout([layer], program, '0.1.0'))
    execFileSync('tar', ['-xf', 'image.tar'], { cwd: folder })
    const read = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'))
    const blob = (digest: string) => read(`blobs/${digest.replace(':', '/')}`)
    const [{ digest }] = read('index.json').manifests
    return blob(blob(digest).config.digest).config
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

for (const program of Object.values(programs)) {
  test(`the image of the ${program.name} is rootless, asks for its health, and has the same bytes each time`, () => {
    const { User, Entrypoint, Healthcheck, StopSignal, Labels } = configOf(program)
    assert.equal(User, `${user.id}:${user.id}`)
    assert.deepEqual(Entrypoint, ['/usr/local/bin/node', `/app/node_modules/@sspay/${program.name}/dist/bin.js`])
    assert.ok(Healthcheck.Test.at(-1)?.includes(program.healthUrl))
    assert.equal(StopSignal, 'SIGTERM')
    assert.equal(Labels['org.opencontainers.image.title'], `sspay-${program.name}`)
    assert.deepEqual(imageLayout([layer], program, '0.1.0'), imageLayout([layer], program, '0.1.0'))
  })

  test(`the SBOM of the ${program.name} names each package once, with version, licence and digest`, () => {
    // The libraries of the system need Debian: test:image has them.
    const { metadata, components, dependencies } = renderSbom(program, [])
    assert.equal(metadata.component.name, `@sspay/${program.name}`)
    const refs = [metadata.component, ...components].map((component) => component['bom-ref'])
    assert.deepEqual(refs, [...new Set(refs)])
    for (const { name, version, purl, licenses, hashes, 'bom-ref': ref } of components) {
      assert.match(purl, /^pkg:(npm|generic)\/[\w.%/-]+@\d+\.\d+\.\d+/)
      assert.ok(purl.endsWith(`@${version}`), name)
      if (!ref.includes('node_modules/')) continue
      assert.match(licenses?.[0]?.expression ?? '', /^[\w.-]+$/, name)
      assert.match(hashes?.[0]?.content ?? '', /^[0-9a-f]{128}$/, name)
    }
    const named = dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn])
    assert.deepEqual(
      named.filter((ref) => !refs.includes(ref)),
      [],
    )
    const unreached = refs.filter((ref) => ref !== metadata.component['bom-ref'] && !named.includes(ref))
    assert.deepEqual(unreached, [])
  })
}

test('the image of the gateway has no simulated card network and no SDK of shops', () => {
  const names = renderSbom(programs.gateway, []).components.map(({ name }) => name)
  assert.deepEqual(
    names.filter((name) => name.startsWith('@sspay/')),
    ['@sspay/browser', '@sspay/protocol'],
  )
})
