import type { ImagePolicyFacts, PolicyDetection, PolicyFinding, PolicyPackage } from '../facts.ts'

/** An image that says nothing but its name, and whatever a test adds. */
export function factsOf(facts: Partial<ImagePolicyFacts> = {}): ImagePolicyFacts {
  return {
    registry: '',
    repository: 'shop/checkout',
    tag: '1.8.2',
    digest: `sha256:${'9a'.repeat(32)}`,
    assessment: 'assessed',
    packages: [],
    findings: [],
    detections: [],
    ...facts,
  }
}

/** A package of Debian without a known place. */
export function packageOf(pkg: Partial<PolicyPackage> = {}): PolicyPackage {
  return { type: 'deb', name: 'openssl', version: '3.0.1', purl: '', licenses: [], places: [], ...pkg }
}

/** A finding of the first package of which little is known. */
export function findingOf(finding: Partial<PolicyFinding> = {}): PolicyFinding {
  return {
    vulnerability: 'CVE-2024-0001',
    aliases: [],
    package: 0,
    verdict: 'affected',
    severity: 'unknown',
    cpsRating: 'low',
    exploited: false,
    fixAvailable: false,
    ...finding,
  }
}

/** A private key. */
export function detectionOf(detection: Partial<PolicyDetection> = {}): PolicyDetection {
  return { id: 'det-1', type: 'secret', name: 'PrivateKey', severity: 'high', places: [], ...detection }
}
