// What scripts need of the format of wasm files.

export const leb = (number) => {
  const bytes = [];
  do {
    bytes.push((number & 127) | (number > 127 ? 128 : 0));
    number >>>= 7;
  } while (number > 0);
  return Buffer.from(bytes);
};
export const counted = (bytes) => Buffer.concat([leb(bytes.length), bytes]);
export const section = (id, content) => Buffer.concat([Buffer.from([id]), counted(content)]);

/** Reads numbers and names one after another. */
export class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  number() {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }
  slice(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
  name() {
    return this.slice(this.number()).toString();
  }
}

export const sections = (wasm) => {
  const reader = new Reader(wasm, 8);
  const found = [];
  while (reader.at < wasm.length)
    found.push({ id: reader.number(), content: reader.slice(reader.number()) });
  return found;
};
export const joinSections = (wasm, all) =>
  Buffer.concat([wasm.subarray(0, 8), ...all.map(({ id, content }) => section(id, content))]);

/**
 * Leaves out what neither a browser nor a reader of a report needs: with what a release was made, and for which
 * machine. It is the last that is done with a release's wasm, since wasm-opt reads some of that.
 */
export const lighten = (wasm) =>
  joinSections(
    wasm,
    sections(wasm).filter(
      ({ id, content }) =>
        id !== 0 || !["producers", "target_features"].includes(new Reader(content).name()),
    ),
  );
