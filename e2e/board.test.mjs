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
