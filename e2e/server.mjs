// The program under test: bin/qiao with the demo region on a fresh data folder, or a running one at BASE.
import { execFile, spawn } from "node:child_process";
import { cp, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const command = promisify(execFile);

const patience = 120_000; // loading the demo on a busy machine

/** The program with the demo region, which may reach other programs of this machine; or the one at BASE. */
export async function start() {
  if (process.env.BASE) return { base: process.env.BASE, stop: async () => {} };
  const data = await mkdtemp(join(tmpdir(), "qiao-e2e-"));
  await cp(await loaded(), data, { recursive: true });
  return run(data, "--demo", "--fetch-private");
}

/** A data folder with the demo region, loaded by the first who asks for it, once a build of the program and an hour: its days begin today. */
async function loaded() {
  const { mtimeMs, size } = await stat("bin/qiao");
  const name = "qiao-e2e-demo-";
  const folder = join(tmpdir(), `${name}${Math.round(mtimeMs)}-${size}-${new Date().toISOString().slice(0, 13)}`);
  if (await stat(folder).catch(() => undefined)) return folder;
  for (const old of (await readdir(tmpdir())).filter((entry) => entry.startsWith(name)).map((entry) => join(tmpdir(), entry)))
    if (Date.now() - (await stat(old)).mtimeMs > 7_200_000) await rm(old, { recursive: true, force: true });
  const data = await mkdtemp(join(tmpdir(), "qiao-e2e-"));
  const program = await run(data, "--demo");
  await program.stop(folder);
  return folder;
}

/** Starts the program on an empty folder. */
export async function serve(...flags) {
  return run(await mkdtemp(join(tmpdir(), "qiao-e2e-")), ...flags);
}

/** Starts the program and tells its address; run calls another command beside it; stop ends it and removes its data, or keeps them elsewhere. */
async function run(data, ...flags) {
  const program = spawn("bin/qiao", ["serve", "--listen", "127.0.0.1:0", "--data", data, ...flags], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((resolve) => program.on("close", resolve));
  const said = [];
  const base = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the server did not start:\n" + said.join("\n"))), patience);
    ended.then((code) => reject(new Error(`the server ended with ${code}:\n${said.join("\n")}`)));
    program.on("error", reject);
    createInterface(program.stderr).on("line", (line) => {
      said.push(line);
      const url = /listening url=(\S+)/.exec(line)?.[1];
      if (url) resolve(url), clearTimeout(timer);
    });
  });
  await ready(base);
  return {
    base,
    run: async (...args) => (await command("bin/qiao", [...args, "--data", data])).stdout,
    stop: async (keep) => {
      program.kill("SIGTERM");
      await ended;
      if (keep) await rename(data, keep).catch(() => {}); // another was faster
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function ready(base) {
  for (const end = Date.now() + patience; Date.now() < end; ) {
    const answer = await fetch(base + "/readyz").catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("the server is not ready");
}
