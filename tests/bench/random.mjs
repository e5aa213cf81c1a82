// Numbers that look random and are the same on every machine: all data of a measurement comes from
// a seed, so that two runs of it differ by what is measured alone.

/** A generator of xorshift128+'s family, small and quick enough for hundreds of megabytes. */
export class Random {
  #a;
  #b;

  constructor(seed) {
    this.#a = seed | 0 || 1;
    this.#b = 0x9e3779b9 ^ seed;
    for (let i = 0; i < 8; i++) this.bits();
  }

  /** 32 bits, unsigned. */
  bits() {
    let x = this.#a;
    const y = this.#b;
    this.#a = y;
    x ^= x << 13;
    x ^= x >>> 17;
    this.#b = x ^ y ^ (y >>> 9);
    return (this.#b + y) >>> 0;
  }

  /** From 0, less than `end`. */
  below(end) {
    return this.bits() % end;
  }

  between(low, high) {
    return low + this.below(high - low + 1);
  }

  /** Whether something that happens this many times in a thousand does. */
  permille(share) {
    return this.below(1000) < share;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  hex(digits) {
    let text = "";
    while (text.length < digits) text += this.bits().toString(16).padStart(8, "0");
    return text.slice(0, digits);
  }

  uuid() {
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-a${this.hex(3)}-${this.hex(12)}`;
  }
}
