import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageOf, referredIn } from '../../tools/image/shared-libraries.ts'

/** What a licence is missing for: Node.js, and shared libraries, the addons of npm packages left out. */
export function withoutLicence(root: string): readonly string[] {
  const libraries = globSync('**/*.so*', { cwd: root, exclude: ['app'] }).map(
    (path) => [path, packageOf(path)] as const,
  )
  if (!libraries.some(([, owner]) => owner === 'libc6')) throw new Error('there is no glibc among the libraries')
  return [['usr/local/bin/node', 'node'] as const, ...libraries].flatMap(([path, owner]) => {
    const copyright = join(root, 'usr/share/doc', owner, 'copyright')
    if (!existsSync(copyright)) return [`${path}: no ${copyright}`]
    const text = readFileSync(copyright, 'utf8')
    if (!/licen[cs]e/i.test(text)) return [`${path}: ${copyright} names no licence`]
    return referredIn(text)
      .filter((licence) => !existsSync(join(root, licence)))
      .map((licence) => `${path}: ${copyright} refers to ${licence}, which is missing`)
  })
}
