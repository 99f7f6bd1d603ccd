// The technician's board in a real browser: a drag over free time fills in the form that takes an instrument out of service.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser } from "./browser.mjs";

let browser;
before(async () => (browser = await Browser.launch()));
after(() => browser.close());

test("a drag over free time becomes a closure", async () => {
  const page = await browser.open("/desk/calendar?day=2027-01-12", { as: "lab" });
  const lane = page.locator("day-lanes .lane").nth(1);
  const box = await lane.boundingBox();
  const at = (hour) => box.x + (box.width * (hour - 8)) / 12 + 3;
  const y = box.y + box.height / 2;
  await page.mouse.move(at(13), y);
  await page.mouse.down();
  await page.mouse.move(at(14), y, { steps: 3 });
  await page.mouse.move(at(15.5), y, { steps: 3 });
  assert.equal(await page.locator(".event.ghost").innerText(), "13:00–16:00");
  await page.mouse.up();
  assert.equal(await page.locator(".event.ghost").count(), 0);
  const form = page.locator("form#close");
  assert.equal(await form.locator("[name=from]").inputValue(), "2027-01-12T13:00");
  assert.equal(await form.locator("[name=to]").inputValue(), "2027-01-12T16:00");
  assert.equal(await form.locator("[name=resource]").inputValue(), await lane.getAttribute("data-key"));
  await form.locator("[name=reason]").fill("更换灯丝");
  await Promise.all([page.waitForURL(/day=2027-01-12/), form.locator("button").last().click()]);
  assert.match(await page.locator(`.lane[data-key="${await lane.getAttribute("data-key")}"]`).innerText(), /13:00–16:00/);
  assert.deepEqual(page.problems, []);
  await page.done();
});

test("a click on the board is no drag, and Escape ends one", async () => {
  const page = await browser.open("/desk/calendar?day=2027-01-13", { as: "lab" });
  const lane = page.locator("day-lanes .lane").first();
  const box = await lane.boundingBox();
  const before = await page.locator("form#close [name=from]").inputValue();
  await page.mouse.click(box.x + box.width / 2, box.y + 8);
  await page.mouse.move(box.x + 20, box.y + 8);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 8, { steps: 4 });
  await page.keyboard.press("Escape");
  await page.mouse.up();
  assert.equal(await page.locator("form#close [name=from]").inputValue(), before);
  assert.equal(await page.locator(".event.ghost").count(), 0);
  await page.done();
});

test("a booking that is dragged opens the form that moves it, at the new time", async () => {
  const days = Array.from({ length: 14 }, (_, n) => new Date(Date.now() + (n + 1) * 864e5 + 8 * 36e5).toISOString().slice(0, 10));
  let found;
  for (const day of days) {
    const page = await browser.open(`/desk/calendar?day=${day}`, { as: "lab" });
    // A booking with room for itself before or after, inside the hours of the board.
    found = await page.evaluate(() => {
      for (const one of document.querySelectorAll("day-lanes .event[data-move]")) {
        const lane = one.closest(".lane"), from = Number(one.dataset.from), to = Number(one.dataset.to), length = to - from;
        const taken = [...lane.querySelectorAll(".event")].filter((x) => x !== one).map((x) => [Number(x.dataset.from), Number(x.dataset.to)]);
        for (let n = -8; n <= 8; n++) {
          const start = from + n * length; // as the instrument gives its slots out
          if (n === 0 || start < 9 * 60 || start + length > 17 * 60) continue;
          if (taken.every(([a, b]) => start >= b || a >= start + length)) return { key: lane.dataset.key, move: one.dataset.move, from, to, start };
        }
      }
      return null;
    });
    if (!found) {
      await page.done();
      continue;
    }
    const lane = page.locator(`day-lanes .lane[data-key="${found.key}"]`), box = await lane.boundingBox();
    const at = (minute) => box.x + (box.width * (minute / 60 - 8)) / 12 + 4;
    const y = box.y + (await lane.locator(`.event[data-move="${found.move}"]`).boundingBox()).height / 2;
    await page.mouse.move(at(found.from), y);
    await page.mouse.down();
    await page.mouse.move(at((found.from + found.start) / 2), y, { steps: 3 });
    await page.mouse.move(at(found.start), y, { steps: 3 });
    await Promise.all([page.waitForURL((url) => url.pathname === found.move), page.mouse.up()]);
    const clock = (minute) => `${day}T${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
    assert.equal(await page.locator("[name=from]").inputValue(), clock(found.start));
    assert.equal(await page.locator("[name=to]").inputValue(), clock(found.start + found.to - found.from));
    await page.locator("[name=note]").fill("当天上午保养");
    const order = found.move.replace(/\/suggest$/, "");
    await Promise.all([page.waitForURL((url) => url.pathname === order), page.locator("main form button").last().click()]);
    assert.match(await page.locator("#other-times").innerText(), /待/);
    assert.deepEqual(page.problems, []);
    await page.done();
    return;
  }
  assert.fail("no booking to move in the next two weeks");
});
