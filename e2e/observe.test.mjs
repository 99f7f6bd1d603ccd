// Remote observation in a real browser with a made-up camera: somebody in the laboratory goes live, three watch who are asked
// for no device, a stranger with the link is refused, and access ends with the session. `node --test e2e/observe.test.mjs`.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Browser } from "./browser.mjs";

const patient = { timeout: 30_000 };
const most = Number(process.env.FIRST_FRAME_MS ?? 3000);
let browser;
let room;
const open = []; // pages that stay open from one test to the next

before(async () => {
  browser = await Browser.launch({ flags: ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection", "--autoplay-policy=no-user-gesture-required"] });
  room = await browser.firstLink("/desk/observe", "main th a", "firm");
});
after(async () => {
  for (const page of open) await page.done();
  await browser?.close();
});

/** Opens a page that counts how often it asks for a device. */
async function visit(path, as, options = {}) {
  const page = await browser.open("/offline", { as, ...options });
  await page.addInitScript(() => {
    window.asked = 0;
    const real = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
    if (real) navigator.mediaDevices.getUserMedia = (wish) => ((window.asked += 1), real(wish));
  });
  page.answer = await page.goto(browser.base + path, { waitUntil: "load" });
  open.push(page);
  return page;
}

const says = (page, what) => page.locator(`[data-state=${what}]`).waitFor({ state: "attached", ...patient });

describe("remote observation", { concurrency: 1 }, () => {
  let camera;
  const viewers = [];

  test("somebody in the laboratory goes live", { timeout: 90_000 }, async () => {
    camera = await visit(room + "/camera", "lab");
    assert.match(camera.answer.headers()["permissions-policy"], /camera=\(self\)/);
    await says(camera, "ready");
    await camera.getByRole("button", { name: "开始直播" }).click();
    await says(camera, "live");
  });

  test("three watch: the first picture comes in time, and nobody is asked for a camera or a microphone", { timeout: 120_000 }, async (t) => {
    for (const as of ["firm", "firm", "lab"]) {
      const page = await visit(room, as);
      viewers.push(page);
      await says(page, "live");
      const took = Number(await page.locator("live-watch").getAttribute("data-first"));
      t.diagnostic(`first picture of viewer ${viewers.length} after ${took} ms`);
      assert.ok(took <= most, `${took} ms until the first picture`);
    }
    for (const page of viewers) {
      assert.match(page.answer.headers()["permissions-policy"], /camera=\(\), microphone=\(\)/);
      assert.equal(await page.evaluate("window.asked"), 0);
      await page.waitForFunction(() => {
        const video = document.querySelector("live-watch video");
        return video.videoWidth > 100 && video.getVideoPlaybackQuality().totalVideoFrames > 20;
      }, undefined, patient);
    }
  });

  test("a stranger with the link is refused, on the page and at the door", { timeout: 60_000 }, async () => {
    const stranger = await visit(room, "firm2");
    assert.equal(stranger.answer.status(), 403);
    const status = await stranger.evaluate(async (url) => (await fetch(url, { method: "POST", headers: { "Content-Type": "application/sdp" }, body: "v=0" })).status, room + "/whep");
    assert.equal(status, 403);
    const visitor = await fetch(browser.base + room + "/whep", { method: "POST", headers: { "Content-Type": "application/sdp" }, body: "v=0", redirect: "manual" });
    assert.equal(visitor.status, 401);
    const publish = await viewers[0].evaluate(async (url) => (await fetch(url, { method: "POST", headers: { "Content-Type": "application/sdp" }, body: "v=0" })).status, room + "/whip");
    assert.equal(publish, 403, "the buyer's people send no picture");
  });

  test("a snapshot and a note are among the notes of both sides", { timeout: 60_000 }, async () => {
    await viewers[0].locator("#note-form textarea").fill("第三块试样左边起了一个泡");
    await viewers[0].locator("live-watch [data-do=shot]").click();
    await says(viewers[0], "saved");
    for (const page of [viewers[0], camera]) {
      const note = page.locator("#room-notes li", { hasText: "第三块试样左边起了一个泡" });
      await note.waitFor(patient);
      await note.locator("img").waitFor(patient);
      assert.ok((await note.locator("img").evaluate((img) => img.decode().then(() => img.naturalWidth))) > 100);
    }
  });

  test("a recording is made while both sides agree, and both see it; a word taken back ends it unkept", { timeout: 90_000 }, async () => {
    const record = camera.locator("live-camera [data-do=record]");
    const tapes = camera.locator("#room-recording li");
    assert.ok(!(await record.isVisible()), "nobody has agreed yet");
    await camera.getByRole("button", { name: "同意录像" }).click();
    await viewers[0].getByRole("button", { name: "同意录像" }).click();
    await record.click(patient);
    await says(camera, "recording");
    await camera.waitForTimeout(1500);
    await record.click();
    await says(camera, "live");
    await tapes.first().waitFor(patient);
    const kept = await viewers[0].locator("#room-recording li a").first().getAttribute("href", patient);
    const seen = await viewers[0].evaluate(async (url) => {
      const answer = await fetch(url);
      const video = document.createElement("video");
      video.src = url;
      await new Promise((done, failed) => Object.assign(video, { onloadeddata: done, onerror: () => failed(video.error) }));
      return [answer.status, answer.headers.get("content-type"), video.videoWidth > 100];
    }, kept);
    assert.deepEqual(seen, [200, "video/webm", true]);
    const stranger = await browser.open("/", { as: "firm2" });
    assert.equal(await stranger.evaluate(async (url) => (await fetch(url)).status, kept), 403);
    await stranger.done();

    await record.click();
    await says(camera, "recording");
    await viewers[0].getByRole("button", { name: "撤回同意" }).click();
    await record.waitFor({ state: "hidden", ...patient });
    await says(camera, "live");
    await camera.waitForTimeout(2500);
    assert.equal(await tapes.count(), 1, "what was being recorded when the word was taken back is not kept");
  });

  test("a watcher speaks where the laboratory permits it, and only after asking to", { timeout: 90_000 }, async () => {
    const speaker = await visit(room + "?talk=1", "firm");
    assert.match(speaker.answer.headers()["permissions-policy"], /camera=\(\), microphone=\(self\)/);
    await says(speaker, "live");
    assert.equal(await speaker.evaluate("window.asked"), 0);
    await speaker.locator("live-watch [data-do=talk]").click();
    await says(speaker, "talking");
    await camera.waitForFunction(() => document.querySelector("live-camera audio").srcObject?.getAudioTracks().some((track) => !track.muted), undefined, patient);
    await camera.getByRole("button", { name: "关闭对话" }).click();
    await speaker.locator("live-watch:not([data-state=talking])").waitFor({ state: "attached", ...patient });
    await says(camera, "live");
  });

  test("who is shown out sees no more", { timeout: 60_000 }, async () => {
    await camera.getByRole("button", { name: /请 示例·李创新 离开/ }).click();
    for (const page of viewers.slice(0, 2)) await says(page, "refused");
    assert.equal(await viewers[0].evaluate("document.querySelector('video').srcObject"), null);
    await camera.getByRole("button", { name: /允许 示例·李创新 再进来/ }).click();
    await viewers[0].reload();
    await says(viewers[0], "live");
  });

  test("without JavaScript the page says what else there is, and a note can be written", { timeout: 60_000 }, async () => {
    const page = await browser.open(room, { as: "firm", js: false });
    await page.getByText("实时画面要用到 JavaScript").waitFor(patient);
    await page.locator("#note-form textarea").fill("不用脚本写的一条");
    await page.getByRole("button", { name: "记下" }).click();
    await page.locator("#room-notes", { hasText: "不用脚本写的一条" }).waitFor(patient);
    await page.done();
  });

  test("access ends with the session", { timeout: 60_000 }, async () => {
    const lab = await visit(room, "lab");
    await lab.getByRole("button", { name: "现在结束" }).click();
    await lab.getByRole("button", { name: "结束", exact: true }).click();
    await lab.getByText("这一场已经结束").first().waitFor(patient);
    for (const page of [viewers[0], viewers[2], camera]) {
      await page.waitForFunction(() => !document.querySelector("live-watch, live-camera"), undefined, patient);
      assert.equal(await page.locator("video").count(), 0);
    }
    const status = await viewers[0].evaluate(async (url) => (await fetch(url, { method: "POST", headers: { "Content-Type": "application/sdp" }, body: "v=0" })).status, room + "/whep");
    assert.equal(status, 409);
    assert.match(await lab.locator("#room-visits").innerText(), /直播|live/);
  });
});
