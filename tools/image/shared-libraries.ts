import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Entry } from './tar.ts'

const documentation = '/usr/share/doc'

const outputOf = (command: string, words: readonly string[]): string =>
  execFileSync(command, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

/** The shared libraries of the programs, and the loader, at the paths where this machine has them. */
export function sharedLibraries(programs: readonly string[]): readonly Entry[] {
  const printed = programs.map((program) => outputOf('ldd', [program])).join('\n')
  const paths = new Set(Array.from(printed.matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gm), ([, path = '']) => path))
  return [...paths].map((path) => ({ path: path.slice(1), mode: 0o755, content: readFileSync(path) }))
}

/**
 * The Debian package of a library. Folder and file name only are compared: `/lib` may be a link to `/usr/lib`, and the
 * package database names one of both.
 */
export function packageOf(library: string): string {
  const ending = library.split('/').slice(-2).join('/')
  try {
    const [owner = ''] = outputOf('dpkg-query', ['--search', `*/${ending}`]).split(':')
    return owner
  } catch (cause) {
    throw new Error(`${library}: no package owns it, so its licence is unknown; build the image on Debian or Ubuntu`, {
      cause,
    })
  }
}

const copyrightOf = (name: string): string => `${documentation}/${name}/copyright`

/** Texts that a copyright file only refers to, such as that of the GPL. */
export const referredIn = (text: string): readonly string[] =>
  Array.from(text.matchAll(/\/usr\/share\/common-licenses\/[\w.-]*\w/g), ([path]) => path)

const statusOf = (name: string): string => outputOf('dpkg-query', ['--status', name])

/** Versions of the Debian packages of these libraries, by their names. */
export const versionsOf = (libraries: readonly Entry[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    namesOf(libraries).map((name) => [name, /^Version: (.+)$/m.exec(statusOf(name))?.[1] ?? 'unknown']),
  )

const namesOf = (libraries: readonly Entry[]): readonly string[] =>
  [...new Set(libraries.map(({ path }) => packageOf(path)))].sort()

/**
 * For the Debian packages of these libraries: their copyright files with the licences that these refer to, and their
 * versions where scanners of images without a package manager look for them.
 */
export function packageRecords(libraries: readonly Entry[]): readonly Entry[] {
  const names = namesOf(libraries)
  const copyrights = names.map(copyrightOf)
  const referred = copyrights.flatMap((path) => referredIn(readFileSync(path, 'utf8')))
  const copied = [...new Set([...copyrights, ...referred]), '/etc/os-release']
  return [
    ...copied.map((path) => ({ path: path.slice(1), mode: 0o644, content: readFileSync(path) })),
    ...names.map((name) => ({
      path: `var/lib/dpkg/status.d/${name}`,
      mode: 0o644,
      content: Buffer.from(statusOf(name)),
    })),
  ]
}
