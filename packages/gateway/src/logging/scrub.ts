/** Transaction ids, digests and trace spans: their digits are not card or phone numbers. */
const kept =
  '(?<![0-9A-Za-z])(?:[0-9A-Za-z]{10}0101[0-9]{16}|[0-9a-f]{32,}|(?<="span_id":")[0-9a-f]{16})(?![0-9A-Za-z])'

const digitRuns = new RegExp(`(${kept})|[0-9](?:[ -]{0,3}[0-9]){12,}`, 'g')
const mobileNumbers = new RegExp(
  `(${kept})|(?<![0-9])(?:\\+?82[ .-]?\\(?0?\\)?|0)1[016-9][ .-]?[0-9]{3,4}[ .-]?[0-9]{4}(?![0-9])`,
  'g',
)
const jsonEscapes = /(\\(?:u[0-9a-fA-F]{4}|.))/

/** Replaces whatever looks like a card number, a Korean mobile number or one of `secrets` with `***`. */
export function scrub(line: string, secrets: readonly string[]): string {
  let scrubbed = line
  for (const secret of secrets) scrubbed = scrubbed.replaceAll(JSON.stringify(secret).slice(1, -1), '***')
  // Without the split, the letter of an escape (`\n4111…`) would hide the number behind it.
  return scrubbed
    .split(jsonEscapes)
    .map((part) => (part.startsWith('\\') ? part : scrubNumbers(part)))
    .join('')
}

function scrubNumbers(text: string): string {
  const withoutCards = text.replace(digitRuns, (run, keptText?: string) =>
    keptText === undefined ? scrubCards(run) : run,
  )
  return withoutCards.replace(mobileNumbers, (number, keptText?: string) => (keptText === undefined ? '***' : number))
}

/** Finds a card number in any run of adjacent groups: in `1 4111 1111 1111 1111` the last four. */
function scrubCards(run: string): string {
  const groups = [...run.matchAll(/[0-9]+/g)]
  for (let first = 0; first < groups.length; first++) {
    let digits = ''
    for (const group of groups.slice(first)) {
      digits += group[0]
      if (digits.length > 19) break
      if (!isCardNumber(digits)) continue
      const end = group.index + group[0].length
      return `${run.slice(0, groups[first]?.index)}***${scrubCards(run.slice(end))}`
    }
  }
  return run
}

const isCardNumber = (digits: string): boolean => digits.length >= 13 && passesLuhn(digits) && !isTimestamp(digits)

/**
 * Unix milliseconds (13 digits, first 1 or 2) and yyyyMMddHHmmss (14, starts with 20); card numbers start otherwise.
 */
const isTimestamp = (digits: string): boolean =>
  /^[12][0-9]{12}$|^20[0-9]{2}[01][0-9][0-3][0-9][0-2][0-9]{5}$/.test(digits)

function passesLuhn(digits: string): boolean {
  let sum = 0
  for (const [place, digit] of [...digits].reverse().entries()) {
    const doubled = place % 2 === 1 ? Number(digit) * 2 : Number(digit)
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
