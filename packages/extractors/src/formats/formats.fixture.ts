/** Files of binary formats for the tests of other rooms. */
export { elfFixture } from './executable.fixture.ts'
export { inlineBuildInfo } from './go-buildinfo.fixture.ts'
export { zip } from './zip.fixture.ts'
