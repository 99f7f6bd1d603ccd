// A person at the browser: reads, types and presses what is on the page, and minds what goes wrong with it.
import assert from "node:assert/strict";

const patience = 15_000; // for a page on a busy machine

export class Person {
  /** Sits down at a browser. as: a login; width and cookies as Browser.open takes them. */
  static async arrive(browser, path = "/", options = {}) {
    const page = await browser.open(path, options);
    page.setDefaultTimeout(patience);
    return new Person(browser, page);
  }

  constructor(browser, page) {
    Object.assign(this, { browser, page, main: page.locator("main") });
  }

  go(path) {
    return this.page.goto(this.browser.base + path);
  }

  /** Waits for a text, then for a page that fits the screen. */
  async sees(...texts) {
    for (const text of texts) await this.page.getByText(text).filter({ visible: true }).first().waitFor();
    const over = await this.page.evaluate("document.documentElement.scrollWidth - innerWidth");
    assert.ok(over <= 0, `${over} px wider than the screen: ${this.page.url()}`);
  }

  /** Waits for the title of a page. */
  async on(title) {
    await this.page.getByRole("heading", { level: 1, name: title }).waitFor();
    await this.sees(title);
  }

  field(label) {
    return this.main.getByLabel(label).filter({ visible: true }).first();
  }

  type(label, text) {
    return this.field(label).fill(text);
  }

  async fill(fields) {
    for (const [label, text] of Object.entries(fields)) await this.type(label, text);
  }

  async typed(fields) {
    for (const [label, text] of Object.entries(fields)) assert.equal(await this.field(label).inputValue(), text, label);
  }

  tick(label) {
    return this.main.getByLabel(label).check();
  }

  press(name, options = {}) {
    return this.main.getByRole("button", { name, ...options }).first().click();
  }

  follow(name) {
    return this.main.getByRole("link", { name }).first().click();
  }

  unfold(name) {
    return this.main.locator("summary").filter({ hasText: name }).click();
  }

  row(text) {
    return this.main.getByRole("row").filter({ hasText: text });
  }

  text() {
    return this.main.innerText();
  }

  path() {
    return new URL(this.page.url()).pathname;
  }

  /** Gets up; status is the one refusal that was meant to happen. */
  async leaves(status) {
    const meant = (problem) => status !== undefined && problem.includes(`status of ${status}`);
    await this.browser.shot(this.page, `story${this.path().replaceAll("/", "-")}-${this.page.viewportSize().width}`);
    await this.page.done();
    assert.deepEqual(this.page.problems.filter((problem) => !meant(problem)), [], "messages of the console");
  }
}
