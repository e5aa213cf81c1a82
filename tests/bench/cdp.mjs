// The DevTools protocol over a pair of pipes: no port that others could reach, and no dependency.

export class Cdp {
  #out;
  #waiting = new Map();
  #listeners = new Set();
  #id = 0;

  /** `out` is what the browser reads, `input` what it writes. */
  constructor(out, input) {
    this.#out = out;
    let parts = [];
    input.on("data", (data) => {
      for (let end; (end = data.indexOf(0)) !== -1; data = data.subarray(end + 1)) {
        parts.push(data.subarray(0, end));
        this.#receive(JSON.parse(Buffer.concat(parts).toString()));
        parts = [];
      }
      parts.push(data);
    });
    input.on("close", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("the browser has gone"));
    });
  }

  send(method, params = {}, sessionId = undefined) {
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { method, resolve, reject });
      this.#out.write(JSON.stringify({ id, method, params, sessionId }) + "\0");
    });
  }

  /** Calls back for every event of a session (none: the browser's own) and returns how to stop. */
  on(method, sessionId, callback) {
    const listener = (message) => {
      if (message.method === method && message.sessionId === sessionId) callback(message.params);
    };
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  once(method, sessionId) {
    return new Promise((resolve) => {
      const stop = this.on(method, sessionId, (params) => {
        stop();
        resolve(params);
      });
    });
  }

  #receive(message) {
    if (!message.id) {
      for (const listener of this.#listeners) listener(message);
      return;
    }
    const { method, resolve, reject } = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error) reject(new Error(`${method}: ${message.error.message}`));
    else resolve(message.result);
  }
}
