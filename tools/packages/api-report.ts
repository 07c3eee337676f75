import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  type EntryPoint,
  entryPointsOf,
  environmentOf,
  type PackageName,
  readManifest,
  repository,
} from './manifest.ts'
import { requireReleaseTool } from './release-tools.ts'
import { stagedFolder } from './stage.ts'

/** The used part of @microsoft/api-extractor. */
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
  /** Markdown, one section per entry point. */
  readonly text: string
  /** Exports without a docstring. */
  readonly undocumented: readonly string[]
}

interface Declarations {
  readonly text: string
  readonly undocumented: readonly string[]
}

const scratch = resolve(repository, 'dist/api')

/** Without the globals of a browser, `Notification` of a server package keeps its name in the report. */
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

/** A type in a public signature must be exported, so that a shop can name it. Shops do not import the gateway. */
const extractorMessagesOf = (name: PackageName): unknown =>
  name === 'gateway' ? silent : { ...silent, 'ae-forgotten-export': { logLevel: 'error' } }

const configurationOf = (name: PackageName, entry: string, reportFileName: string): unknown => ({
  projectFolder: stagedFolder(name),
  mainEntryPointFilePath: entry,
  compiler: { overrideTsconfig: { compilerOptions: compilerOptionsOf(name), files: [entry] } },
  apiReport: { enabled: true, reportFileName, reportFolder: scratch, reportTempFolder: join(scratch, 'new') },
  docModel: { enabled: false },
  dtsRollup: { enabled: true, untrimmedFilePath: join(scratch, reportFileName.replace(/\.md$/, '.d.ts')) },
  tsdocMetadata: { enabled: false },
  newlineKind: 'lf',
  messages: {
    compilerMessageReporting: { default: { logLevel: 'error' } },
    extractorMessageReporting: extractorMessagesOf(name),
    tsdocMessageReporting: silent,
  },
})

/**
 * The declarations of an entry point. Throws if it does not compile, or a signature uses a type that is not exported.
 */
function readEntryPoint(name: PackageName, { specifier, module }: EntryPoint, mainDoor: string): Declarations {
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
      const [, symbol] = /The symbol "(\w+)"/.exec(message.text) ?? []
      const isExported = symbol !== undefined && new RegExp(`^ *export .*\\b${symbol}\\b`, 'm').test(mainDoor)
      if (message.logLevel === 'error' && !isExported) faults.push(`${specifier}: ${message.messageId} ${message.text}`)
      message.logLevel = 'none'
    },
  })
  if (faults.length > 0) throw new Error(faults.join('\n'))
  const report = readFileSync(join(scratch, 'new', reportFileName), 'utf8')
  const documented = readFileSync(join(scratch, reportFileName.replace(/\.md$/, '.d.ts')), 'utf8')
  return {
    undocumented: undocumentedIn(specifier, report),
    text: documented
      .replace(/\nexport \{ \}\n*$/, '')
      .replace(/^ (?=\/\*\*|export)/gm, '')
      .trim(),
  }
}

const undocumentedIn = (specifier: string, declarations: string): readonly string[] =>
  [...declarations.matchAll(/^\/\/ .*\(undocumented\)\n(.+)/gm)].map(
    ([, line = '']) => `${specifier}: ${line.replace(/^export /, '').slice(0, 60)}`,
  )

/** Links above the declarations. */
const introductions: Partial<Record<PackageName, string>> = {
  merchant:
    'The options of `createCheckout`, one per row: [English](../../docs/reference/en/checkout-options.md), [한국어](../../docs/reference/ko/checkout-options.md).\n\n',
}

/**
 * The public declarations of a built package with their docstrings, without `internal` and `tools`. Committed, so
 * that a change of the public API is reviewed.
 */
export function readApi(name: PackageName): ApiReport {
  const manifest = readManifest(name)
  const [first, ...others] = entryPointsOf(manifest).filter(({ specifier }) => !/\/(internal|tools)$/.test(specifier))
  if (first === undefined) throw new Error(`${manifest.name} exports no module`)
  const main = { ...first, ...readEntryPoint(name, first, '') }
  const entryPoints = [
    main,
    ...others.map((entryPoint) => ({ ...entryPoint, ...readEntryPoint(name, entryPoint, main.text) })),
  ]
  const sections = entryPoints.map(({ specifier, text }) => `## ${specifier}\n\n\`\`\`\`ts\n${text}\n\`\`\`\`\n`)
  return {
    text: `# The API of ${manifest.name}\n\nWritten by \`npm run check:packages -- --write\` from the built package.\n\n${introductions[name] ?? ''}${sections.join('\n')}`,
    undocumented: entryPoints.flatMap(({ undocumented }) => undocumented),
  }
}
