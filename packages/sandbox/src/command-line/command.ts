import type { LocalizedText } from '@sspay/protocol'
import type { Terminal } from '../terminal.ts'
import type { Language } from './language.ts'

/** One option of a command, with its help text. */
export interface Option extends LocalizedText {
  /** Placeholder of the value, such as `URL`; an option without one is a switch. */
  readonly value?: string
  readonly fallback?: string
  readonly isRepeatable?: boolean
  readonly short?: string
  /** The verbs that accept it; absent: all. */
  readonly verbs?: readonly string[]
  readonly isRight?: (text: string) => boolean
  /** Describes a correct value, for the error message. */
  readonly rule?: LocalizedText
}

export type Options = Readonly<Record<string, Option>>

type ValueOf<One extends Option> = One extends { readonly value: string }
  ? One extends { readonly isRepeatable: true }
    ? readonly string[]
    : One extends { readonly fallback: string }
      ? string
      : string | undefined
  : boolean

export type Values<Known extends Options> = { readonly [Name in keyof Known]: ValueOf<Known[Name]> }

/** One way to call a command: `add LINK FAULT`. */
export interface Verb extends LocalizedText {
  /** Names; `[FILE]` is optional, `[FILE…]` takes any number. */
  readonly operands?: readonly string[]
}

export interface Example extends LocalizedText {
  readonly line: string
  /** 0 by default. */
  readonly exitCode?: number
}

/** A table below the options. */
export interface Section {
  readonly title: LocalizedText
  readonly rows: readonly (readonly [name: string, LocalizedText])[]
}

export interface Call<Known extends Options> {
  /** Empty for a command without verbs. */
  readonly verb: string
  readonly operands: readonly string[]
  readonly values: Values<Known>
  readonly language: Language
  readonly terminal: Terminal
  /** Translates into the reader's language. */
  t(text: LocalizedText): string
}

/** The declaration of a command; parsing, error messages, `--help` and docs/guides/ derive from it. */
export interface Command<Known extends Options = Options> {
  readonly name: string
  readonly summary: LocalizedText
  /** By name; a command without verbs has one entry, under the empty name. */
  readonly verbs: Readonly<Record<string, Verb>>
  readonly options: Known
  /** Options that are rejected with a reason of their own. */
  readonly rejected?: Readonly<Record<string, LocalizedText>>
  readonly sections?: readonly Section[]
  /** Paragraphs at the end of the help. */
  readonly notes?: readonly LocalizedText[]
  readonly exitCodes: Readonly<Record<number, LocalizedText>>
  readonly examples: readonly Example[]
  /** Finds a problem in the combination of valid options. */
  findProblem?(call: Pick<Call<Known>, 'verb' | 'operands' | 'values'>): LocalizedText | undefined
  /** Returns the exit code. */
  run(call: Call<Known>): Promise<number>
}

/** By name. Each loads its modules when it is typed or described, so that the others cost no time. */
export type Commands = Readonly<Record<string, () => Promise<Command>>>

export const loadCommands = (commands: Commands): Promise<readonly Command[]> =>
  Promise.all(Object.values(commands).map((load) => load()))

/** Infers the types of the values from the options. */
export const defineCommand = <const Known extends Options>(command: Command<Known>): Command<Known> => command

const isWebAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)

/** What `isRight` and `rule` of an option share. */
const checked = (isRight: (text: string) => boolean, ko: string, en = ko) => ({ isRight, rule: { ko, en } })

export const matching = (pattern: RegExp, ko: string, en: string) => checked((text) => pattern.test(text), ko, en)

export const oneOf = (...known: readonly string[]) => checked((text) => known.includes(text), known.join(' | '))

const numberBetween = (least: number, most: number) =>
  checked(
    (text) => /^[0-9]{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most,
    `${least}~${most}`,
    `${least} to ${most}`,
  )

/** Options that every command has. */
export const sharedOptions = {
  lang: {
    value: 'ko|en',
    ...oneOf('ko', 'en'),
    ko: '말할 언어, 기본은 SSPAY_LANG, LC_ALL, LANG, 한국어',
    en: 'language; by default that of SSPAY_LANG, LC_ALL or LANG, else Korean',
  },
  help: { short: 'h', ko: '이 도움말', en: 'this help' },
} as const satisfies Options

export const jsonOption = { ko: '표준 출력에 JSON 하나', en: 'one JSON object on stdout' } as const satisfies Option

export const addressOption = <const Text extends LocalizedText>(text: Text) =>
  ({
    value: 'URL',
    ...checked(isWebAddress, 'http:// 또는 https:// 주소', 'an http or https address'),
    ...text,
  }) as const

export const consoleOption = addressOption({
  ko: '콘솔 주소, 기본 http://localhost:4620 (SSPAY_CONSOLE_PORT)',
  en: 'where the console is, http://localhost:4620 by default (SSPAY_CONSOLE_PORT)',
})

export const transactionOption = {
  value: 'ID',
  ...matching(/^[A-Za-z0-9]{1,40}$/, '거래번호', 'a transaction id'),
  ko: '이 거래만',
  en: 'only this transaction',
} as const

export const limitOption = { value: 'NUMBER', ...numberBetween(1, 500), ko: '최대 500', en: 'at most 500' } as const

/** 0 to 3 mean the same in every command. */
export const exitCodes = { done: 0, rejected: 1, usage: 2, unreachable: 3 } as const

export const usualExitCodes = {
  0: { ko: '완료', en: 'done' },
  1: { ko: '거절, 없음', en: 'rejected, or not found' },
  2: { ko: '잘못된 사용', en: 'wrong usage' },
  3: { ko: '샌드박스 없음', en: 'no sandbox' },
} as const
