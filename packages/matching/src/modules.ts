import type { AffectedPackage } from './advisory.ts'

/** `module` or `.module` in the release of an rpm that was built for a module stream. */
const moduleBuild = /\.module[+_]/

/** Whether an rpm version was built for a module stream: `1.14.1-9.module+el8.0.0+4108+af250afe`. */
export function isModuleBuild(version: string): boolean {
  return moduleBuild.test(version)
}

/** `name:stream` of a label `name:stream:version:context`. */
export function moduleStream(label: string): string {
  return label.split(':', 2).join(':')
}

/**
 * The stream that an erratum is for, from its title: AlmaLinux and Rocky say it nowhere else
 * (`Important: nginx:1.14 security update`).
 */
export function moduleOfSummary(summary: string | undefined): string | undefined {
  return summary
    ?.slice(0, 200)
    .match(/^(?:(?:Critical|Important|Moderate|Low): ?)?([A-Za-z0-9][\w.+-]*:[\w.+-]+)(?: |$)/)?.[1]
}

/** What kind of build an installed rpm is; undefined where its version names no release, which alone would tell. */
function buildOfPackage(subject: { readonly version: string; readonly module?: string }) {
  if (subject.module !== undefined || isModuleBuild(subject.version)) return 'module'
  return subject.version.includes('-') ? 'plain' : undefined
}

/** Why an entry does not speak of a package, because of the module streams of the two; undefined when it does. */
export function moduleObjection(
  entry: AffectedPackage,
  subject: { readonly version: string; readonly module?: string },
): string | undefined {
  const build = buildOf(entry)
  const packageBuild = buildOfPackage(subject)
  if (entry.module) {
    const stream = moduleStream(entry.module)
    if (packageBuild === 'plain')
      return `The entry is for module stream ${stream}; the package is not from a module.`
    if (subject.module && moduleStream(subject.module) !== stream) {
      return `The entry is for module stream ${stream}; the package is from ${moduleStream(subject.module)}.`
    }
    return undefined
  }
  if (build === 'module' && packageBuild === 'plain') {
    return 'The fixed version is a module build; the package is not from a module.'
  }
  if (build === 'plain' && packageBuild === 'module') {
    return 'The fixed version is not a module build; the package is from a module stream.'
  }
  return undefined
}

/** Why it stays open whether the two are about one module stream, so that a match cannot be trusted; else undefined. */
export function openStream(
  entry: AffectedPackage,
  subject: { readonly version: string; readonly module?: string },
): string | undefined {
  if (subject.module !== undefined) return undefined
  const packageBuild = buildOfPackage(subject)
  if (entry.module !== undefined && packageBuild !== 'plain') {
    return `The entry is for module stream ${entry.module}, and the package does not say which stream it is from.`
  }
  if (packageBuild === undefined && buildOf(entry) === 'module') {
    return 'The fixed version is a module build, and the package does not say whether it is from a module.'
  }
  return undefined
}

/** What kind of build an entry's fixed versions are; undefined where it has none. */
export function buildOf(entry: AffectedPackage): 'module' | 'plain' | undefined {
  let build: 'module' | 'plain' | undefined
  for (const range of entry.ranges) {
    for (const event of range.events) {
      if (!('fixed' in event)) continue
      if (isModuleBuild(event.fixed)) return 'module'
      build = 'plain'
    }
  }
  return build
}
