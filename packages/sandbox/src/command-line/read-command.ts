import { parseArgs } from 'node:util'
import type { LocalizedText } from '@sspay/protocol'
import type { Environment } from '../addresses.ts'
import { type Call, type Command, type Option, type Options, sharedOptions, type Values } from './command.ts'
import { type Language, readLanguage } from './language.ts'
import { usageLine } from './write-help.ts'

/** The known name that contains the given one, or is contained in it; case does not matter. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const typed = given.toLowerCase()
  if (typed.length < 3) return undefined
  return known.find((name) => name.toLowerCase().includes(typed) || typed.includes(name.toLowerCase()))
}

export type CommandReading<Known extends Options> = { readonly language: Language } & (
  | { readonly kind: 'help' }
  | { readonly kind: 'problem'; readonly text: LocalizedText }
  | ({ readonly kind: 'call' } & Pick<Call<Known>, 'verb' | 'operands' | 'values'>)
)

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]
type OptionToken = Extract<Token, { kind: 'option' }>

/** Parses the arguments behind the command's name. Never throws. */
export function readCommand<Known extends Options>(
  command: Command<Known>,
  given: readonly string[],
  environment: Environment,
): CommandReading<Known> {
  const options: Options = { ...command.options, ...sharedOptions }
  // Not strict: the errors of parseArgs are in English and name no cure.
  const { values, positionals, tokens } = parseArgs({
    args: [...given],
    options: Object.fromEntries(Object.entries(options).map(([name, option]) => [name, configOf(option)])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const language = readLanguage(typeof values.lang === 'string' ? values.lang : undefined, environment)
  const hasVerbs = !Object.hasOwn(command.verbs, '')
  if (values.help === true || (hasVerbs && given.length === 0)) return { kind: 'help', language }

  const [verb = '', ...operands] = hasVerbs ? positionals : ['', ...positionals]
  const call = { verb, operands, values: values as unknown as Values<Known> }
  const text =
    findVerbProblem(command, verb) ??
    tokens.flatMap((token) => (token.kind === 'option' ? (findOptionProblem(command, verb, token) ?? []) : []))[0] ??
    findOperandProblem(command, verb, operands) ??
    command.findProblem?.(call)
  return text === undefined ? { kind: 'call', language, ...call } : { kind: 'problem', language, text }
}

const configOf = ({ value, fallback, short, isRepeatable = false }: Option) => ({
  type: value === undefined ? ('boolean' as const) : ('string' as const),
  multiple: isRepeatable,
  ...(short === undefined ? {} : { short }),
  ...(value === undefined ? { default: false } : {}),
  ...(isRepeatable ? { default: [] } : {}),
  ...(fallback === undefined ? {} : { default: fallback }),
})

/** The end of an error message: `; did you mean …?`, or nothing. */
export function suggest(given: string, known: readonly string[]): LocalizedText {
  const meant = nearest(given, known)
  return meant === undefined ? { ko: '', en: '' } : { ko: `. ${meant} 인가요?`, en: `; did you mean ${meant}?` }
}

function findVerbProblem({ verbs }: Command, verb: string): LocalizedText | undefined {
  if (Object.hasOwn(verbs, verb)) return undefined
  const names = Object.keys(verbs)
  const known = names.join(' | ')
  if (verb === '') return { ko: `무엇을 할지 적어 주세요: ${known}`, en: `a verb is missing: ${known}` }
  const { ko, en } = suggest(verb, names)
  return { ko: `${verb}: 없는 명령입니다${ko} (${known})`, en: `${verb}: there is no such command${en} (${known})` }
}

function findOptionProblem(command: Command, verb: string, token: OptionToken): LocalizedText | undefined {
  const { rejected = {}, verbs } = command
  const options: Options = { ...command.options, ...sharedOptions }
  const { name, rawName } = token
  const problem = (ko: string, en: string): LocalizedText => ({ ko: `${rawName}: ${ko}`, en: `${rawName}: ${en}` })
  const reason = Object.hasOwn(rejected, name) ? rejected[name] : undefined
  if (reason !== undefined) return problem(reason.ko, reason.en)
  const option = Object.hasOwn(options, name) ? options[name] : undefined
  if (option === undefined) {
    const names = Object.keys(options).map((known) => `--${known}`)
    const { ko, en } = suggest(rawName, names)
    return problem(`없는 옵션입니다${ko}`, `there is no such option${en}`)
  }
  const wrongValue = findValueProblem(option, token)
  if (wrongValue !== undefined) return problem(wrongValue.ko, wrongValue.en)
  if (option.verbs === undefined || option.verbs.includes(verb) || Object.keys(verbs).length < 2) return undefined
  const owners = option.verbs.join(', ')
  return problem(`${owners}에만 쓰는 옵션입니다`, `goes with ${owners}, not with ${verb}`)
}

function findValueProblem(option: Option, { value, inlineValue }: OptionToken): LocalizedText | undefined {
  if (option.value === undefined)
    return value === undefined ? undefined : { ko: '값을 받지 않습니다', en: 'takes no value' }
  if (value === undefined || value === '' || (!inlineValue && /^-./.test(value)))
    return { ko: `값이 필요합니다 (${option.value})`, en: `needs a value (${option.value})` }
  return option.isRight?.(value) === false ? (option.rule ?? { ko: '잘못된 값입니다', en: 'a wrong value' }) : undefined
}

function findOperandProblem(command: Command, verb: string, operands: readonly string[]): LocalizedText | undefined {
  const known = command.verbs[verb]?.operands ?? []
  const usage = usageLine(command, verb)
  const missing = known.filter((operand) => !operand.startsWith('['))[operands.length]
  if (missing !== undefined)
    return { ko: `${missing} 값이 필요합니다. ${usage}`, en: `${missing} is missing: ${usage}` }
  const [extra] = known.some((operand) => operand.endsWith('…]')) ? [] : operands.slice(known.length)
  if (extra === undefined) return undefined
  return { ko: `${extra}: 여기에 올 수 없습니다. ${usage}`, en: `${extra} does not belong here: ${usage}` }
}
