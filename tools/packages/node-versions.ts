import { execFileSync } from 'node:child_process'
import { delimiter, dirname } from 'node:path'
import { releaseTool } from './release-tools.ts'

/** The oldest Node that a shop may run, the one between, and the repository’s own, which the services need. */
export const nodes = (): readonly string[] => [
  releaseTool('node-20/bin/node'),
  releaseTool('node-22/bin/node'),
  process.execPath,
]

/** `#!/usr/bin/env node` finds this Node. */
export const environmentWith = (node: string): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: [dirname(node), process.env.PATH ?? ''].join(delimiter),
})

/** What a program prints; throws, with what it wrote to stderr, when it fails. */
export const runWith = (node: string, folder: string, [program = '', ...given]: readonly string[]): string =>
  execFileSync(program, given, { cwd: folder, env: environmentWith(node), encoding: 'utf8' }).trim()
