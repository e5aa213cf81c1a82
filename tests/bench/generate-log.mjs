// A Skaffold event log as a verify job run leaves it: one JSON object a line, several tests at
// once, so that their lines interleave, with ANSI colours, warnings, failures and long lines.
import { closeSync, openSync, writeSync } from "node:fs";
import { Random } from "./random.mjs";

const SEED = 5;
const START = Date.UTC(2026, 10, 24, 9, 0, 0);
const CHUNK = 1 << 20;
const TESTS = ["smoke-test", "checkout-flow", "load-profile", "refunds"];
const PATHS = ["/v1/charges", "/v1/carts/items", "/v1/refunds", "/v1/orders/search", "/healthz"];

/** What a search looks for: it stands in some forty lines, none in the first two fifths. */
export const NEEDLE = "trace-7f3a9c1e0b52";

/** Writes a log of `count` lines, some 200 bytes each, and returns its size. */
export function writeLog(path, count) {
  const file = openSync(path, "w");
  let size = 0;
  let chunk = "";
  const flush = () => {
    size += writeSync(file, chunk);
    chunk = "";
  };
  for (const line of lines(count)) {
    chunk += line + "\n";
    if (chunk.length > CHUNK) flush();
  }
  flush();
  closeSync(file);
  return size;
}

/** A time of the log up to the point before the fraction. */
const secondsText = (second) => new Date(START + second * 1000).toISOString().slice(0, 20);

function* lines(count) {
  const random = new Random(SEED);
  let [second, nanos] = [0, 0];
  let time = secondsText(second);
  const event = (body) => {
    nanos += random.below(900_000);
    if (nanos >= 1e9) {
      nanos -= 1e9;
      time = secondsText(++second);
    }
    return `{"timestamp":"${time}${String(nanos).padStart(9, "0")}Z",${body}}`;
  };

  const opening = [
    `"metaEvent":{"entry":"Starting Skaffold: &{Version:v2.17.2 ConfigVersion:skaffold/v4beta13 GitVersion: GitCommit:9d1f0b3}"}`,
    `"taskEvent":{"id":"Verify-0","task":"Verify","description":"Verify","iteration":0,"status":"InProgress"}`,
    ...TESTS.map(
      (test) => `"verifyEvent":{"id":"${test}","taskId":"Verify-0","status":"InProgress"}`,
    ),
  ];
  const failed = `"errCode":"VERIFY_UNKNOWN_ERR","message":"container load-profile exited with status 1: 3 of 41 checks failed"`;
  const closing = [
    `"verifyEvent":{"id":"load-profile","taskId":"Verify-0","status":"Failed","actionableErr":{${failed}}}`,
    ...TESTS.filter((test) => test !== "load-profile").map(
      (test) => `"verifyEvent":{"id":"${test}","taskId":"Verify-0","status":"Succeeded"}`,
    ),
    `"taskEvent":{"id":"Verify-0","task":"Verify","iteration":0,"status":"Failed","actionableErr":{${failed}}}`,
    `"terminationEvent":{"status":"Failed","err":{${failed},"suggestions":[{"suggestionCode":"NIL","action":"Look at the test's own log"}]}}`,
  ];

  for (const body of opening) yield event(body);
  const last = count - closing.length;
  const everyNeedle = Math.ceil(count / 66);
  for (let line = opening.length; line < last; line++) {
    const marked = line > count * 0.4 && line % everyNeedle === 0;
    yield event(output(random, marked ? ` ${NEEDLE}` : ""));
  }
  for (const body of closing) yield event(body);
}

/** A line of a test's output. */
function output(random, mark) {
  const test = random.pick(TESTS);
  const path = random.pick(PATHS);
  const millis = random.between(4, 1900);
  const origin = `"skaffoldLogEvent":{"taskId":"Verify-0","subtaskId":"${test}"`;
  const colour = (code, text) => `\\u001b[${code}m${text}\\u001b[0m`;
  const say = (level, message) => `${origin},"level":"${level}","message":"${message}${mark}\\n"}`;
  switch (random.below(16)) {
    case 0:
      return say(
        "WARN",
        `${colour(33, "slow")} GET ${path} took ${800 + millis} ms, the limit is 800 ms, request ${random.uuid()} of worker ${random.below(32)}`,
      );
    case 1:
      return random.permille(60)
        ? say(
            "ERROR",
            `${colour(31, "✗")} POST ${path}: expected 200, got 503: upstream connect error or disconnect/reset before headers, request ${random.uuid()}`,
          )
        : say(
            "INFO",
            `${colour(32, "✓")} POST ${path} answered 201 within ${millis} ms, request ${random.uuid()} of worker ${random.below(32)}`,
          );
    case 2:
      // The level of DEBUG is the default, so it is left out.
      return `${origin},"message":"dial tcp 10.12.${random.below(255)}.${random.below(255)}:8443: retrying in ${millis} ms, attempt ${random.below(9)} of 9, session ${random.hex(24)}${mark}\\n"}`;
    case 3:
      return `"applicationLogEvent":{"containerName":"${test}","podName":"${test}-${random.hex(5)}","prefix":"[${test}]","message":"cart ${random.uuid()} holds ${random.below(40)} items${mark}\\n","richFormattedMessage":"${colour(36, `[${test}]`)} cart holds ${random.below(40)} items\\n"}`;
    default:
      return say(
        "STANDARD",
        `GET ${path}?page=${random.below(500)} 200 ${millis} ms ${random.below(60_000)} bytes`,
      );
  }
}
