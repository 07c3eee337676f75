import type { Context } from '../context.ts'
import { perStorage } from '../storage/per-storage.ts'

/** Transaction ids of the approvals that run in this process: however long they take, the resolver leaves them alone. */
export const authorizingHere: (context: Pick<Context, 'storage'>) => Set<string> = perStorage(() => new Set<string>())
