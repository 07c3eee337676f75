import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Descriptor {
  readonly digest: string
  readonly size: number
}

export interface ImageConfig {
  readonly User: string
  readonly WorkingDir: string
  readonly Env: readonly string[]
  readonly Entrypoint: readonly string[]
  readonly Cmd: readonly string[]
  readonly StopSignal: string
  readonly Labels: Readonly<Record<string, string>>
  readonly Healthcheck: { readonly Test: readonly string[] }
}

const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** Unpacks the layers of an OCI layout into `root`, as a container engine does: every digest and size is checked. */
export function unpackImage(image: string, layout: string, root: string): ImageConfig {
  mkdirSync(layout)
  mkdirSync(root)
  execFileSync('tar', ['-xf', image, '-C', layout])
  const read = ({ digest, size }: Descriptor): Buffer => {
    const bytes = readFileSync(join(layout, 'blobs', digest.replace(':', '/')))
    if (sha256(bytes) !== digest || bytes.length !== size) throw new Error(`the blob ${digest} is another one`)
    return bytes
  }
  const readJson = (descriptor: Descriptor) => JSON.parse(read(descriptor).toString())
  const { manifests } = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'))
  const { config, layers } = readJson(manifests[0])
  const { config: runConfig, rootfs } = readJson(config)
  for (const [at, layer] of (layers as readonly Descriptor[]).entries()) {
    const archive = execFileSync('gzip', ['-dc'], { input: read(layer), maxBuffer: 1 << 30 })
    if (sha256(archive) !== rootfs.diff_ids[at]) throw new Error(`the layer ${layer.digest} unpacks to another archive`)
    execFileSync('tar', ['-xpf', '-', '--same-owner', '-C', root], { input: archive })
  }
  return runConfig
}
