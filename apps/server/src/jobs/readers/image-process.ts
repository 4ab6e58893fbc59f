// The entry of a process that reads images; a bundle has it beside its main file (tools/bundle.mjs).
import { serveProcess } from '../processes/serve-process.ts'
import { readImages } from './read-images.ts'

serveProcess({ readImages })

// Loaded while nobody waits: the first layer would ask for it.
void import('@lanner/extractors/extractors')
