import { mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { applicationLayer, runtimeLayer } from './image/layers.ts'
import { imageLayout } from './image/layout.ts'
import { programs } from './image/programs.ts'
import { readManifest, repository } from './packages/manifest.ts'
import { requireStaged } from './packages/stage.ts'

const help = `npm run image [-- sandbox | gateway]  writes dist/image/sspay-NAME.tar, an OCI image, without a registry and without Docker

Without a name it is the sandbox. Needs npm run build, and Debian or Ubuntu, whose glibc and licences the image takes.
`

const megabytesAtMost = 120

function build(name: string): void {
  if (!Object.hasOwn(programs, name))
    throw new Error(`${name}: there are images of ${Object.keys(programs).join(', ')}`)
  const program = programs[name as keyof typeof programs]
  requireStaged()
  const { version } = readManifest(program.name)
  const startedAt = performance.now()
  const image = imageLayout([runtimeLayer(), applicationLayer(program)], program, version)
  const file = resolve(repository, `dist/image/sspay-${name}.tar`)
  mkdirSync(resolve(file, '..'), { recursive: true })
  writeFileSync(file, image)
  const megabytes = image.length / 1e6
  console.log(`${file}: ${megabytes.toFixed(1)} MB, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  if (megabytes > megabytesAtMost) throw new Error(`the image is larger than ${megabytesAtMost} MB`)
}

const [name = 'sandbox'] = process.argv.slice(2)
if (name === '--help') process.stdout.write(help)
else build(name)
