// Two platforms on one machine: another region founds its own with `qiao setup`, publishes its resources, and our operator
// harvests them in the browser, sees what a second harvest changes, and takes a harvest back.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { Browser } from "./browser.mjs";
import { serve } from "./server.mjs";

const name = "示例·透射电子显微镜（邻区）";
let browser, other, token;

/** Calls the API of the other platform. */
async function call(method, path, body, headers = {}) {
  const answer = await fetch(other.base + path, { method, body: body && JSON.stringify(body), headers: { "content-type": "application/json", authorization: "Bearer " + token, "idempotency-key": randomUUID(), ...headers } });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : {};
}

before(async () => {
  [browser, other] = await Promise.all([Browser.launch(), serve("--region", "330500")]);
  const said = await other.run("setup", "--name", "示例·邻区科技局", "--login", "wang@example.cn", "--region", "330500", "--capacities", "operator,authority,provider");
  assert.match(said, /sign in as wang@example.cn with the password \S{20,}/);
  assert.match(await other.run("setup", "--name", "示例·邻区科技局", "--login", "wang@example.cn", "--region", "330500"), /keeps the password/, "a second setup");
  token = (await other.run("token", "--login", "wang@example.cn")).trim();
});
after(async () => {
  await browser?.close();
  await other?.stop();
});

/** Waits until a harvest has ended as the words say. */
async function ended(page, words) {
  for (let tries = 0; tries < 60; tries++) {
    if ((await page.locator("h1").locator("xpath=..").innerText()).includes(words)) return;
    await page.waitForTimeout(500);
    await page.reload();
  }
  assert.fail(`not ${words}: ` + (await page.locator("main").innerText()));
}

/** The figure beside a label of the page. */
const figure = async (page, label) => (await page.locator("dt", { hasText: label }).first().locator("xpath=following-sibling::dd[1]").innerText()).trim();

/** Looks over the page as it stands. */
async function look(page) {
  page.answer = await page.reload();
  await browser.inspect(page);
}

test("an operator harvests another platform, again, and takes it back", { timeout: 120_000 }, async () => {
  const made = await call("POST", "/api/v1/resources", { kind: "instrument", name_zh: name, class: "0101", fields: {} });
  const page = await browser.open("/desk/sources", { as: "operator" });
  const fill = async (fields) => {
    for (const [key, value] of Object.entries(fields)) await page.fill(`[name=${key}]`, value);
  };
  const send = (label) => Promise.all([page.waitForLoadState("load"), page.getByRole("button", { name: label }).click()]);

  await fill({ name: "示例·邻区平台", address: "http://192.0.2.1/oai", licence: "CC0-1.0", hours: "0" }); // by hand only: the schedule would be first
  await send("询问对方并登记");
  const refused = await page.locator("main").innerText();
  assert.match(refused, /演示环境不向本机以外发送任何请求/, "an address outside the machine");
  assert.equal(await page.inputValue("[name=name]"), "示例·邻区平台", "nothing typed is lost");
  page.problems = []; // the 422 that was meant to come

  await fill({ address: other.base + "/oai" });
  await send("询问对方并登记");
  await page.waitForURL(/\/desk\/sources\/[0-9a-f-]+$/);
  await look(page);
  await browser.shot(page, "source");
  const source = page.url();

  await send("现在收录");
  await page.waitForURL(/\/desk\/harvests\//);
  await ended(page, "已完成");
  assert.equal(await figure(page, "新增"), "1", await page.locator("main").innerText());
  await page.setViewportSize({ width: 390, height: 900 });
  await look(page);
  await browser.shot(page, "harvest");
  await page.setViewportSize({ width: 1440, height: 900 });

  await page.goto(browser.base + "/resources?q=" + encodeURIComponent("透射电子显微镜（邻区）"));
  await page.getByRole("link", { name }).first().click();
  assert.match(await page.locator("main").innerText(), /示例·邻区科技局/);

  await call("PUT", "/api/v1/resources/" + made.id, { kind: "instrument", name_zh: name + "二号", class: "0101", fields: {} }, { "if-match": '"' + made.revision + '"' });
  await page.goto(source);
  await send("现在收录");
  await page.waitForURL(/\/desk\/harvests\//);
  await ended(page, "已完成");
  assert.deepEqual([await figure(page, "新增"), await figure(page, "更新")], ["0", "1"]);

  await page.getByRole("button", { name: "撤销这次收录" }).click();
  await send("确认撤销");
  await ended(page, "收录已撤销");
  await browser.shot(page, "harvest-undone");
  assert.deepEqual(page.problems, [], "messages of the console");
  await page.done();
});
