import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Program, programs } from '../../tools/image/programs.ts'
import { sbomPathOf } from '../../tools/image/sbom.ts'
import { type Container, withContainer } from './container.ts'
import { tryGateway } from './gateway.ts'
import { withoutLicence } from './licences.ts'
import { tryStartAndPay } from './sandbox.ts'

/**
 * Runs the images of `npm run image` without a container engine: their root read-only in a mount namespace of its own,
 * their user, their entrypoint. Every shared library must have its licence, and every image its SBOM.
 */
const tries: Readonly<Record<Program['name'], (container: Container) => Promise<void>>> = {
  sandbox: tryStartAndPay,
  gateway: tryGateway,
}

if (process.getuid?.() !== 0) throw new Error('npm run test:image makes a mount namespace: run it as root')
for (const program of Object.values(programs))
  await withContainer(program, async (container) => {
    const unlicensed = withoutLicence(container.root)
    if (unlicensed.length > 0) throw new Error(unlicensed.join('\n'))
    if (!existsSync(join(container.root, sbomPathOf(program)))) throw new Error('the image has no SBOM')
    await tries[program.name](container)
  })
