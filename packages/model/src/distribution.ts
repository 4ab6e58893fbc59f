/**
 * The distribution an image is built from, as its os-release says.
 * https://www.freedesktop.org/software/systemd/man/latest/os-release.html
 */
export interface Distribution {
  /** `ID`, lower case: `debian`, `alpine`, `rhel`, `sles`, `wolfi`. */
  readonly id: string
  /** `VERSION_ID` as written: `12`, `3.19.1`, `9.4`; absent for rolling releases. */
  readonly version?: string
  readonly codename?: string
  /** `ID_LIKE`, split. */
  readonly like: readonly string[]
  /** `PRETTY_NAME`. */
  readonly name?: string
  readonly variant?: string
  /** `CPE_NAME`. */
  readonly cpe?: string
  /** The file that said so, without a leading slash. */
  readonly path: string
}

/** `debian-12`, `alpine-3.19.1`, `wolfi`: the purl `distro` qualifier. */
export function distributionQualifier(distribution: Distribution): string {
  return distribution.version ? `${distribution.id}-${distribution.version}` : distribution.id
}
