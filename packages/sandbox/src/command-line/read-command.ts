import { parseArgs } from 'node:util'
import type { LocalizedText } from '@sspay/protocol'
import { type Call, type Command, type Option, type Options, sharedOptions, type Values } from './command.ts'
import { type Language, readLanguage } from './language.ts'
import { nearest } from './nearest.ts'

export type CommandReading<Known extends Options> = { readonly language: Language } & (
  | { readonly kind: 'help' }
  | { readonly kind: 'problem'; readonly words: LocalizedText }
  | ({ readonly kind: 'call' } & Pick<Call<Known>, 'verb' | 'operands' | 'values'>)
)

type Environment = Readonly<Record<string, string | undefined>>
type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]
type OptionToken = Extract<Token, { kind: 'option' }>

/** Reads what was typed behind the command's name. Never throws. */
export function readCommand<Known extends Options>(
  command: Command<Known>,
  given: readonly string[],
  environment: Environment,
): CommandReading<Known> {
  const options: Options = { ...command.options, ...sharedOptions }
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
  const words =
    findOptionProblem(command, options, tokens) ??
    findOperandProblem(command, verb, operands) ??
    findStrayOption(command, verb, tokens) ??
    command.findProblem?.(call)
  return words === undefined ? { kind: 'call', language, ...call } : { kind: 'problem', language, words }
}

const configOf = ({ value, fallback, short, isRepeatable = false }: Option) => ({
  type: value === undefined ? ('boolean' as const) : ('string' as const),
  multiple: isRepeatable,
  ...(short === undefined ? {} : { short }),
  ...(value === undefined && !isRepeatable ? { default: false } : {}),
  ...(isRepeatable ? { default: [] } : {}),
  ...(fallback === undefined ? {} : { default: fallback }),
})

const isOption = (token: Token): token is OptionToken => token.kind === 'option'

function findOptionProblem(
  { rejected = {} }: Command,
  options: Options,
  tokens: readonly Token[],
): LocalizedText | undefined {
  for (const token of tokens.filter(isOption)) {
    const { name, rawName } = token
    if (Object.hasOwn(rejected, name) && rejected[name] !== undefined) return prefixed(rawName, rejected[name])
    if (!Object.hasOwn(options, name)) return unknownOption(rawName, options)
    const problem = findValueProblem(options[name], token)
    if (problem !== undefined) return prefixed(rawName, problem)
  }
  return undefined
}

function findValueProblem(option: Option | undefined, { value, inlineValue }: OptionToken): LocalizedText | undefined {
  if (option?.value === undefined)
    return value === undefined ? undefined : { ko: '값을 받지 않습니다', en: 'takes no value' }
  if (value === undefined || value === '' || (!inlineValue && /^-./.test(value)))
    return { ko: `값이 필요합니다 (${option.value})`, en: `needs a value (${option.value})` }
  return option.isRight?.(value) === false ? (option.rule ?? { ko: '잘못된 값입니다', en: 'a wrong value' }) : undefined
}

const prefixed = (name: string, { ko, en }: LocalizedText): LocalizedText => ({
  ko: `${name}: ${ko}`,
  en: ko === en ? ko : en,
})

function unknownOption(rawName: string, options: Options): LocalizedText {
  const meant = nearest(rawName.replace(/^-+/, ''), Object.keys(options))
  return prefixed(rawName, {
    ko: `없는 옵션입니다${meant === undefined ? '' : `. --${meant} 인가요?`}`,
    en: `there is no such option${meant === undefined ? '' : `; did you mean --${meant}?`}`,
  })
}

/** An option of another verb would have no effect. */
function findStrayOption(
  { options, verbs }: Command,
  verb: string,
  tokens: readonly Token[],
): LocalizedText | undefined {
  const stray = tokens.filter(isOption).find(({ name }) => options[name]?.verbs?.includes(verb) === false)
  if (stray === undefined || Object.keys(verbs).length < 2) return undefined
  const owners = options[stray.name]?.verbs?.join(', ') ?? ''
  return prefixed(stray.rawName, {
    ko: `${owners}에만 쓰는 옵션입니다`,
    en: `goes with ${owners}, not with ${verb}`,
  })
}

function findOperandProblem(
  { name, verbs }: Command,
  verb: string,
  operands: readonly string[],
): LocalizedText | undefined {
  const names = Object.keys(verbs)
  if (!Object.hasOwn(verbs, verb)) return unknownVerb(verb, names)
  const known = verbs[verb]?.operands ?? []
  const missing = known.filter((operand) => !operand.startsWith('['))[operands.length]
  const usage = ['sspay', name, verb, ...known].filter((part) => part !== '').join(' ')
  if (missing !== undefined)
    return { ko: `${missing} 값이 필요합니다. ${usage}`, en: `${missing} is missing: ${usage}` }
  const extra = known.some((operand) => operand.endsWith('…]')) ? [] : operands.slice(known.length)
  if (extra.length === 0) return undefined
  return { ko: `${extra[0]}: 여기에 올 수 없습니다. ${usage}`, en: `${extra[0]} does not belong here: ${usage}` }
}

function unknownVerb(verb: string, names: readonly string[]): LocalizedText {
  const meant = nearest(verb, names)
  const known = names.join(' | ')
  if (verb === '') return { ko: `무엇을 할지 적어 주세요: ${known}`, en: `say what to do: ${known}` }
  return {
    ko: `${verb}: 없는 명령입니다${meant === undefined ? '' : `. ${meant} 인가요?`} (${known})`,
    en: `${verb}: there is no such command${meant === undefined ? '' : `; did you mean ${meant}?`} (${known})`,
  }
}
