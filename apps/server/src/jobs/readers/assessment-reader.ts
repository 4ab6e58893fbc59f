import { type ImageReader, ReaderFault } from '../../use-cases/assessment/image-reader.ts'
import { TaskFault } from '../tasks/task-fault.ts'
import type { ImageReader as ReaderProcesses } from './image-reader.ts'

/** The processes that read images as assessments know them. With `blobFolder` they open the blobs themselves. */
export function assessmentReader({
  processes,
  blobFolder,
}: {
  readonly processes: ReaderProcesses
  readonly blobFolder?: string
}): ImageReader {
  return {
    async read(source, image, { signal, onProgress }) {
      const layers = image.manifest.layers.length
      let layersDone = 0
      let layersKnown = 0
      try {
        const [read] = await processes.read(source, [image], {
          signal,
          ...(blobFolder === undefined ? {} : { blobFolder }),
          onEvent(event) {
            if (event.kind !== 'layer-done') return
            layersDone++
            if (event.cached) layersKnown++
            onProgress({ layers, layersDone, layersKnown })
          },
        })
        return read
      } catch (error) {
        if (!(error instanceof TaskFault)) throw error
        if (error.code !== 'crashed' && error.code !== 'out-of-memory') throw error
        const { heap, total } = processes.memory
        const reason =
          error.code === 'crashed'
            ? `reading the image failed: ${error.message}`
            : `reading the image needed more memory than ${mebibytes(total)}, ${mebibytes(heap)} of it for objects`
        throw new ReaderFault(error.code, reason, { manifestDigest: image.manifestDigest, cause: error })
      }
    },
  }
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MiB`
}
