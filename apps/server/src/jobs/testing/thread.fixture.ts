import { serveThread } from '../threads/serve-thread.ts'
import { taskFunctions } from './task-functions.ts'

serveThread(taskFunctions)
