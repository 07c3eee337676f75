import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

/** System calls of a traced process, in order. */
export type Step = { readonly kind: 'flush'; readonly file: string } | { readonly kind: 'send'; readonly text: string }

export interface FlushTrace {
  /** Stops tracing; the processes go on. */
  end(): Promise<readonly Step[]>
}

/** Undefined where `strace` can trace; otherwise why not. */
export function whyNoTrace(): string | undefined {
  const { error, status, stderr } = spawnSync('strace', ['-qq', '-o', '/dev/null', process.execPath, '--version'])
  if (error !== undefined) return 'strace is not installed'
  return status === 0 ? undefined : `strace may not trace here: ${String(stderr).split('\n')[0]}`
}

const calls = 'trace=fsync,fdatasync,sync_file_range,write,writev,sendto,sendmsg'

/** Follows processes, their threads and the processes that they start from now on; `file` takes the trace. */
export async function traceFlushes(pids: readonly number[], file: string): Promise<FlushTrace> {
  const attach = pids.flatMap((pid) => ['-p', String(pid)])
  const tracer = spawn('strace', ['-f', '-y', '-s', '24', '-e', calls, '-o', file, ...attach], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    tracer.once('exit', () => reject(new Error(`strace: ${said}`)))
    tracer.stderr.on('data', (text: Buffer) => {
      said += text
      if (pids.every((pid) => said.includes(`rocess ${pid} attached`))) resolve()
    })
  })
  return {
    async end() {
      const ended = once(tracer, 'exit')
      tracer.kill('SIGINT')
      await ended
      return readFileSync(file, 'utf8').split('\n').flatMap(stepOf)
    },
  }
}

/** A call that another thread interrupts stands on two lines; the first one has its arguments. */
function stepOf(line: string): readonly Step[] {
  const [, flushed] = /^\d+ +f(?:data)?sync\(\d+<([^>]*)>/.exec(line) ?? []
  if (flushed !== undefined) return [{ kind: 'flush', file: flushed }]
  const [, text] = /^\d+ +(?:write|writev|sendto|sendmsg)\(\d+<socket:[^>]*>, [^"]*"([^"]*)/.exec(line) ?? []
  return text === undefined ? [] : [{ kind: 'send', text }]
}
