import { defineClassifier } from './classifier.ts'

/** The version as the `release` file beside it has it: without the build number. */
export const openjdk = defineClassifier({
  id: 'openjdk',
  label: 'OpenJDK',
  name: 'openjdk',
  revision: 1,
  paths: ['**/libjvm.so'],
  patterns: [
    {
      anchor: 'OpenJDK ',
      pattern:
        /^OpenJDK (?:64-Bit )?(?:Server|Client|Zero|Minimal) VM \([^()]{1,80}\) for [a-z0-9-]{1,40} JRE \((?<version>1\.8\.0_\d+|\d+(?:\.\d+)*)[-+) ]/,
    },
  ],
  specimens: [
    {
      from: 'openjdk-17-jre-headless 17.0.21.1+2-1~deb12u1 of Debian 12',
      path: 'usr/lib/jvm/java-17-openjdk-amd64/lib/server/libjvm.so',
      bytes:
        '\x00OpenJDK 64-Bit Server VM (17.0.21.1+2-1-deb12u1-Debian) for linux-amd64 JRE (17.0.21.1+2-1-deb12u1-Debian), built on',
      version: '17.0.21.1',
    },
  ],
  nearMisses: [
    { path: 'opt/java/lib/server/libjvm.so', bytes: 'OpenJDK 64-Bit Server VM warning: version 17.0.1\x00' },
  ],
})
