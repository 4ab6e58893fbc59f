/** Exit codes, as the manual states them. */
export const exitCodes = {
  pass: 0,
  findings: 1,
  usage: 2,
  notAssessed: 3,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** The command line cannot be understood: printed with a hint at `--help`, exit 2. */
export class UsageError extends Error {
  readonly command: string | undefined

  constructor(message: string, command?: string) {
    super(message)
    this.name = 'UsageError'
    this.command = command
  }
}
