import { execFileSync, spawn } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, statSync, watch, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type ComposedPage, composeSite } from './compose-site.ts'
import { languages } from './language.ts'
import { renderLlms, renderLlmsFull } from './llms.ts'
import { findOutsideRequests } from './outside-requests.ts'
import { writeReference } from './reference-pages.ts'

const help = `node tools/docs/build-site.ts [--dev | --serve]

문서를 docs/site/dist에 사이트로 만듭니다. 처음에는 docs/site와 tools/reference의 의존성을 설치합니다.
Builds the documentation into docs/site/dist. The first run installs the dependencies of docs/site and tools/reference.

  --dev                고치는 대로 보여 줍니다 / shows the pages while they are written
  --serve              만든 사이트를 http://localhost:4173 에서 보여 줍니다. 없으면 먼저 만듭니다 / serves the built site; builds it first if missing
  SSPAY_DOCS_BASE=/x/  하위 주소에 올릴 때 / for a site below an address
`

const repository = resolve(import.meta.dirname, '../..')
const site = join(repository, 'docs/site')
const content = join(site, 'content')
const dist = join(site, 'dist')

/** Installs once, and again after a change of the lock file. */
function installDependencies(): void {
  const installed = join(site, 'node_modules/.package-lock.json')
  const lock = join(site, 'package-lock.json')
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: site, stdio: 'inherit' })
}

const vitepress = join(site, 'node_modules/vitepress/bin/vitepress.js')

const buildPages = (): void =>
  void execFileSync(process.execPath, [vitepress, 'build', site], { cwd: site, stdio: 'inherit' })

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** Publishes the Markdown source of every page. */
function writeTwins(pages: readonly ComposedPage[]): void {
  const known = new Map(pages.map(({ place, markdown }) => [place, markdown]))
  for (const path of globSync('**/*.md', { cwd: content })) {
    const place = path.replace(/\.md$/, '')
    write(join(dist, path), known.get(place) ?? readFileSync(join(content, path), 'utf8'))
  }
  for (const language of languages) {
    const folder = language === 'ko' ? dist : join(dist, language)
    write(join(folder, 'llms.txt'), renderLlms(language, pages))
    write(join(folder, 'llms-full.txt'), renderLlmsFull(language, pages))
  }
}

function requireTwins(): void {
  const alone = globSync('**/*.html', { cwd: dist }).filter(
    (path) => path !== '404.html' && !existsSync(join(dist, path.replace(/html$/, 'md'))),
  )
  if (alone.length > 0) throw new Error(`without Markdown: ${alone.join(', ')}`)
}

function requireNoOutsideRequests(): void {
  const found = globSync('**/*.{html,css,js}', { cwd: dist }).flatMap((path) =>
    findOutsideRequests(path, readFileSync(join(dist, path), 'utf8')),
  )
  if (found.length > 0) throw new Error(`The site must ask no other host:\n${found.join('\n')}`)
}

function build(): void {
  const started = performance.now()
  installDependencies()
  writeReference(repository)
  const pages = composeSite(repository, content)
  buildPages()
  writeTwins(pages)
  requireTwins()
  requireNoOutsideRequests()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`docs/site/dist: ${globSync('**/*.html', { cwd: dist }).length} pages in ${seconds} s`)
}

/** Watch mode: recomposes pages when a file of the documentation changes. */
function serveWhileWriting(): void {
  installDependencies()
  composeSite(repository, content)
  let isWaiting = false
  watch(join(repository, 'docs'), { recursive: true }, (_, path) => {
    if (isWaiting || !/\.(md|svg)$/.test(path ?? '') || /^site.(content|dist|node_modules)/.test(path ?? '')) return
    isWaiting = true
    setTimeout(() => {
      isWaiting = false
      composeSite(repository, content)
    }, 200)
  })
  serve('dev')
}

function serveBuilt(): void {
  if (!existsSync(join(dist, 'index.html'))) build()
  serve('preview')
}

function serve(command: 'dev' | 'preview'): void {
  const server = spawn(process.execPath, [vitepress, command, site, '--host', '127.0.0.1'], {
    cwd: site,
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.kill(signal))
  server.on('exit', (code) => process.exit(code ?? 0))
}

const { values } = parseArgs({
  options: { dev: { type: 'boolean' }, serve: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
})
if (values.help) process.stdout.write(help)
else if (values.dev) serveWhileWriting()
else if (values.serve) serveBuilt()
else build()
