import { buildSync } from 'esbuild'

export interface ProgramModules {
  /** The folder of the built modules. */
  readonly folder: string
  /**
   * Paths of entryPoints and commands below it, such as `index.js`. What two of them need becomes a module of its own.
   */
  readonly entries: readonly string[]
  /** The oldest Node that starts them, such as `>=24`. */
  readonly node: string
  readonly target: string
}

/**
 * Joins the modules of a program into few: a service loads nearly all of its own at every start, and finding, reading
 * and linking them one by one is a third of that. Third-party packages stay outside, and names and lines stay
 * readable in a stack trace.
 */
export function joinModules({ folder, entries, node, target }: ProgramModules): void {
  buildSync({
    absWorkingDir: folder,
    entryPoints: [...entries],
    outdir: target,
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    // A language alone would not say that JSON is imported with its attribute.
    target: node.replace('>=', 'node'),
    charset: 'utf8',
    logLevel: 'warning',
  })
}
