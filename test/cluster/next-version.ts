import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from '../source/files.ts'

/** What the next version adds, to the table that every payment uses. */
const migration = `alter table payments add column note_of_next_version text;
create index if not exists payments_of_next_version on payments (merchant_id, requested_at);
`

export const nextMigration = '9998-next-version.sql'

/** A gateway of the next version: this one, with one more migration. */
export interface NextVersion extends AsyncDisposable {
  /** Its `main.ts`. */
  readonly program: string
}

export async function makeNextVersion(): Promise<NextVersion> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-next-version-'))
  const gateway = join(repository, 'packages/gateway')
  await mkdir(join(folder, 'gateway'))
  for (const part of ['src', 'package.json', 'dist'])
    await cp(join(gateway, part), join(folder, 'gateway', part), { recursive: true })
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'gateway/src/storage/migrations', nextMigration), migration)
  return {
    program: join(folder, 'gateway/src/main.ts'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
