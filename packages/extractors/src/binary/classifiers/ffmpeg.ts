import { defineClassifier } from './classifier.ts'

export const ffmpeg = defineClassifier({
  id: 'ffmpeg',
  label: 'FFmpeg',
  name: 'ffmpeg',
  revision: 1,
  paths: ['**/libavcodec.so*', '**/ffmpeg'],
  patterns: [
    { anchor: 'FFmpeg version ', pattern: /^FFmpeg version n?(?<version>\d+\.\d+(?:\.\d+)?)[-\0 ]/ },
  ],
  specimens: [
    {
      from: 'libavcodec59 7:5.1.9-0+deb12u1 of Debian 12',
      path: 'usr/lib/x86_64-linux-gnu/libavcodec.so.59.37.100',
      bytes: '\x00FFmpeg version 5.1.9-0+deb12u1\x00',
      version: '5.1.9',
    },
  ],
  nearMisses: [{ path: 'usr/bin/ffmpeg', bytes: 'FFmpeg version git-2022-07-23-abcdef\x00' }],
})
