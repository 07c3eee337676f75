import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Door, doorsOf, environmentOf, type PackageName, readManifest, repository } from './manifest.ts'
import { requireReleaseTool } from './release-tools.ts'
import { stagedFolder } from './stage.ts'

/** As much of @microsoft/api-extractor as is used. */
interface ApiExtractor {
  readonly Extractor: { invoke(config: unknown, options: { messageCallback(message: Message): void }): unknown }
  readonly ExtractorConfig: {
    prepare(options: { configObject: unknown; configObjectFullPath: undefined; packageJsonFullPath: string }): unknown
  }
}
interface Message {
  readonly messageId: string
  readonly text: string
  logLevel: string
}

export interface ApiReport {
  /** Markdown, one section for each door. */
  readonly text: string
  /** What a door exports without saying what it is. */
  readonly undocumented: readonly string[]
}

const scratch = resolve(repository, 'dist/api')

/** Without the names of a page, a server's `Notification` keeps its own name in the report. */
const compilerOptionsOf = (name: PackageName): unknown => {
  const { lib, types } = environmentOf(name)
  return {
    target: 'es2024',
    lib: ['es2024', ...lib],
    types,
    module: 'nodenext',
    moduleResolution: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
  }
}

const silent = { default: { logLevel: 'none' } }

const configurationOf = (name: PackageName, entry: string, reportFileName: string): unknown => ({
  projectFolder: stagedFolder(name),
  mainEntryPointFilePath: entry,
  compiler: { overrideTsconfig: { compilerOptions: compilerOptionsOf(name), files: [entry] } },
  apiReport: { enabled: true, reportFileName, reportFolder: scratch, reportTempFolder: join(scratch, 'new') },
  docModel: { enabled: false },
  dtsRollup: { enabled: false },
  tsdocMetadata: { enabled: false },
  newlineKind: 'lf',
  messages: {
    compilerMessageReporting: { default: { logLevel: 'error' } },
    extractorMessageReporting: silent,
    tsdocMessageReporting: silent,
  },
})

/** The declarations that a door shows, as TypeScript. Throws what does not compile. */
function readDoor(name: PackageName, { specifier, module }: Door): string {
  const { Extractor, ExtractorConfig } = requireReleaseTool('@microsoft/api-extractor') as ApiExtractor
  const folder = stagedFolder(name)
  const reportFileName = `${specifier.slice(1).replaceAll('/', '-')}.api.md`
  const config = ExtractorConfig.prepare({
    configObject: configurationOf(name, join(folder, 'dist', `${module}.d.ts`), reportFileName),
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
  })
  mkdirSync(scratch, { recursive: true })
  const faults: string[] = []
  Extractor.invoke(config, {
    messageCallback(message) {
      if (message.logLevel === 'error') faults.push(`${specifier}: ${message.messageId} ${message.text}`)
      message.logLevel = 'none'
    },
  })
  if (faults.length > 0) throw new Error(faults.join('\n'))
  const report = readFileSync(join(scratch, 'new', reportFileName), 'utf8')
  return (/```ts\n([\s\S]*?)```/.exec(report)?.[1] ?? '')
    .replace(/\/\/ \(No @packageDocumentation.*\n/, '')
    .replace(/^ +\/\/ \(undocumented\)\n/gm, '')
    .trim()
}

const undocumentedIn = (specifier: string, declarations: string): readonly string[] =>
  [...declarations.matchAll(/^\/\/ .*\(undocumented\)\n(.+)/gm)].map(
    ([, line = '']) => `${specifier}: ${line.replace(/^export /, '').slice(0, 60)}`,
  )

/** What stands in words elsewhere: the declarations have lost theirs. */
const readableTwins: Partial<Record<PackageName, string>> = {
  merchant:
    'What `createCheckout` takes, one option a row: [English](../../docs/reference/en/checkout-options.md), [한국어](../../docs/reference/ko/checkout-options.md).\n\n',
}

/**
 * The API report of a built package: the declarations of every entry point but `internal`. It is committed, so that a
 * change of the public API shows up in review.
 */
export function readApi(name: PackageName): ApiReport {
  const manifest = readManifest(name)
  const doors = doorsOf(manifest)
    .filter(({ specifier }) => !specifier.endsWith('/internal'))
    .map((door) => ({ ...door, declarations: readDoor(name, door) }))
  const sections = doors.map(({ specifier, declarations }) => `## ${specifier}\n\n\`\`\`ts\n${declarations}\n\`\`\`\n`)
  return {
    text: `# The API of ${manifest.name}\n\nWritten by \`npm run check:packages -- --write\` from the built package.\n\n${readableTwins[name] ?? ''}${sections.join('\n')}`,
    undocumented: doors.flatMap(({ specifier, declarations }) => undocumentedIn(specifier, declarations)),
  }
}
