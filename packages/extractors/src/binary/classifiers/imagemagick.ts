import { defineClassifier } from './classifier.ts'

export const imagemagick = defineClassifier({
  id: 'imagemagick',
  label: 'ImageMagick',
  name: 'imagemagick',
  revision: 1,
  paths: ['**/libMagickCore*.so*', '**/magick'],
  patterns: [{ anchor: '\x00ImageMagick ', pattern: /^\0ImageMagick (?<version>\d+\.\d+\.\d+-\d+) / }],
  specimens: [
    {
      from: 'libmagickcore-6.q16-6 8:6.9.11.60+dfsg-1.6+deb12u15 of Debian 12',
      path: 'usr/lib/x86_64-linux-gnu/libMagickCore-6.Q16.so.6.0.0',
      bytes: '\x00ImageMagick 6.9.11-60 Q16 x86_64',
      version: '6.9.11-60',
    },
  ],
  nearMisses: [{ path: 'usr/bin/magick', bytes: '\x00ImageMagick Studio LLC\x00' }],
})
