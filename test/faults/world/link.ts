import type { Dice } from './dice.ts'
import { distortAnswer } from './impossible-answer.ts'
import type { VirtualClock } from './virtual-clock.ts'

export interface Answer {
  readonly status: number
  readonly body: Uint8Array
}

/** What the caller sees of one request. */
export type Crossing =
  | { readonly result: 'answered'; readonly answer: Answer }
  | { readonly result: 'unreachable' | 'interrupted' | 'timeout' }

/** What can happen to a request on its way; before and after say on which side of the other end's work it happens. */
export type Fault =
  | 'unreachable'
  | 'lostBefore'
  | 'resetBefore'
  | 'errorBefore'
  | 'delayed'
  | 'lostAfter'
  | 'resetAfter'
  | 'errorAfter'
  | 'cut'
  | 'garbage'
  | 'slowAnswer'
  | 'doubled'
  | 'impossible'

export const faultWeights: Readonly<Record<Exclude<Fault, 'impossible'>, number>> = {
  unreachable: 1,
  lostBefore: 1,
  resetBefore: 1,
  errorBefore: 1,
  delayed: 2,
  lostAfter: 2,
  resetAfter: 2,
  errorAfter: 1,
  cut: 2,
  garbage: 1,
  slowAnswer: 1,
  doubled: 2,
}

const networkVerbs = ['authorize', 'inquire', 'reverse', 'cancel']

/** Only the card network says what cannot be true: between gateway and shop that would be a forgery, and is signed. */
export const faultWeightsOf = (link: string): Readonly<Partial<Record<Fault, number>>> =>
  networkVerbs.includes(link) ? { ...faultWeights, impossible: 2 } : faultWeights

export interface LinkTrip {
  readonly dice: Dice
  readonly fault: Fault | undefined
  readonly timeoutMs: number
  /** Hands the request to the other end; may be called twice. Never answers when that end has died. */
  readonly deliver: () => Promise<Crossing>
}

/** What a dead process, or a lost packet, answers. A new one each time: a shared one would remember everybody who waits. */
export const never = <Result>(): Promise<Result> => new Promise(() => {})

/** Requests overtake each other: most take a few milliseconds, some a second. */
const latencyMs = (dice: Dice): number => (dice.chance(0.05) ? dice.between(200, 1200) : dice.between(1, 40))

export async function cross(clock: VirtualClock, trip: LinkTrip): Promise<Crossing> {
  const { promise: timedOut, resolve } = Promise.withResolvers<Crossing>()
  const stop = clock.schedule(trip.timeoutMs, () => resolve({ result: 'timeout' }))
  try {
    return await Promise.race([travel(clock, trip), timedOut])
  } finally {
    stop()
  }
}

async function travel(clock: VirtualClock, { dice, fault, timeoutMs, deliver }: LinkTrip): Promise<Crossing> {
  if (fault === 'unreachable') return { result: 'unreachable' }
  await clock.sleep(fault === 'delayed' ? timeoutMs + dice.between(1, 60_000) : latencyMs(dice))
  if (fault === 'lostBefore') return never()
  if (fault === 'resetBefore') return { result: 'interrupted' }
  if (fault === 'errorBefore') return errorAnswer
  if (fault === 'doubled') {
    const delayMs = dice.chance(0.5) ? 0 : dice.between(1, 20_000)
    clock.schedule(delayMs, () => void deliver())
  }
  const crossing = await deliver()
  await clock.sleep(fault === 'slowAnswer' ? timeoutMs : latencyMs(dice))
  return crossing.result === 'answered' ? damage(dice, fault, crossing) : crossing
}

function damage(
  dice: Dice,
  fault: Fault | undefined,
  crossing: Crossing & { readonly result: 'answered' },
): Crossing | Promise<Crossing> {
  const { status, body } = crossing.answer
  switch (fault) {
    case 'lostAfter':
      return never<Crossing>()
    case 'resetAfter':
      return { result: 'interrupted' }
    case 'errorAfter':
      return errorAnswer
    case 'cut':
      return { result: 'answered', answer: { status, body: body.slice(0, dice.below(body.length)) } }
    case 'impossible':
      return { result: 'answered', answer: { status, body: distortAnswer(dice, body) } }
    case 'garbage':
      return { result: 'answered', answer: { status: 200, body: garbage(dice) } }
    default:
      return crossing
  }
}

const errorAnswer: Crossing = {
  result: 'answered',
  answer: { status: 500, body: new TextEncoder().encode('<html>Internal Server Error</html>') },
}

const garbage = (dice: Dice): Uint8Array =>
  dice.chance(0.5) ? dice.bytes(dice.between(1, 200)) : new TextEncoder().encode('<html>It works!</html>')
