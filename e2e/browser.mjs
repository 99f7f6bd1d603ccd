// A browser for the tests: opens pages as somebody, at a width, in a mode, and looks for what is wrong with them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { chromium } from "playwright-core";
import { start } from "./server.mjs";

const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
// only what is wrong is told: naming every element that is right takes axe half of its time
const how = JSON.stringify({ runOnly: rules, resultTypes: ["violations"], preload: { assets: ["media"] } });
const password = "qiao-demo-2026";

export class Browser {
  /** Starts the program and a browser; flags are added to those of every test. */
  static async launch({ flags: more = [] } = {}) {
    const server = await start();
    const chrome = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: [...flags, ...more] });
    return new Browser(server, chrome);
  }

  constructor(server, chrome) {
    Object.assign(this, { server, chrome, base: server.base, sessions: new Map(), addresses: new Map(), icons: undefined });
  }

  async close() {
    await this.chrome.close();
    await this.server.stop();
  }

  /** Opens a page. as: a demo login ("firm"); cookies: display preferences; */
  async open(path, { as, width = 1440, js = true, cookies = {}, serviceWorkers = "block" } = {}) {
    const context = await this.chrome.newContext({
      viewport: { width, height: 900 }, javaScriptEnabled: js, locale: "zh-CN", reducedMotion: "reduce", serviceWorkers,
      storageState: as ? await this.session(as) : undefined,
    });
    await context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: this.base })));
    const page = await context.newPage();
    page.problems = [];
    page.on("console", (message) => message.type() === "error" && page.problems.push(`${message.text()} ${message.location().url ?? ""}`));
    page.on("pageerror", (error) => page.problems.push(String(error)));
    page.answer = await page.goto(this.base + path, { waitUntil: "load" });
    page.done = () => context.close();
    return page;
  }

  /** Signs in once for each login and keeps the cookies. */
  session(login) {
    if (!this.sessions.has(login)) this.sessions.set(login, this.signIn(login));
    return this.sessions.get(login);
  }

  async signIn(login) {
    const page = await this.open("/sign-in");
    await page.fill("#f-login", `${login}@demo.qiao`);
    await page.fill("#f-password", password);
    await Promise.all([page.waitForURL((url) => url.pathname !== "/sign-in"), page.press("#f-password", "Enter")]);
    const state = await page.context().storageState();
    await page.done();
    return state;
  }

  /** Finds the address of a page: given, or by following the first link of its kind from another page. */
  async address({ path, from, link, then, add = "", as }) {
    if (path) return path;
    const href = await this.firstLink(from, link, as);
    const found = then ? await this.firstLink(href, then, as) : href;
    return (add.startsWith("/") ? found.replace(/[?#].*$/, "") : found) + add;
  }

  /** The address of the first such link on a page, looked up once. */
  firstLink(from, link, as) {
    const asked = JSON.stringify([from, link, as]);
    if (!this.addresses.has(asked)) this.addresses.set(asked, this.lookUp(from, link, as));
    return this.addresses.get(asked);
  }

  async lookUp(from, link, as) {
    const page = await this.open(from, { as });
    const href = await page.locator(link).first().getAttribute("href", { timeout: 5000 }).catch(() => null);
    await page.done();
    assert.ok(href, `no link ${link} on ${from}`);
    return href;
  }

  /** Looks a page over: status, accessibility, messages of the console, sideways scroll, icons, inline styles. */
  async inspect(page, { status = 200 } = {}) {
    assert.equal(page.answer.status(), status, "status of " + page.url());
    assert.doesNotMatch(await page.answer.text(), /<[^>]+\sstyle=/, "a style attribute, which the CSP forbids");
    const over = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    const wide = over > 0 ? await page.evaluate(`[...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 4).map((e) => e.tagName + "." + e.className)`) : [];
    assert.ok(over <= 0, `${over} px wider than the screen: ${wide}`);
    assert.deepEqual(await this.missingIcons(page), [], "icons that are not in the sprite");
    // bars that stay at the edge of the screen must not hide the middle of a long page from axe
    const height = await page.evaluate("document.documentElement.scrollHeight");
    await page.setViewportSize({ width: page.viewportSize().width, height: Math.min(Math.max(height, 900), 12_000) });
    const violations = await page.evaluate(`${axe}; axe.run(document, ${how}).then((r) => r.violations.map((v) =>
      v.id + ", " + v.nodes.length + " times: " + v.nodes.slice(0, 3).map((n) => n.target + " " + (n.any[0]?.message ?? n.failureSummary)).join(" | ")))`);
    assert.deepEqual(violations, []);
    const expected = status === 200 ? [] : page.problems.filter((p) => p.includes(`status of ${status}`));
    assert.deepEqual(page.problems.filter((p) => !expected.includes(p)), [], "messages of the console");
  }

  async missingIcons(page) {
    const used = await page.evaluate(`[...new Set([...document.querySelectorAll("use")].map((u) => u.getAttribute("href")))]`);
    if (!this.icons && used.length) {
      const sprite = await (await fetch(this.base + used[0].split("#")[0])).text();
      this.icons = new Set([...sprite.matchAll(/id="([^"]+)"/g)].map((match) => match[1]));
    }
    return used.map((href) => href.split("#")[1]).filter((name) => !this.icons.has(name));
  }

  /** Keeps a picture of the whole page in the folder SHOTS, when that is set. */
  async shot(page, name) {
    if (!process.env.SHOTS) return;
    await mkdir(process.env.SHOTS, { recursive: true });
    await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });
  }
}
