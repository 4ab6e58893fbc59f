import { defineClassifier } from './classifier.ts'

/** The version string stands alone, so the file name must say the same release line. */
export const python = defineClassifier({
  id: 'python',
  label: 'Python',
  name: 'python',
  revision: 1,
  paths: ['**/python2*', '**/python3*', '**/libpython*.so*'],
  nameVersion: /(?:^|\/)(?:lib)?python(?<version>[23]\.\d{1,2})(?:[a-z]{0,2}(?:\.so(?:\.\d+)*)?)$/,
  patterns: [{ anchor: '\x00{name}.', pattern: /^\0(?<version>\d\.\d+\.\d+(?:(?:a|b|rc)\d+)?)\+?\0/ }],
  specimens: [
    {
      from: 'python3.11-minimal 3.11.2-6+deb12u9 of Debian 12',
      path: 'usr/bin/python3.11',
      bytes: '\x00pymalloc_debug\x003.11.2\x00',
      version: '3.11.2',
    },
    {
      from: 'libpython3.11 3.11.2-6+deb12u9 of Debian 12',
      path: 'usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0',
      bytes: "%s: '%s'\x003.11.2\x00%",
      version: '3.11.2',
    },
  ],
  nearMisses: [
    { path: 'usr/bin/python3.11', bytes: '\x003.12.2\x003.11\x003.11.x\x00' },
    { path: 'usr/bin/python3.1', bytes: '\x003.11.2\x00' },
    { path: 'usr/lib/libpython3.so', bytes: '\x003.11.2\x00' },
  ],
})
