// Panning and zooming as a person does, by real input events of the browser, at the rate of a
// screen: the same for every viewer.
import { setTimeout as sleep } from "node:timers/promises";

const EVENT_GAP = 16;
const STEPS = 80;
const CTRL = 2;
// Inside the bars of every viewer, as is what a drag reaches: right of the names of lanes.
const AT = { x: 700, y: 450 };
const DRAG = 250;
// A viewer that takes longer than this to handle the last of its events has had its chance.
const WAIT_TIMEOUT = 60_000;

/** Scrolls down, zooms in, drags, pans and zooms out again: some seven seconds. */
export async function panAndZoom(page) {
  const sent = [];
  const send = async (event) => {
    sent.push(page.send("Input.dispatchMouseEvent", { ...AT, ...event }).catch(() => {}));
    await sleep(EVENT_GAP);
  };
  const wheel = async (delta) => {
    for (let i = 0; i < STEPS; i++)
      await send({ type: "mouseWheel", deltaX: 0, deltaY: 0, ...delta });
  };

  await send({ type: "mouseMoved" });
  await wheel({ deltaY: 20 });
  await wheel({ deltaY: -24, modifiers: CTRL });
  await send({ type: "mousePressed", button: "left", buttons: 1, clickCount: 1 });
  for (let i = 0; i < STEPS; i++) {
    const x = AT.x - DRAG * Math.sin((i / STEPS) * 2 * Math.PI);
    await send({ type: "mouseMoved", button: "left", buttons: 1, x });
  }
  await send({ type: "mouseReleased", button: "left", clickCount: 1 });
  await wheel({ deltaX: 15 });
  // Not all the way: it is then to be seen whether the viewer has followed.
  await wheel({ deltaY: 16, modifiers: CTRL });
  await Promise.race([Promise.all(sent), sleep(WAIT_TIMEOUT, undefined, { ref: false })]);
}
