import { mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { applicationLayer, runtimeLayer } from './image/layers.ts'
import { imageLayout } from './image/layout.ts'
import { readManifest, repository } from './packages/manifest.ts'
import { requireStaged } from './packages/stage.ts'

const help = `npm run image  writes dist/image/sspay-sandbox.tar, an OCI image of the sandbox, without a registry and without Docker

Needs npm run build, and Debian or Ubuntu, whose glibc and licences the image takes.
`

const megabytesAtMost = 120

function build(): void {
  requireStaged()
  const { version } = readManifest('sandbox')
  const startedAt = performance.now()
  const image = imageLayout([runtimeLayer(), applicationLayer()], 'sspay-sandbox', version)
  const file = resolve(repository, 'dist/image/sspay-sandbox.tar')
  mkdirSync(resolve(file, '..'), { recursive: true })
  writeFileSync(file, image)
  const megabytes = image.length / 1e6
  console.log(`${file}: ${megabytes.toFixed(1)} MB, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  if (megabytes > megabytesAtMost) throw new Error(`the image is larger than ${megabytesAtMost} MB`)
}

if (process.argv.includes('--help')) process.stdout.write(help)
else build()
