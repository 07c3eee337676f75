import type { LocalizedText } from '@sspay/protocol'
import type { Terminal } from '../terminal.ts'
import type { Language } from './language.ts'

/** One option of a command, with the sentence about it. */
export interface Option extends LocalizedText {
  /** What its value is called, such as `URL`; an option without is a switch. */
  readonly value?: string
  readonly fallback?: string
  /** May be given more than once. */
  readonly isRepeatable?: boolean
  readonly short?: string
  /** The verbs it goes with; absent: all. */
  readonly verbs?: readonly string[]
  readonly isRight?: (text: string) => boolean
  /** What a right value is. */
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
  /** Names; `[FILE]` may be left out, `[FILE…]` be any number. */
  readonly operands?: readonly string[]
}

export interface Example extends LocalizedText {
  /** As it is typed. */
  readonly line: string
  /** How it ends, 0 where nothing else is said. */
  readonly exitCode?: number
}

/** A list below the options: what else may be typed, and what it means. */
export interface Section {
  readonly title: LocalizedText
  readonly rows: readonly (readonly [name: string, LocalizedText])[]
}

export interface Call<Known extends Options> {
  /** Empty for a command that has none. */
  readonly verb: string
  readonly operands: readonly string[]
  readonly values: Values<Known>
  readonly language: Language
  readonly terminal: Terminal
  /** The sentence in the reader's language. */
  t(words: LocalizedText): string
}

/** All there is to know about a command: its parsing, its problems, its help and its guide derive from this. */
export interface Command<Known extends Options = Options> {
  readonly name: string
  readonly summary: LocalizedText
  /** By name; a command without verbs has one, under the empty name. */
  readonly verbs: Readonly<Record<string, Verb>>
  readonly options: Known
  /** Options that are known and refused, with the reason. */
  readonly rejected?: Readonly<Record<string, LocalizedText>>
  readonly sections?: readonly Section[]
  /** Paragraphs below everything. */
  readonly notes?: readonly LocalizedText[]
  readonly exitCodes: Readonly<Record<number, LocalizedText>>
  readonly examples: readonly Example[]
  /** What is wrong although every option by itself is right. */
  findProblem?(call: Pick<Call<Known>, 'verb' | 'operands' | 'values'>): LocalizedText | undefined
  /** Returns the exit code. */
  run(call: Call<Known>): Promise<number>
}

/** Gives the values of a command the types that its options say. */
export const defineCommand = <const Known extends Options>(command: Command<Known>): Command<Known> => command

/** Options that every command has. */
export const sharedOptions = {
  lang: {
    value: 'ko|en',
    isRight: (text: string) => text === 'ko' || text === 'en',
    rule: { ko: 'ko 또는 en', en: 'ko or en' },
    ko: '말할 언어, 기본은 SSPAY_LANG, LC_ALL, LANG',
    en: 'language; by default SSPAY_LANG, LC_ALL or LANG say it',
  },
  help: { short: 'h', ko: '이 도움말', en: 'this help' },
} as const satisfies Options

export const jsonOption = {
  ko: '표준 출력에 JSON 하나',
  en: 'one JSON object on stdout',
} as const satisfies Option

export const isWebAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)

const webAddress: LocalizedText = { ko: 'http:// 또는 https:// 주소', en: 'an http or https address' }

export const addressOption = <const Text extends LocalizedText>(text: Text) =>
  ({ value: 'URL', isRight: isWebAddress, rule: webAddress, ...text }) as const

export const consoleOption = addressOption({
  ko: '콘솔 주소, 기본 http://localhost:4620 (SSPAY_CONSOLE_PORT)',
  en: 'where the console is, http://localhost:4620 by default (SSPAY_CONSOLE_PORT)',
})

/** 0 to 3 mean the same in every command. */
export const exitCodes = { done: 0, rejected: 1, usage: 2, unreachable: 3 } as const

export const usualExitCodes = {
  0: { ko: '완료', en: 'done' },
  1: { ko: '거절, 없음', en: 'refused, or no such thing' },
  2: { ko: '잘못된 사용', en: 'wrong usage' },
  3: { ko: '샌드박스 없음', en: 'no sandbox' },
} as const
