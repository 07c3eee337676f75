import { parseArgs } from 'node:util'
import { type Progress, replayCommand, type SimulationReport, simulate } from './simulation.ts'

const help = `Plays members of the payment service with attackers on a virtual clock: each joins, pays, comes back and is attacked, and pays in the end.

  node test/simulation/members/run.ts --members 10000 --workers 2 --seed WORD
  node test/simulation/members/run.ts --replay <seed> --members 100

  --members N    how many in all (with --replay: in that one world); 1000
  --seed WORD    what all chance follows from; today's date
  --workers N    processes at the same time; 2
  --world N      members of one world; 100
  --replay SEED  one world again, in this process
  --json         the report as JSON, without progress

Exit code 0: nothing is wrong. 1: an invariant is broken. 2: the command is wrong.
`

const progressEveryMs = 5_000

const options = {
  members: { type: 'string', default: '1000' },
  seed: { type: 'string', default: new Date().toISOString().slice(0, 10) },
  workers: { type: 'string', default: '2' },
  world: { type: 'string', default: '100' },
  replay: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

type Given = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

process.exitCode = await main()

async function main(): Promise<number> {
  try {
    const { values } = parseArgs({ options })
    if (values.help) return print(help, 0)
    return values.replay === undefined ? await play(values) : await replay(values.replay, values)
  } catch (cause) {
    if (cause instanceof RangeError || cause instanceof TypeError) return print(`${cause.message}\n\n${help}`, 2)
    throw cause
  }
}

async function play(values: Given): Promise<number> {
  const report = await simulate({
    seed: values.seed,
    members: readCount('members', values.members),
    membersPerWorld: readCount('world', values.world),
    workers: readCount('workers', values.workers),
    ...(values.json ? {} : { onProgress: everyFewSeconds(printProgress) }),
  })
  return print(values.json ? JSON.stringify(report) : describe(report), report.broken.length === 0 ? 0 : 1)
}

async function replay(seed: string, values: Given): Promise<number> {
  // Loads the whole gateway, which only this process needs that plays a world itself.
  const { simulateMembers } = await import('./simulate-members.ts')
  const report = await simulateMembers({ seed, members: readCount('members', values.members) })
  const text = values.json
    ? JSON.stringify(report)
    : [...report.problems, `${report.problems.length} problems, trace ${report.traceHash}`].join('\n')
  return print(text, report.problems.length === 0 ? 0 : 1)
}

function readCount(name: string, text: string): number {
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text)
  throw new RangeError(`--${name} is a whole number from 1, not ${text}`)
}

function describe(report: SimulationReport): string {
  const { members, worlds, seconds, cpuMsPerMember, virtualHours, counts, traceHash, broken } = report
  return [
    ...Object.entries(counts).map(([name, count]) => `${String(count).padStart(9)} ${name}`),
    `${members} members in ${worlds} worlds, ${virtualHours.toFixed(1)} virtual hours in ${seconds.toFixed(1)} s`,
    `${cpuMsPerMember.toFixed(1)} ms of CPU each`,
    `trace ${traceHash}`,
    ...broken.flatMap((world) => [...world.problems, `again: ${replayCommand(world)}`]),
    broken.length === 0 ? 'no invariant was broken' : `${broken.length} worlds went wrong`,
  ].join('\n')
}

function printProgress({ members, seconds }: Progress): void {
  print(`${members} members, ${(members / seconds).toFixed(1)}/s`, 0)
}

function everyFewSeconds(report: (progress: Progress) => void): (progress: Progress) => void {
  let reportedAt = performance.now()
  return (progress) => {
    if (performance.now() - reportedAt < progressEveryMs) return
    reportedAt = performance.now()
    report(progress)
  }
}

function print(text: string, code: number): number {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  return code
}
