/** A value of which the JSON was written before: its bytes go out as they are. */
export class WrittenJson {
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }
}

/** Stands where a handler gives a value of its declared type, which is what the bytes are the JSON of. */
export function written<Value>(bytes: Uint8Array): Value {
  return new WrittenJson(bytes) as Value
}
