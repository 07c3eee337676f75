import { execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { relative } from 'node:path'
import { packageNames, repository } from './packages/manifest.ts'
import { stagedFolder, stagePackages } from './packages/stage.ts'

const { GITHUB_SERVER_URL, GITHUB_REPOSITORY } = process.env
const hostedAt = GITHUB_SERVER_URL && GITHUB_REPOSITORY ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}` : undefined

// Prints the sizes; fails above their limits.
execFileSync(process.execPath, ['tools/build-scripts.ts', '--verbose'], { cwd: repository, stdio: 'inherit' })
stagePackages(hostedAt)
for (const name of packageNames) {
  const folder = stagedFolder(name)
  const modules = globSync('dist/**/*.js', { cwd: folder }).length
  console.log(`${relative(repository, folder)}: ${modules} scripts and modules, with declarations`)
}
