import { X509Certificate } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import { Gauge, type Registry } from 'prom-client'

/** What a gateway needs of its machine and of its operator, and what ends one day. */
export interface MachineSources {
  now(): Date
  /** PEM certificates in use, by what they are for. */
  certificates(): Readonly<Record<'window' | 'card-network' | 'identity', string | undefined>>
  /** Undefined with PostgreSQL, which has its own exporter. */
  readonly dataFolder: string | undefined
}

export function registerMachineGauges(registry: Registry, { now, certificates, dataFolder }: MachineSources): void {
  const registers = [registry]
  const clock: Gauge = new Gauge({
    name: 'sspay_clock_seconds',
    help: 'Unix time of this process; Prometheus has its own as the timestamp of the sample',
    registers,
    collect: () => clock.set(now().getTime() / 1_000),
  })
  const ends: Gauge<'certificate'> = new Gauge({
    name: 'sspay_certificate_end_seconds',
    help: 'Unix time at which a certificate in use expires',
    labelNames: ['certificate'],
    registers,
    collect() {
      ends.reset()
      for (const [certificate, pem] of Object.entries(certificates()))
        if (pem !== undefined) ends.set({ certificate }, endOf(pem).getTime() / 1_000)
    },
  })
  const folderBytes: Gauge<'space'> = new Gauge({
    name: 'sspay_data_folder_bytes',
    help: 'File system of the data folder: its size, and what is free; absent with PostgreSQL',
    labelNames: ['space'],
    registers,
    async collect() {
      folderBytes.reset()
      const found = dataFolder === undefined ? undefined : await statfs(dataFolder).catch(() => undefined)
      if (found === undefined) return
      folderBytes.set({ space: 'size' }, found.blocks * found.bsize)
      folderBytes.set({ space: 'free' }, found.bavail * found.bsize)
    },
  })
}

const endOf = (pem: string): Date => new Date(new X509Certificate(pem).validTo)
