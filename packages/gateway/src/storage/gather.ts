const mostTurns = 8

/**
 * Lets the event loop turn while each turn brings more to `count`, so that what arrives at the same time is worked on together. No timer: when
 * nothing more comes, one turn has passed.
 */
export async function gather(count: () => number): Promise<void> {
  for (let turn = 0, before = 0; turn < mostTurns && count() > before; turn++) {
    before = count()
    await new Promise(setImmediate)
  }
}
