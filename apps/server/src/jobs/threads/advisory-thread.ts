// The entry of a thread that works on advisories; a bundle has it beside its main file (tools/bundle.mjs).
import { importStore, matchStored, updateStore } from './advisory-tasks.ts'
import { serveThread } from './serve-thread.ts'

serveThread({ importStore, matchStored, updateStore })
