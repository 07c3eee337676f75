import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Files that change what their whole process shares: each runs in a process of its own. */
const alone: Readonly<Record<string, string>> = {
  'packages/sandbox/test/command-line/examples.test.ts': 'changes the working directory',
  'packages/gateway/test/telemetry/spans.test.ts': 'registers the tracer of the process',
}

const filesPerGroup = 40

/** Test files that share one process. What lies in one folder loads the same modules, so it stays together. */
export function groupTests(files: readonly string[]): readonly (readonly string[])[] {
  const byRoot = Map.groupBy(
    files.filter((file) => !(file in alone)),
    (file) => file.split('/').slice(0, -1).slice(0, 2).join('/'),
  )
  const groups = [...byRoot.values()].flatMap((some) =>
    Array.from({ length: Math.ceil(some.length / filesPerGroup) }, (_, index) =>
      some.slice(index * filesPerGroup, (index + 1) * filesPerGroup),
    ),
  )
  const byThemselves = files.filter((file) => file in alone).map((file) => [file])
  // The repository's own tests wait for other processes most, so they start first.
  return [...byThemselves, ...groups].toReversed()
}

/**
 * Writes one entry file per group and returns their paths. Each test file is a suite of its own, so its hooks stay its
 * own. Files load one after the other: a module that two files share and that awaits at its top level would else run
 * the second file in the suite of the first.
 */
export function writeGroups(groups: readonly (readonly string[])[], root: string, folder: string): readonly string[] {
  return groups.map((files, index) => {
    const suites = files.map((file) => {
      const url = pathToFileURL(join(root, file)).href
      return `describe(${JSON.stringify(file)}, () => load(${JSON.stringify(url)}))\n`
    })
    const entry = join(folder, `group-${String(index).padStart(2, '0')}.test.mjs`)
    writeFileSync(entry, `${head}${suites.join('')}`)
    return entry
  })
}

/** node:test finds the suite of a test by its asynchronous context, which a chain of promises would lose. */
const head = `import { AsyncResource } from 'node:async_hooks'
import { describe } from 'node:test'
let loaded = Promise.resolve()
const load = (url) => {
  const importHere = AsyncResource.bind(() => import(url))
  return (loaded = loaded.then(importHere, importHere))
}
`
