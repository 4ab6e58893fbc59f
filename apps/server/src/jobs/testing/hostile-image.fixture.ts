// Reads images as the platform does, but for those of one architecture: reading them asks for more memory than there is, at
// once, which V8 ends a process for.
import { serveProcess } from '../processes/serve-process.ts'
import { type ImagesToRead, readImages } from '../readers/read-images.ts'
import type { TaskContext } from '../tasks/conversation.ts'

serveProcess({
  readImages(asked: ImagesToRead, context: TaskContext) {
    if (asked.images.some(({ config }) => config.architecture === 's390x')) new Array(2 ** 25 - 1).fill(1.5)
    return readImages(asked, context)
  },
})
