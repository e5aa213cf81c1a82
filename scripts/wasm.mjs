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
  while (reader.at < wasm.length) found.push({ id: reader.number(), content: reader.slice(reader.number()) });
  return found;
};
export const joinSections = (wasm, all) =>
  Buffer.concat([wasm.subarray(0, 8), ...all.map(({ id, content }) => section(id, content))]);

/** The pieces of data that have a fixed place in the memory: `base` is where. */
const pieces = (content) => {
  const reader = new Reader(content);
  return Array.from({ length: reader.number() }, () => {
    // 0: at what an expression says, which is `i32.const` (0x41) and a signed number in what the linker makes.
    const isFixed = reader.number() === 0 && content[reader.at] === 0x41;
    let base = NaN;
    if (isFixed) {
      reader.at++;
      base = reader.number();
      reader.at++;
    }
    return { base, bytes: reader.slice(reader.number()) };
  });
};

/**
 * Leaves out where in the code of others a panic can come from: the file's name, line and column, which
 * neither users nor we can do much with, and which cost the page 2 KB after compression. Of our own code
 * they stay, but for the columns. rustc can leave out all or none (`-Z location-detail`), and in unstable versions only.
 *
 * A place is four numbers: where the name is, its length, the line and the column.
 */
const forgetForeignPlaces = (wasm) => {
  const made = Buffer.from(wasm);
  const data = sections(made).find(({ id }) => id === 11);
  if (!data) return made;
  const all = pieces(data.content).filter(({ base }) => !Number.isNaN(base));
  const find = (from, length) => {
    const of = all.find(({ base, bytes }) => from >= base && from + length <= base + bytes.length);
    return of?.bytes.subarray(from - of.base, from - of.base + length);
  };
  const names = [];
  for (const { base, bytes } of all) {
    const at = (offset) => bytes.readUInt32LE(offset);
    for (let offset = (4 - (base % 4)) % 4; offset + 16 <= bytes.length; offset += 4) {
      const [from, length, line, column] = [at(offset), at(offset + 4), at(offset + 8), at(offset + 12)];
      if (length < 4 || length > 200 || line < 1 || line > 50_000 || column < 1 || column > 1_000) continue;
      const name = find(from, length);
      if (!name || !/^[!-~]+\.rs$/.test(name.toString("latin1"))) continue;
      if (name.toString("latin1").startsWith("src/")) {
        bytes.writeUInt32LE(0, offset + 12);
        continue;
      }
      names.push(name);
      // An empty name still has to be somewhere.
      [1, 0, 0, 0].forEach((number, index) => bytes.writeUInt32LE(number, offset + 4 * index));
    }
  }
  names.forEach((name) => name.fill(0));
  return made;
};

/** Leaves out what neither a browser nor we read of a release: with what it was made, and for which machine. */
const forgetMakers = (wasm) =>
  joinSections(
    wasm,
    sections(wasm).filter(
      ({ id, content }) => id !== 0 || !["producers", "target_features"].includes(new Reader(content).name()),
    ),
  );

/** Leaves out of a release's wasm what only weighs. It is the last that is done with it: wasm-opt reads some of that. */
export const lighten = (wasm) => forgetMakers(forgetForeignPlaces(wasm));
