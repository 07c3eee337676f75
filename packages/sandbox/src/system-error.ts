import type { LocalizedText } from '@sspay/protocol'

/** What Node and SQLite attach to an error of the operating system. */
interface SystemFacts {
  readonly code?: string
  readonly syscall?: string
  readonly path?: string
  readonly address?: string
  readonly hostname?: string
  readonly port?: number
  /** Of SQLite: the primary result code in the low byte. */
  readonly errcode?: number
}

type Explain = (facts: SystemFacts, elsewhere: LocalizedText) => LocalizedText

const fileInTheWay: Explain = ({ code }, { ko, en }) => ({
  ko: `폴더가 있어야 할 자리에 파일이 있습니다(${code}). 그 파일을 옮기거나, ${ko}`,
  en: `a file stands where a folder must be (${code}). Move the file, or ${en}`,
})

const notAllowed: Explain = ({ code, syscall, address, port }, { ko, en }) =>
  syscall === 'listen'
    ? {
        ko: `${address}의 ${port}번 포트를 열 권한이 없습니다(${code}). 1024 이상의 포트를 지정하세요`,
        en: `port ${port} of ${address} may not be opened (${code}). Choose a port from 1024`,
      }
    : {
        ko: `읽거나 쓸 권한이 없습니다(${code}). 소유자와 권한을 고치거나(chown, chmod), ${ko}`,
        en: `no permission to read or write (${code}). Change its owner or mode (chown, chmod), or ${en}`,
      }

const diskFull: Explain = ({ code }, { ko, en }) => ({
  ko: `디스크에 남은 자리가 없습니다(${code}). 자리를 비우거나, ${ko}`,
  en: `no space is left on the disk (${code}). Free some, or ${en}`,
})

const notOurAddress: Explain = ({ code, address, hostname }) => ({
  ko: `${address ?? hostname}: 이 컴퓨터의 주소가 아닙니다(${code}). --host 127.0.0.1(이 컴퓨터에서만) 또는 --host 0.0.0.0(같은 네트워크에서도)을 쓰세요`,
  en: `${address ?? hostname} is no address of this machine (${code}). Use --host 127.0.0.1 for this machine only, or --host 0.0.0.0 for the network too`,
})

const tooManyFiles: Explain = ({ code }) => ({
  ko: `열린 파일이 너무 많습니다(${code}). 다른 프로그램을 끝내거나 한도를 올리세요(ulimit -n 4096)`,
  en: `too many files are open (${code}). End other programs, or raise the limit (ulimit -n 4096)`,
})

/** By the code of the operating system, or by the result code of SQLite. */
const explanations: Readonly<Record<string, Explain>> = {
  EEXIST: fileInTheWay,
  ENOTDIR: fileInTheWay,
  EISDIR: ({ code }) => ({
    ko: `파일이 있어야 할 자리에 폴더가 있습니다(${code}). 파일의 이름을 적으세요`,
    en: `a folder stands where a file must be (${code}). Name a file`,
  }),
  ENOENT: ({ code }, { ko, en }) => ({
    ko: `없습니다(${code}). 이름과 지금 폴더를 확인하거나, ${ko}`,
    en: `does not exist (${code}). Check its name and the current folder, or ${en}`,
  }),
  EACCES: notAllowed,
  EPERM: notAllowed,
  EROFS: ({ code }, { ko, en }) => ({
    ko: `읽기 전용 디스크입니다(${code}). 쓸 수 있게 연결하거나, ${ko}`,
    en: `the disk is read-only (${code}). Mount it writable, or ${en}`,
  }),
  ENOSPC: diskFull,
  EDQUOT: diskFull,
  EMFILE: tooManyFiles,
  ENFILE: tooManyFiles,
  EADDRNOTAVAIL: notOurAddress,
  ENOTFOUND: notOurAddress,
  EAI_AGAIN: notOurAddress,
  SQLITE_8: notAllowed,
  SQLITE_13: diskFull,
  SQLITE_14: notAllowed,
}

const anotherFolder: LocalizedText = { ko: '다른 폴더를 지정하세요', en: 'name another folder' }

/**
 * Cause and cure of an error that the reader can mend, with the path or address it is about.
 *
 * @param elsewhere how another folder is named
 * @returns undefined for any other error
 */
export function explainSystemError(
  cause: unknown,
  elsewhere: LocalizedText = anotherFolder,
): LocalizedText | undefined {
  if (!(cause instanceof Error)) return undefined
  const facts: SystemFacts = { ...(cause as object) }
  const { path, errcode = 0 } = facts
  const code = facts.code === 'ERR_SQLITE_ERROR' ? `SQLITE_${errcode & 0xff}` : String(facts.code)
  const explain = Object.hasOwn(explanations, code) ? explanations[code] : undefined
  if (explain === undefined) return explainSystemError(cause.cause, elsewhere)
  const { ko, en } = explain({ ...facts, code }, elsewhere)
  const subject = path === undefined ? '' : `${path}: `
  return { ko: `${subject}${ko}`, en: `${subject}${en}` }
}

/** The sandbox could not start. The message has cause and cure, in Korean and English. */
export class SandboxStartError extends Error {
  /** The message in each language. */
  readonly text: LocalizedText

  constructor(text: LocalizedText, options?: ErrorOptions) {
    super(`${text.ko}\n${text.en}`, options)
    this.name = 'SandboxStartError'
    this.text = text
  }
}

const anotherDataFolder: LocalizedText = {
  ko: '다른 데이터 폴더를 지정하세요(--data FOLDER, SSPAY_DATA)',
  en: 'choose another data folder (--data FOLDER, SSPAY_DATA)',
}

/** An error of the operating system with its cure; any other as it is. */
export function startErrorOf(cause: unknown): unknown {
  const text = explainSystemError(cause, anotherDataFolder)
  return text === undefined ? cause : new SandboxStartError(text, { cause })
}
