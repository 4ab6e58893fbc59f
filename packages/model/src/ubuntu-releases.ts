/** Ubuntu's releases with long support by code name. https://wiki.ubuntu.com/Releases */
export const ubuntuReleases: ReadonlyMap<string, string> = new Map([
  ['trusty', '14.04'],
  ['xenial', '16.04'],
  ['bionic', '18.04'],
  ['focal', '20.04'],
  ['jammy', '22.04'],
  ['noble', '24.04'],
])
