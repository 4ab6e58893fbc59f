import { serveProcess } from '../processes/serve-process.ts'
import { taskFunctions } from './task-functions.ts'

serveProcess(taskFunctions)
