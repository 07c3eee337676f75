import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LocalizedText } from '../../packages/protocol/src/field-table.ts'
import { listExampleFiles } from '../../packages/sandbox/src/init/examples.ts'
import type { Language } from './language.ts'
import { startLanguages } from './start-languages.ts'
import { type StartServer, startServers } from './start-servers.ts'

/** Every file of an example that a reader must save, the main one first. Paths from the folder of the example. */
export function filesOfExample(repository: string, { name, main }: StartServer): readonly string[] {
  const files = listExampleFiles(join(repository, 'examples', name)).filter((path) => path !== '.gitignore')
  const rank = (path: string): string => (path === main ? `0${path}` : `${path.includes('/') ? 2 : 1}${path}`)
  return files.toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1))
}

/** The example that contains a path, and the file in it; undefined for the folder itself. */
export function exampleOf(path: string): { readonly name: string; readonly file?: string } | undefined {
  const [, name = '', file] = /^examples\/(\w+)(?:\/(.+))?$/.exec(path) ?? []
  if (!everyExample.some((server) => server.name === name)) return undefined
  return file === undefined ? { name } : { name, file }
}

export const everyExample: readonly StartServer[] = [...startServers, ...startLanguages]

const about: (server: StartServer) => LocalizedText = ({ name, shares }) => ({
  ko: `예제의 모든 파일입니다. ${shares === undefined ? '한 폴더에 같은 이름으로 저장하면' : `[${shares} 예제](../${shares})의 \`sspay\` 폴더와 함께 한 폴더에 같은 이름으로 저장하면`} 그대로 실행됩니다. 실행하는 명령과 설명은 [시작하기](../../docs/start/ko/${name}.md)에 있습니다.`,
  en: `Every file of the example: saved in one folder under these names${shares === undefined ? '' : `, with the folder \`sspay\` of the [${shares} example](../${shares}),`} it runs as it is. How, and what it does: [the start page](../../docs/start/en/${name}.md).`,
})

const fenceLanguage: Readonly<Record<string, string>> = { example: 'ini', jsp: 'html', jspf: 'html', py: 'python' }

/** The whole example on one page, generated from its files when the site is built. */
export function renderExamplePage(repository: string, language: Language, server: StartServer): string {
  const files = filesOfExample(repository, server).map((path) => {
    const code = readFileSync(join(repository, 'examples', server.name, path), 'utf8')
    const extension = path.replace(/^.*\./, '')
    return `## \`${path}\`\n\n\`\`\`${fenceLanguage[extension] ?? extension}\n${code.trimEnd()}\n\`\`\``
  })
  const title = { ko: `${server.title} 예제`, en: `${server.title} example` }
  return `# ${title[language]}\n\n${about(server)[language]}\n\n${files.join('\n\n')}\n`
}
