import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'

const workspaceScope = '@sspay'
/** From `npm run build:scripts`; git ignores them. */
const builtScripts = ['packages/browser/dist', 'packages/gateway/dist']

/**
 * Copies the files that git does not ignore, and links the installed packages. The packages of the repository are
 * linked to the copy, so that their imports of each other find the edited sources.
 */
export function copyRepository(root: string, copy: string): void {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
  })
  for (const path of listed.split('\0'))
    if (path !== '' && existsSync(join(root, path))) cpSync(join(root, path), join(copy, path))

  const link = (from: string, to: string): void => {
    mkdirSync(dirname(join(copy, to)), { recursive: true })
    symlinkSync(from, join(copy, to))
  }
  const installed = join(root, 'node_modules')
  for (const name of readdirSync(installed))
    if (name !== workspaceScope) link(join(installed, name), join('node_modules', name))
  for (const name of readdirSync(join(installed, workspaceScope)))
    link(join(copy, 'packages', name), join('node_modules', workspaceScope, name))
  for (const path of builtScripts) if (existsSync(join(root, path))) link(join(root, path), path)
}
