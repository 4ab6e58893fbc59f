// The entry of a thread that works on advisories; a bundle has it beside its main file (tools/bundle.mjs).
import { importStore, matchStored, updateStore } from './advisory-tasks.ts'
import { serve } from './serve.ts'

serve({ importStore, matchStored, updateStore })
