import { run } from './process.ts'

/** A program that the suite drives or compares with, and where Debian keeps it. */
export interface Peer {
  readonly program: string
  /** Arguments that prove that it is there and works. */
  readonly proof: readonly string[]
  readonly debianPackages: string
}

/** Debian's own Python, where setuptools and wheel are Debian's too; the PATH may name another one first. */
export const python = '/usr/bin/python3'

export const peers: readonly Peer[] = [
  { program: 'mmdebstrap', proof: ['--version'], debianPackages: 'mmdebstrap' },
  { program: 'skopeo', proof: ['--version'], debianPackages: 'skopeo' },
  { program: 'podman', proof: ['--version'], debianPackages: 'podman' },
  { program: 'buildah', proof: ['--version'], debianPackages: 'buildah' },
  { program: 'umoci', proof: ['--version'], debianPackages: 'umoci' },
  { program: 'docker-registry', proof: ['--version'], debianPackages: 'docker-registry' },
  { program: 'dpkg-query', proof: ['--version'], debianPackages: 'dpkg' },
  { program: 'ruby', proof: ['--version'], debianPackages: 'ruby' },
  { program: 'gem', proof: ['--version'], debianPackages: 'ruby' },
  {
    program: python,
    proof: ['-c', 'import setuptools, wheel'],
    debianPackages: 'python3 python3-setuptools python3-wheel',
  },
  { program: 'javac', proof: ['-version'], debianPackages: 'default-jdk-headless' },
  { program: 'jar', proof: ['--version'], debianPackages: 'default-jdk-headless' },
  { program: 'go', proof: ['version'], debianPackages: 'golang-go' },
  { program: 'objcopy', proof: ['--version'], debianPackages: 'binutils' },
  { program: 'npm', proof: ['--version'], debianPackages: 'npm' },
  { program: 'perl', proof: ['-e', '1'], debianPackages: 'perl-base' },
  { program: 'tar', proof: ['--version'], debianPackages: 'tar' },
]

/** A sentence for each program that is missing or does not work. */
export async function missingPeers(): Promise<readonly string[]> {
  const sentences = await Promise.all(
    peers.map(async ({ program, proof, debianPackages }) => {
      const reason = await run(program, proof).then(
        ({ code, stderr }) => (code === 0 ? undefined : (stderr.trim().split('\n').at(-1) ?? `exit ${code}`)),
        (error: Error) => error.message,
      )
      return reason && `${program} is missing (Debian: apt-get install ${debianPackages}): ${reason}`
    }),
  )
  return sentences.filter((sentence) => sentence !== undefined)
}
