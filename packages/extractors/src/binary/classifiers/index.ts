import type { Extractor } from '../../extractor.ts'
import { apacheHttpd } from './apache-httpd.ts'
import { bash } from './bash.ts'
import { bind } from './bind.ts'
import { bun } from './bun.ts'
import { busybox } from './busybox.ts'
import { type Classifier, classifierExtractor } from './classifier.ts'
import { curl } from './curl.ts'
import { deno } from './deno.ts'
import { dnsmasq } from './dnsmasq.ts'
import { elixir } from './elixir.ts'
import { erlang } from './erlang.ts'
import { exim } from './exim.ts'
import { expat } from './expat.ts'
import { ffmpeg } from './ffmpeg.ts'
import { gcc } from './gcc.ts'
import { git } from './git.ts'
import { gnutls } from './gnutls.ts'
import { go } from './go.ts'
import { haproxy } from './haproxy.ts'
import { imagemagick } from './imagemagick.ts'
import { libarchive } from './libarchive.ts'
import { libjpegTurbo } from './libjpeg-turbo.ts'
import { libpcap } from './libpcap.ts'
import { libpng } from './libpng.ts'
import { libssh2 } from './libssh2.ts'
import { libtiff } from './libtiff.ts'
import { lighttpd } from './lighttpd.ts'
import { lua } from './lua.ts'
import { mariadb } from './mariadb.ts'
import { memcached } from './memcached.ts'
import { mosquitto } from './mosquitto.ts'
import { mysql } from './mysql.ts'
import { nginx } from './nginx.ts'
import { node } from './node.ts'
import { openjdk } from './openjdk.ts'
import { openssh } from './openssh.ts'
import { openssl } from './openssl.ts'
import { pcre2 } from './pcre2.ts'
import { perl } from './perl.ts'
import { php } from './php.ts'
import { postgresql } from './postgresql.ts'
import { proftpd } from './proftpd.ts'
import { python } from './python.ts'
import { redis } from './redis.ts'
import { ruby } from './ruby.ts'
import { rust } from './rust.ts'
import { sqlite } from './sqlite.ts'
import { squid } from './squid.ts'
import { stunnel } from './stunnel.ts'
import { sudo } from './sudo.ts'
import { tcpdump } from './tcpdump.ts'
import { tor } from './tor.ts'
import { unbound } from './unbound.ts'
import { valkey } from './valkey.ts'
import { varnish } from './varnish.ts'
import { vsftpd } from './vsftpd.ts'
import { xz } from './xz.ts'
import { zlib } from './zlib.ts'
import { zstd } from './zstd.ts'

/** Software that is recognised without a package manager; sorted by id. */
export const classifiers: readonly Classifier[] = [
  apacheHttpd,
  bash,
  bind,
  bun,
  busybox,
  curl,
  deno,
  dnsmasq,
  elixir,
  erlang,
  exim,
  expat,
  ffmpeg,
  gcc,
  git,
  gnutls,
  go,
  haproxy,
  imagemagick,
  libarchive,
  libjpegTurbo,
  libpcap,
  libpng,
  libssh2,
  libtiff,
  lighttpd,
  lua,
  mariadb,
  memcached,
  mosquitto,
  mysql,
  nginx,
  node,
  openjdk,
  openssh,
  openssl,
  pcre2,
  perl,
  php,
  postgresql,
  proftpd,
  python,
  redis,
  ruby,
  rust,
  sqlite,
  squid,
  stunnel,
  sudo,
  tcpdump,
  tor,
  unbound,
  valkey,
  varnish,
  vsftpd,
  xz,
  zlib,
  zstd,
]

export const classifierExtractors: readonly Extractor[] = classifiers.map(classifierExtractor)
