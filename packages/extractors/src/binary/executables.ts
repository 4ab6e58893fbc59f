import type { Bytes } from '../bytes.ts'
import { readElf } from '../formats/elf.ts'
import type { Executable } from '../formats/executable.ts'
import { readMachO } from '../formats/macho.ts'
import { readPe } from '../formats/pe.ts'

/**
 * The programs or libraries in a file: one, several in a universal Mach-O, none in any other file.
 * Throws ExtractFault where the headers begin as they should and cannot be read.
 */
export function readExecutables(bytes: Bytes): readonly Executable[] {
  const single = readElf(bytes) ?? readPe(bytes)
  return single ? [single] : readMachO(bytes)
}
