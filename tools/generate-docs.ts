import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { renderAsyncApi } from './docs/api/asyncapi.ts'
import { renderOpenApi } from './docs/api/openapi.ts'
import { renderCheckoutOptionsPage } from './docs/checkout-options-page.ts'
import { decideEveryCell, renderDecisionsPage } from './docs/decisions-page.ts'
import { renderEnvironmentFile } from './docs/environment-file.ts'
import { renderErrorPage } from './docs/error-pages.ts'
import { everyExample, filesOfExample } from './docs/example-pages.ts'
import { fillCode } from './docs/fill-code.ts'
import { type Language, languages } from './docs/language.ts'
import { renderOutcomePage } from './docs/outcome-pages.ts'
import { renderPackagesPage } from './docs/packages-page.ts'
import { renderPaymentPicture } from './docs/payment-picture.ts'
import { renderProtocolPages } from './docs/protocol-pages.ts'
import { renderAsvsPage } from './docs/security/asvs-page.ts'
import { renderStartPage } from './docs/start-pages.ts'
import { renderTestCardsPage } from './docs/test-cards-page.ts'
import { renderTestPhonesPage } from './docs/test-phones-page.ts'

const repository = resolve(import.meta.dirname, '..')

/** Text of a file by path; undefined deletes the file. */
type Wanted = ReadonlyMap<string, string | undefined>

/** A folder that contains exactly these files. */
function wholeFolder(folder: string, documents: ReadonlyMap<string, string>): Wanted {
  const strays = existsSync(folder) ? readdirSync(folder).filter((name) => !documents.has(name)) : []
  return new Map([
    ...strays.map((name) => [join(folder, name), undefined] as const),
    ...[...documents].map(([name, text]) => [join(folder, name), text] as const),
  ])
}

const textOf = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined)

const readSource = (path: string): string | undefined => textOf(join(repository, path))

async function referencePages(): Promise<Wanted> {
  const decided = await decideEveryCell()
  return new Map(
    languages.flatMap((language) => {
      const folder = join(repository, 'docs/reference', language)
      return [
        [join(folder, 'errors.md'), renderErrorPage(language)] as const,
        [join(folder, 'outcomes.md'), renderOutcomePage(language)] as const,
        [join(folder, 'checkout-options.md'), renderCheckoutOptionsPage(language)] as const,
        [join(folder, 'test-cards.md'), renderTestCardsPage(language)] as const,
        [join(folder, 'test-phones.md'), renderTestPhonesPage(language)] as const,
        [join(folder, 'decisions.md'), renderDecisionsPage(language, decided)] as const,
        [join(repository, `docs/images/payment.${language}.svg`), renderPaymentPicture(language, 'file')] as const,
      ]
    }),
  )
}

/** The English page is `asvs.md`, like the other pages of that folder. */
const securityPages = (): Wanted =>
  new Map([
    [join(repository, 'docs/security/asvs.md'), renderAsvsPage('en', readSource)],
    [join(repository, 'docs/security/asvs.ko.md'), renderAsvsPage('ko', readSource)],
  ])

const packagesPage = (language: Language): string => fillCode(renderPackagesPage(language), readSource).text

/** One page for each server whose example is there, and the one that starts from the packages. */
const startPages = (): Wanted =>
  new Map(
    languages.flatMap((language) => {
      const folder = join(repository, 'docs/start', language)
      return [
        [join(folder, 'packages.md'), packagesPage(language)] as const,
        ...everyExample
          .filter(({ name, main }) => existsSync(join(repository, 'examples', name, main)))
          .map((server) => {
            const files = filesOfExample(repository, server)
            return [join(folder, `${server.name}.md`), renderStartPage(language, server, readSource, files)] as const
          }),
      ]
    }),
  )

/** Hand-written pages with the code of the examples filled in. Throws for a reference to missing code. */
function filledPages(): Wanted {
  const pages = globSync('docs/{start,guides}/*/*.md', { cwd: repository })
  return new Map(
    pages.map((page) => {
      const { text, faults } = fillCode(readFileSync(join(repository, page), 'utf8'), readSource)
      if (faults.length > 0) throw new Error(`${page} shows code that is not there: ${faults.join(', ')}`)
      return [join(repository, page), text] as const
    }),
  )
}

const environmentFile = (): Wanted =>
  new Map([[join(repository, 'docs/operating/gateway.env'), renderEnvironmentFile()]])

const jsonFile = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`

const protocolFiles = (): ReadonlyMap<string, string> =>
  new Map([
    ...renderProtocolPages('both'),
    ['openapi.json', jsonFile(renderOpenApi())],
    ['asyncapi.json', jsonFile(renderAsyncApi())],
  ])

const { values, positionals } = parseArgs({ options: { check: { type: 'boolean' } }, allowPositionals: true })
const [folder] = positionals
const protocol = wholeFolder(resolve(folder ?? join(repository, 'docs/protocol')), protocolFiles())
const wanted: Wanted =
  folder === undefined
    ? new Map([
        ...[...filledPages(), ...startPages(), ...(await referencePages()), ...securityPages()],
        ...[...environmentFile(), ...protocol],
      ])
    : protocol
const drifted = [...wanted].filter(([file, text]) => textOf(file) !== text)

if (values.check) {
  if (drifted.length > 0)
    console.error(`Out of date (npm run docs rewrites them): ${drifted.map(([file]) => file).join(', ')}`)
  process.exitCode = drifted.length > 0 ? 1 : 0
} else {
  for (const [file, text] of drifted) {
    mkdirSync(join(file, '..'), { recursive: true })
    if (text === undefined) rmSync(file)
    else writeFileSync(file, text)
  }
}
