const progressEveryMs = 5_000

/** Runs a command line of a simulation. What is wrong with its options is printed with the help; exit code 2. */
export async function runSimulation(help: string, main: () => Promise<number>): Promise<number> {
  try {
    return await main()
  } catch (cause) {
    if (cause instanceof RangeError || cause instanceof TypeError) return print(`${cause.message}\n\n${help}`, 2)
    throw cause
  }
}

export function readCount(name: string, text: string): number {
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text)
  throw new RangeError(`--${name} is a whole number from 1, not ${text}`)
}

interface Replayed {
  readonly problems: readonly string[]
  readonly traceHash: string
}

/** The report of one run that was played again. */
export function printReplay(report: Replayed, asJson: boolean): number {
  const { problems, traceHash } = report
  const text = asJson
    ? JSON.stringify(report)
    : [...problems, `${problems.length} problems, trace ${traceHash}`].join('\n')
  return print(text, problems.length === 0 ? 0 : 1)
}

export function everyFewSeconds<Progress>(report: (progress: Progress) => void): (progress: Progress) => void {
  let reportedAt = performance.now()
  return (progress) => {
    if (performance.now() - reportedAt < progressEveryMs) return
    reportedAt = performance.now()
    report(progress)
  }
}

export function print(text: string, code: number): number {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  return code
}
