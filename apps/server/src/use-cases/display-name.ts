import { RequestFault } from './request-fault.ts'

/** A name for people to read, without the space around it; `of` says whose it is: `a client`. */
export function readDisplayName(of: string, text: string): string {
  const name = text.trim()
  if (!/^[^\p{Cc}]{1,100}$/u.test(name))
    throw new RequestFault('invalid', `name: ${of} needs a name of 1 to 100 printable characters`)
  return name
}
