import { parseArgs } from 'node:util'
import { everyFewSeconds, print, printReplay, readCount, runSimulation } from '../command.ts'
import { type Progress, replayCommand, type SimulationReport, simulate } from './simulation.ts'

const help = `Plays members of the payment service with attackers on a virtual clock: each joins, pays, comes back and is attacked, and pays in the end.

  node test/simulation/members/run.ts --members 10000 --workers 2 --seed WORD
  node test/simulation/members/run.ts --replay <seed> --members 100

  --members N    how many in all (with --replay: in that one fixture); 1000
  --seed WORD    what all chance follows from; today's date
  --workers N    processes at the same time; 2
  --fixture N      members of one fixture; 100
  --replay SEED  one fixture again, in this process
  --json         the report as JSON, without progress

Exit code 0: nothing is wrong. 1: an invariant is broken. 2: the command is wrong.
`

const options = {
  members: { type: 'string', default: '1000' },
  seed: { type: 'string', default: new Date().toISOString().slice(0, 10) },
  workers: { type: 'string', default: '2' },
  fixture: { type: 'string', default: '100' },
  replay: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

type Given = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

process.exitCode = await runSimulation(help, main)

async function main(): Promise<number> {
  const { values } = parseArgs({ options })
  if (values.help) return print(help, 0)
  return values.replay === undefined ? await play(values) : await replay(values.replay, values)
}

async function play(values: Given): Promise<number> {
  const report = await simulate({
    seed: values.seed,
    members: readCount('members', values.members),
    membersPerRun: readCount('fixture', values.fixture),
    workers: readCount('workers', values.workers),
    ...(values.json ? {} : { onProgress: everyFewSeconds(printProgress) }),
  })
  return print(values.json ? JSON.stringify(report) : describe(report), report.broken.length === 0 ? 0 : 1)
}

async function replay(seed: string, values: Given): Promise<number> {
  // Loads the whole gateway, which only this process needs that plays a run itself.
  const { simulateMembers } = await import('./simulate-members.ts')
  const report = await simulateMembers({ seed, members: readCount('members', values.members) })
  return printReplay(report, values.json)
}

function describe(report: SimulationReport): string {
  const { members, runs, seconds, cpuMsPerMember, virtualHours, counts, traceHash, broken } = report
  return [
    ...Object.entries(counts).map(([name, count]) => `${String(count).padStart(9)} ${name}`),
    `${members} members in ${runs} runs, ${virtualHours.toFixed(1)} virtual hours in ${seconds.toFixed(1)} s`,
    `${cpuMsPerMember.toFixed(1)} ms of CPU each`,
    `trace ${traceHash}`,
    ...broken.flatMap((fixture) => [...fixture.problems, `again: ${replayCommand(fixture)}`]),
    broken.length === 0 ? 'no invariant was broken' : `${broken.length} runs went wrong`,
  ].join('\n')
}

function printProgress({ members, seconds }: Progress): void {
  print(`${members} members, ${(members / seconds).toFixed(1)}/s`, 0)
}
