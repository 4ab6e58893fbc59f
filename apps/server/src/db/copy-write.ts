import type { Writable } from 'node:stream'

/** Writes and waits while the target is busy; fails when it fails or is closed. */
export async function writeTo(target: Writable, bytes: Buffer): Promise<void> {
  if (target.errored) throw target.errored
  if (target.destroyed) throw closed()
  if (target.write(bytes)) return
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: Error) => {
      target.off('drain', onDrain).off('error', settle).off('close', onClose)
      if (error) reject(error)
      else resolve()
    }
    const onDrain = () => settle()
    const onClose = () => settle(target.errored ?? closed())
    target.on('drain', onDrain).on('error', settle).on('close', onClose)
  })
}

function closed(): Error {
  return new Error('the stream was closed before all was written')
}
