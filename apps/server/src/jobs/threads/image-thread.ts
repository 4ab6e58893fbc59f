// The entry of a thread that reads images; a bundle has it beside its main file (tools/bundle.mjs).
import { readImages } from './read-images.ts'
import { serve } from './serve.ts'

serve({ readImages })

// Loaded while nobody waits: the first layer would ask for it.
void import('@lanner/extractors/extractors')
