/** Thrown by facts that were made without the places of packages, when these are asked for. */
export class PlacesAsked extends Error {
  constructor() {
    super('the places of packages are asked for, and the facts do not have them')
    this.name = 'PlacesAsked'
  }
}
