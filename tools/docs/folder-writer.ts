import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Writes the files of a folder that a watcher may observe: unchanged files are not touched. */
export interface FolderWriter {
  write(path: string, text: string): void
  /** Removes files that were not written. */
  sweep(): void
}

export function createFolderWriter(folder: string): FolderWriter {
  const written = new Set<string>()
  return {
    write(path, text) {
      written.add(path)
      const file = join(folder, path)
      if (existsSync(file) && readFileSync(file, 'utf8') === text) return
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    },
    sweep() {
      for (const path of globSync('**/*.{md,json}', { cwd: folder })) if (!written.has(path)) rmSync(join(folder, path))
    },
  }
}
