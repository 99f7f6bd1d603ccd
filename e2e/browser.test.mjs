// The running program in a real browser: `node --test e2e/browser.test.mjs`. SHOTS=folder keeps pictures of all pages,
// BASE=address tests a program that runs already, ONLY=name looks at the pages whose name contains it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Browser } from "./browser.mjs";
import { inModes, modes, pages } from "./pages.mjs";

let browser;
before(async () => {
  browser = await Browser.launch();
});
after(() => browser?.close());

const wanted = pages.filter((page) => page.name.includes(process.env.ONLY ?? ""));
const label = (cookies) => Object.values(cookies).join("-");

// one opening serves all widths: the window is pulled narrower, as somebody might do
async function look(page, widths, options, name) {
  const opened = await browser.open(await browser.address(page), { as: page.as, width: widths[0], ...options });
  try {
    for (const width of widths) {
      await opened.setViewportSize({ width, height: 900 });
      await browser.shot(opened, `${name}-${width}`);
      await browser.inspect(opened, page);
    }
  } finally {
    await opened.done();
  }
}

describe("every page", { concurrency: 2 }, () => {
  for (const page of wanted) test(`${page.name} at 1440 and 390`, () => look(page, [1440, 390], {}, page.name));
});

describe("every mode", { concurrency: 2 }, () => {
  for (const page of wanted.filter((p) => inModes.includes(p.name)))
    for (const cookies of modes)
      test(`${page.name} ${label(cookies)}`, () => look(page, Object.keys(cookies).length > 1 ? [1440, 390] : [390], { cookies }, `${page.name}-${label(cookies)}`));
});

describe("behaviour", { skip: process.env.ONLY !== undefined && "only some pages are asked for" }, () => {
  test("the first visit of the front page weighs at most 40 KB", async () => {
    const context = await browser.chrome.newContext({ serviceWorkers: "block" });
    const page = await context.newPage();
    const requests = [];
    page.on("requestfinished", (request) => requests.push(request));
    await page.goto(browser.base + "/", { waitUntil: "networkidle" });
    const sizes = await Promise.all(requests.map((request) => request.sizes()));
    const total = sizes.reduce((sum, size) => sum + size.responseBodySize, 0);
    assert.ok(total <= 40 * 1024, `${total} bytes in ${requests.length} answers: ${requests.map((r, i) => new URL(r.url()).pathname + " " + sizes[i].responseBodySize)}`);
    await context.close();
  });

  test("search works without JavaScript, in both languages", async () => {
    const page = await browser.open("/", { js: false });
    await page.fill("main [role=search] input[type=search]", "电镜");
    await page.press("main [role=search] input[type=search]", "Enter");
    assert.match(page.url(), /\/resources\?.*q=/);
    assert.ok((await page.locator(".item").count()) > 0, "nothing found");
    await page.getByRole("button", { name: "English" }).first().click();
    assert.equal(await page.getAttribute("html", "lang"), "en");
    assert.match(page.url(), /q=/, "the search is lost when the language changes");
    await page.done();
  });

  test("filters work as one clicks, and the address tells them", async () => {
    const page = await browser.open("/resources");
    const before = await page.textContent("#results-count");
    const box = page.locator(".facets input[type=checkbox]").first();
    const [name, value] = [await box.getAttribute("name"), await box.getAttribute("value")];
    await box.check();
    await page.waitForURL((url) => url.searchParams.getAll(name).includes(value));
    await page.goBack();
    await page.waitForFunction((text) => document.querySelector("#results-count").textContent === text, before);
    await page.done();
  });

  test("the keyboard alone reaches the content, the menus and back", async () => {
    const page = await browser.open("/");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate("document.activeElement.className"), "skip");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate("document.activeElement.id"), "main");
    await page.keyboard.press("/");
    assert.equal(await page.evaluate("document.activeElement.type"), "search");
    await page.done();
    const narrow = await browser.open("/", { width: 390 });
    await narrow.focus(".burger summary");
    await narrow.keyboard.press("Enter");
    assert.ok(await narrow.isVisible(".burger-sheet"));
    await narrow.keyboard.press("Escape");
    assert.ok(!(await narrow.isVisible(".burger-sheet")));
    assert.equal(await narrow.evaluate("document.activeElement.tagName"), "SUMMARY");
    await narrow.done();
  });

  test("what has the focus can be seen", async () => {
    const page = await browser.open("/resources");
    for (let i = 0; i < 25; i++) {
      await page.keyboard.press("Tab");
      const shown = await page.evaluate(() => {
        const element = document.activeElement;
        const outlined = (e) => parseFloat(getComputedStyle(e).outlineWidth) > 1 && getComputedStyle(e).outlineStyle !== "none";
        const ring = element.closest("form.search"); // the search field's ring is drawn around its whole box
        return element === document.body || outlined(element) || outlined(element.parentElement) || (ring && outlined(ring)) || element.tagName;
      });
      assert.equal(shown, true, `step ${i}`);
    }
    await page.done();
  });

  test("a wrong sign-in says so and keeps what was typed", async () => {
    const page = await browser.open("/sign-in");
    await page.fill("#f-login", "nobody@demo.qiao");
    await page.fill("#f-password", "wrong password");
    await page.press("#f-password", "Enter");
    await page.locator(".summary").waitFor();
    assert.equal(await page.inputValue("#f-login"), "nobody@demo.qiao");
    await page.done();
  });

  test("a dropped line shows the offline page", async () => {
    const page = await browser.open("/resources", { serviceWorkers: "allow" });
    await page.evaluate("navigator.serviceWorker.ready.then((r) => r.active && true)");
    await page.context().setOffline(true);
    await page.goto(browser.base + "/needs");
    assert.match(await page.textContent("main"), /网络已断开/);
    await page.done();
  });
});
