import { defineExtractor, MiB, type Observation } from '../../extractor.ts'
import { type RustCrate, readRustAudit, rustAuditSection } from '../../formats/rust-audit.ts'
import { readExecutables } from '../executables.ts'

/** Rust programs built with `cargo auditable` carry the list of their crates. https://github.com/rust-secure-code/cargo-auditable */
export const rust = defineExtractor({
  id: 'binary/rust',
  revision: 2,
  finds: 'crates of Rust programs built with cargo auditable (ELF, PE and Mach-O files)',
  // The section's name, so that of a file above the bound the list of sections is kept wherever it lies.
  wants: { executables: true, anchors: [Buffer.from(`${rustAuditSection}\0`, 'latin1')] },
  maxBytes: 16 * MiB,
  *extract({ bytes }) {
    const seen = new Set<string>()
    for (const executable of readExecutables(bytes)) {
      if (typeof executable.sections === 'object') {
        // A list that was let go held no such name, or its surroundings had been kept.
        if (
          executable.sections.code === 'not-retained' &&
          bytes.indexOf(Buffer.from(rustAuditSection, 'latin1')) < 0
        )
          continue
        throw executable.sections
      }
      for (const crate of readRustAudit(bytes, executable) ?? []) {
        const identity = JSON.stringify([crate.name, crate.version, crate.kind])
        if (seen.has(identity)) continue
        seen.add(identity)
        yield observation(crate)
      }
    }
  },
})

/** A build dependency ran while the program was built and is not in it. */
function observation({ name, version, kind }: RustCrate): Observation {
  return {
    kind: 'package',
    type: 'cargo',
    name,
    version,
    confidence: 'embedded',
    ...(kind === 'build' ? { development: true } : {}),
  }
}
