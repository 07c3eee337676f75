import { spawnSync } from 'node:child_process'
import { repository } from './packages/manifest.ts'
import { installReleaseTools, releaseTool } from './packages/release-tools.ts'

installReleaseTools()
const command = [releaseTool('@changesets/cli/bin.js'), ...process.argv.slice(2)]
process.exitCode = spawnSync(process.execPath, command, { cwd: repository, stdio: 'inherit' }).status ?? 1
