import { existsSync, readdirSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { UsageError } from '../addresses.ts'
import { columns } from '../command-line/columns.ts'
import { type Call, defineCommand, exitCodes, jsonOption } from '../command-line/command.ts'
import { suggest } from '../command-line/read-command.ts'
import { type ExampleFiles, loadExample } from './examples.ts'
import { type Framework, frameworks } from './frameworks.ts'
import { nextSteps } from './next-steps.ts'
import { shopFiles } from './shop-files.ts'

const options = {
  force: {
    ko: '비어 있지 않은 폴더에도. 같은 이름의 파일을 덮어씁니다',
    en: 'into a folder that is not empty, too; overwrites files of the same names',
  },
  tarballs: {
    value: 'FOLDER',
    ko: '아직 npm에 없는 패키지를 이 폴더의 타르볼(sspay-*.tgz)에서 설치하게',
    en: 'let npm install our packages, which it does not have yet, from the tarballs (sspay-*.tgz) in this folder',
  },
  json: jsonOption,
} as const

type InitCall = Call<typeof options>

export const initCommand = defineCommand({
  name: 'init',
  summary: {
    ko: '샌드박스에서 바로 결제되는 작은 쇼핑몰을 빈 폴더에 씁니다',
    en: 'writes a small shop that takes payments in the sandbox into an empty folder',
  },
  verbs: {
    '': {
      operands: ['[FRAMEWORK]', '[FOLDER]'],
      ko: '폴더의 기본은 지금 폴더. FRAMEWORK이 없으면 목록',
      en: 'the folder is the current one by default; without FRAMEWORK lists them',
    },
  },
  options,
  sections: [{ title: { ko: 'FRAMEWORK', en: 'FRAMEWORK' }, rows: Object.entries(frameworks) }],
  exitCodes: {
    0: { ko: '완료', en: 'done' },
    1: { ko: '비어 있지 않은 폴더', en: 'a folder that is not empty' },
    2: { ko: '잘못된 사용', en: 'wrong usage' },
  },
  examples: [
    { line: 'sspay init', ko: '무엇을 쓸 수 있는지', en: 'what it can write' },
    { line: 'sspay init express my-shop', ko: 'Express 쇼핑몰을 my-shop에', en: 'an Express shop in my-shop' },
    { line: 'sspay init php my-php-shop', ko: 'PHP 쇼핑몰을 my-php-shop에', en: 'a PHP shop in my-php-shop' },
  ],
  async run(call) {
    const [name, folder = '.'] = call.operands
    if (name === undefined) return listFrameworks(call)
    const framework = Object.hasOwn(frameworks, name) ? frameworks[name] : undefined
    if (framework === undefined) {
      const { ko, en } = suggest(name, Object.keys(frameworks))
      throw new UsageError({
        ko: `${name}: 없는 종류입니다${ko} (${Object.keys(frameworks).join(' | ')})`,
        en: `${name}: there is no such framework${en} (${Object.keys(frameworks).join(' | ')})`,
      })
    }
    return writeShop(call, name, framework, folder)
  },
})

function listFrameworks({ terminal, values, t }: InitCall): number {
  const list = Object.entries(frameworks)
  terminal.output.write(
    values.json
      ? `${JSON.stringify(list.map(([name, { ko, en }]) => ({ name, ko, en })))}\n`
      : `${columns(list.map(([name, text]) => [name, t(text)]))}\nsspay init FRAMEWORK my-shop\n`,
  )
  return exitCodes.done
}

async function writeShop(
  { terminal, values, t }: InitCall,
  name: string,
  framework: Framework,
  given: string,
): Promise<number> {
  const folder = resolve(given)
  if (!values.force && !isEmpty(folder)) {
    const text = {
      ko: `${folder}: 비어 있지 않은 폴더입니다. 새 폴더의 이름을 주거나(sspay init ${name} my-shop), 덮어써도 되면 --force를 붙이세요`,
      en: `${folder}: is not empty. Name a new folder (sspay init ${name} my-shop), or add --force if its files may be overwritten`,
    }
    terminal.errors.write(`${t(text)}\n`)
    return exitCodes.rejected
  }
  const { tarballs } = values
  const files = shopFiles(loadExample(framework), framework, {
    folder,
    environment: terminal.environment,
    ...(tarballs === undefined ? {} : { packages: findTarballs(tarballs, folder) }),
  })
  await writeFiles(folder, files, values.force)
  const paths = Object.keys(files).sort()
  const steps = nextSteps(framework, folder === resolve('.') ? [] : [`cd ${given}`])
  const commands = steps.flatMap((step) => step.commands)
  const written = { ko: `${folder}: ${framework.ko}`, en: `${folder}: ${framework.en}` }
  const instructions = steps.map(
    (step, index) => `${index + 1}. ${t(step)}\n\n${step.commands.map((line) => `    ${line}\n`).join('')}`,
  )
  terminal.output.write(
    values.json
      ? `${JSON.stringify({ framework: name, folder, files: paths, commands })}\n`
      : `${t(written)}\n${columns(paths.map((path) => [path]))}\n${instructions.join('\n')}`,
  )
  return exitCodes.done
}

/** A folder that is not there yet is empty, and so is one with nothing but the repository of Git. */
function isEmpty(folder: string): boolean {
  try {
    return !existsSync(folder) || readdirSync(folder).every((name) => name === '.git')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOTDIR') throw cause
    throw new UsageError({
      ko: `${folder}: 폴더가 아닙니다. 새 폴더의 이름을 주세요`,
      en: `${folder}: is not a folder. Name a new folder`,
    })
  }
}

async function writeFiles(folder: string, files: ExampleFiles, overwrites: boolean): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text, { flag: overwrites ? 'w' : 'wx', mode: path === '.env' ? 0o600 : 0o666 })
  }
}

const packageNames = ['protocol', 'browser', 'merchant', 'gateway', 'sandbox']

/** What a manifest in `from` says to install the tarballs of the folder. Throws a usage error for a missing one. */
function findTarballs(folder: string, from: string): Readonly<Record<string, string>> {
  const found = existsSync(folder) ? readdirSync(folder) : []
  return Object.fromEntries(
    packageNames.map((name) => {
      const file = found.find((one) => one.startsWith(`sspay-${name}-`) && one.endsWith('.tgz'))
      if (file === undefined)
        throw new UsageError({
          ko: `--tarballs ${folder}: sspay-${name}-*.tgz 파일이 없습니다`,
          en: `--tarballs ${folder}: there is no sspay-${name}-*.tgz`,
        })
      return [`@sspay/${name}`, `file:${relative(from, resolve(folder, file)).replaceAll('\\', '/')}`]
    }),
  )
}
