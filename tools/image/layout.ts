import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { commandPathOf, nodePath, user } from './layers.ts'
import type { Program } from './programs.ts'
import { type Entry, tar } from './tar.ts'

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

interface Blob {
  readonly digest: string
  readonly bytes: Uint8Array
}

const blobOf = (bytes: Uint8Array): Blob => ({ digest: digestOf(bytes), bytes })
const jsonBlob = (value: unknown): Blob => blobOf(Buffer.from(JSON.stringify(value)))
const pathOf = ({ digest }: Blob): string => `blobs/sha256/${digest}`
const descriptor = (mediaType: string, { digest, bytes }: Blob) => ({
  mediaType: `application/vnd.oci.image.${mediaType}`,
  digest: `sha256:${digest}`,
  size: bytes.length,
})

const architecture = process.arch === 'x64' ? 'amd64' : process.arch
const second = 1_000_000_000

function configOf(archives: readonly Uint8Array[], program: Program, version: string): Blob {
  const { name, words, ports, healthUrl } = program
  const ask = `fetch('${healthUrl}').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`
  return jsonBlob({
    created: '1970-01-01T00:00:00Z',
    architecture,
    os: 'linux',
    config: {
      User: `${user.id}:${user.id}`,
      WorkingDir: '/data',
      Env: [`PATH=/${nodePath.replace('/node', '')}`, 'HOME=/data', 'SSPAY_DATA=/data', 'SSPAY_HOST=0.0.0.0'],
      Entrypoint: [`/${nodePath}`, `/${commandPathOf(program)}`],
      Cmd: words,
      ExposedPorts: Object.fromEntries(ports.map((port) => [`${port}/tcp`, {}])),
      Volumes: { '/data': {} },
      StopSignal: 'SIGTERM',
      // Of Docker; OCI leaves probes to the orchestrator. Times are in nanoseconds.
      Healthcheck: {
        Test: ['CMD', `/${nodePath}`, '-e', ask],
        ...{ Interval: 5 * second, Timeout: 3 * second, StartPeriod: 60 * second, Retries: 3 },
      },
      Labels: {
        'org.opencontainers.image.title': `sspay-${name}`,
        'org.opencontainers.image.version': version,
        'org.opencontainers.image.licenses': 'Apache-2.0',
      },
    },
    rootfs: { type: 'layers', diff_ids: archives.map((archive) => `sha256:${digestOf(archive)}`) },
    history: archives.map(() => ({ created: '1970-01-01T00:00:00Z', created_by: 'npm run image' })),
  })
}

/**
 * An OCI image layout of the layers, as one archive; `manifest.json` is for a `docker load` that does not know layouts
 * yet. The same files give the same bytes.
 */
export function imageLayout(layers: readonly (readonly Entry[])[], program: Program, version: string): Uint8Array {
  const tag = `sspay-${program.name}:${version}`
  const archives = layers.map(tar)
  const compressed = archives.map((archive) => blobOf(gzipSync(archive, { level: 9 })))
  const config = configOf(archives, program, version)
  const manifest = jsonBlob({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: descriptor('config.v1+json', config),
    layers: compressed.map((layer) => descriptor('layer.v1.tar+gzip', layer)),
  })
  const index = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [
      {
        ...descriptor('manifest.v1+json', manifest),
        platform: { architecture, os: 'linux' },
        annotations: { 'io.containerd.image.name': tag, 'org.opencontainers.image.ref.name': version },
      },
    ],
  }
  const forDocker = [{ Config: pathOf(config), RepoTags: [tag], Layers: compressed.map(pathOf) }]
  const json = (path: string, value: unknown): Entry => ({
    path,
    mode: 0o644,
    content: Buffer.from(JSON.stringify(value)),
  })
  return tar([
    json('oci-layout', { imageLayoutVersion: '1.0.0' }),
    json('index.json', index),
    json('manifest.json', forDocker),
    ...[config, manifest, ...compressed].map((blob) => ({ path: pathOf(blob), mode: 0o644, content: blob.bytes })),
  ])
}
